import CertificateKit
import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct ExportGoldenTests {
  @Test(arguments: Language.allCases)
  func export(_ language: Language) throws {
    var scene = Scene.one(language)
    scene.press(.enter)
    scene.describe()
    scene.press(.end, .function(6))
    try Golden.check("export-\(language)", scene)
    scene.press(.enter)
    scene.reply(.export(.exported(.exists)))
    try Golden.check("export-exists-\(language)", scene)
    scene.press(.character("y"))
    scene.reply(.export(.exported(.failed(Failure(.fileWrite, function: "open", number: .errno(13))))))
    try Golden.check("export-failed-\(language)", scene)
  }
}

@Suite struct ExportScreenTests {
  @Test func whatBecameOfItIsToldThoughTheDialogWasLeft() {
    var scene = Scene.one()
    scene.press(.function(6), .enter)
    #expect(scene.exportJob != nil)
    let id = scene.state.top.id
    scene.press(.escape, .function(6))
    scene.reply(.export(.exported(.written("/tmp/a.pem"))), to: id)
    #expect(scene.state.world.message?.text == "✓ 已导出：/tmp/a.pem")
    // The dialog that is open now has not written anything.
    #expect(scene.kind == .export)
  }
}

extension ExportScreenTests {
  /// Two keys, three certificates of which two are one.
  private func opened() -> Scene {
    var scene = Scene.one()
    scene.insert(Samples.piv(Samples.source(1, reader: "Example PIV Reader 01 00")))
    scene.press(.home, .down, .character("e"))
    return scene
  }

  private func export(_ scene: Scene) -> ExportScreen? {
    scene.topmost { if case .export(let screen) = $0 { screen } else { nil } }
  }

  private func many(_ scene: Scene) -> ExportManyJob? {
    for case .exportMany(let job) in scene.effects { return job }
    return nil
  }

  @Test func thisKeyAndAllAreFoldersOrLists() throws {
    var scene = opened()
    let one = try #require(export(scene)?.path.text)
    #expect(one.hasSuffix(".pem"))
    scene.press(.backTab, .backTab, .right)
    #expect(export(scene)?.scope == .key && export(scene)?.path.text == "U-Key-E3000GM_00412")
    #expect(scene.screen.contains("文件夹") && scene.screen.contains("2 张"))
    var key = scene
    key.press(.enter)
    #expect(many(key)?.snapshots.map(\.source) == [Samples.source()] && many(key)?.form == .pem)
    scene.press(.right)
    #expect(export(scene)?.path.text == "certificates")
    scene.press(.down, .left)
    #expect(export(scene)?.form == .json && export(scene)?.path.text == "certificates.json")
    scene.press(.enter)
    #expect(many(scene)?.snapshots.count == 2 && many(scene)?.only == nil && many(scene)?.overwrite == false)
    scene.reply(.export(.exported(.exists)))
    scene.press(.character("y"))
    #expect(many(scene)?.overwrite == true)
  }

  @Test func aListOfOneCertificateIsAboutThatOne() throws {
    var scene = opened()
    scene.press(.backTab, .left, .left, .enter)
    let job = try #require(many(scene))
    #expect(job.form == .csv && job.only == export(scene)?.place && job.path.hasSuffix(".csv"))
  }

  /// A name that was typed stays; its ending follows while it is the usual one.
  @Test func aTypedNameIsThePersons() {
    var scene = opened()
    scene.press(.control("u"))
    scene.type("a.pem")
    scene.press(.function(2))
    #expect(export(scene)?.path.text == "a.cer")
    scene.press(.backTab, .backTab, .right)
    #expect(export(scene)?.path.text == "a.cer")
  }

  @Test func everyFileIsThereUnderANameOfItsOwn() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ukey-many-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let snapshots = [Samples.key(), Samples.key(Samples.source(1)), Samples.piv(Samples.source(2))]
    var job = ExportManyJob(
      snapshots: snapshots, only: nil, form: .pem, language: .zh, path: "'" + folder + "' ", overwrite: false)
    let list: @Sendable ([TokenSnapshot], CertificatePlace?, ListForm) -> String = { keys, _, form in
      "\(keys.count) \(form)"
    }
    #expect(job.carryOut(list: list) == .written(folder))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    // What two keys hold alike is one file.
    #expect(names.filter { $0.hasSuffix(".pem") }.count == 4 && names.contains("certificates.csv"))
    #expect(try String(contentsOfFile: folder + "/certificates.csv", encoding: .utf8) == "3 csv")
    #expect(job.carryOut(list: list) == .exists)
    job.overwrite = true
    #expect(job.carryOut(list: list) == .written(folder))
    job.form = .json
    job.path = folder + "/list.json"
    #expect(job.carryOut(list: list) == .written(folder + "/list.json"))
    #expect(try String(contentsOfFile: folder + "/list.json", encoding: .utf8) == "3 json")
    job.path = folder + "/no/such/list.json"
    guard case .failed(let failure) = job.carryOut(list: list) else {
      Issue.record("it was written")
      return
    }
    #expect(failure.code == .fileWrite)
  }
}

extension Scene {
  /// The export of the last effects.
  var exportJob: ExportJob? {
    for case .export(let job) in effects { return job }
    return nil
  }
}
