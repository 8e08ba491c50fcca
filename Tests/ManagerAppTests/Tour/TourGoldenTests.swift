import Foundation
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import DiagnosisKit
@testable import ManagerApp

/// The moving picture of the README, made of the window's own screens: a key is put in, its PIN changed, the login
/// examined. After a wanted change it is recorded anew as the other golden pictures are.
@Suite struct TourGoldenTests {
  @Test(arguments: Language.allCases)
  func theReadmeShowsTheWindowAsItIs(_ language: Language) throws {
    let picture = try Self.tour(language).svg
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Docs/pictures/tour.\(language).svg").standardizedFileURL
    if ProcessInfo.processInfo.environment["UKEY_RECORD_GOLDEN"] == "1" {
      try picture.write(to: path, atomically: true, encoding: .utf8)
      return
    }
    #expect(try String(contentsOf: path, encoding: .utf8) == picture, "\(path.lastPathComponent) shows another window")
  }

  private static var keyServiceDown: Finding { Finding(.fault, .keyServiceDown, [Evidence(.port, "51235")]) }

  private static func tour(_ language: Language) throws -> ScreenRecording {
    let isChinese = language == .zh
    func said(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
    var recording = ScreenRecording(title: said("ukey 的管理界面", "The manager of ukey"))
    func show(_ scene: Scene, _ chinese: String, _ english: String, seconds: Double, isStill: Bool = false) {
      recording.add(draw(scene.state), said(chinese, english), seconds: seconds, isStill: isStill)
    }

    var scene = Scene(language)
    scene.send(.service(.running))
    show(scene, "$ ukey", "$ ukey", seconds: 2)
    scene.insert(Samples.key())
    show(scene, "插入 U-Key", "The U-Key is put in", seconds: 4, isStill: true)

    scene.press(.function(2))
    scene.answer(.ready(try Scene.ready()))
    show(scene, "F2 修改密码", "F2 Change the PIN", seconds: 2)
    for (text, chinese, english) in [
      ("123456", "原密码 ⏎", "The old PIN ⏎"), ("9k2Lm81x", "新密码 ⏎", "The new PIN ⏎"), ("9k2Lm81x", "再输一次", "Once more"),
    ] {
      scene.type(text)
      show(scene, chinese, english, seconds: 1.2)
      if chinese.hasSuffix("⏎") { scene.press(.enter) }
    }
    scene.press(.enter)
    show(scene, "⏎", "⏎", seconds: 0.6)
    scene.finish(.changed)
    show(scene, "改好了", "Changed", seconds: 3)
    scene.press(.escape)

    scene.press(.function(4))
    show(scene, "F4 故障诊断", "F4 What is in the way", seconds: 1)
    func walk(_ events: DiagnosisEvent...) {
      for event in events { scene.reply(.diagnosis(.walked(walk: scene.diagnosis?.walk ?? 0, event))) }
    }
    var findings: [CheckID: Finding] = [:]
    for (number, check) in CheckID.allCases.enumerated() {
      walk(.started(check))
      if number % 6 == 5 { show(scene, "F4 故障诊断", "F4 What is in the way", seconds: 0.5) }
      let finding = check == .keyServicePort ? keyServiceDown : Finding(.ok)
      findings[check] = finding
      walk(.found(check, finding))
    }
    let options = DiagnosisOptions(now: Samples.now)
    walk(.ended(DiagnosisResult(findings: findings, only: nil, options: options, microseconds: 2_400_000)))
    show(scene, "卡在哪一步、怎么办", "Which link is broken, and what to do", seconds: 5)
    scene.press(.escape, .function(3))
    show(scene, "F3 办业务", "F3 Business", seconds: 3)
    scene.press(.escape)
    show(scene, "Esc", "Esc", seconds: 2)
    return recording
  }
}
