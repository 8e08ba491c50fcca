import Failures
import TerminalKit
import Testing
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

extension Scene {
  /// The export of the last effects.
  var exportJob: ExportJob? {
    for case .export(let job) in effects { return job }
    return nil
  }
}
