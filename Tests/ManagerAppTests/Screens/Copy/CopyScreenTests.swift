import CertificateKit
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct CopyGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func menu(_ language: Language, _ size: (Int, Int)) throws {
    var scene = Scene.one(language, width: size.0, height: size.1)
    scene.press(.character("y"))
    scene.reply(.copy(.fingerprint("AB:CD:EF")))
    try Golden.check("copy", scene, size: size, telling: ["copy"], "\(language)")
  }
}

@Suite struct CopyScreenTests {
  private func copied(_ scene: Scene) -> String? {
    for case .copy(let text) in scene.effects { return text }
    return nil
  }

  private func opened() -> Scene {
    var scene = Scene.one()
    scene.press(.character("y"))
    return scene
  }

  @Test func oneKeyCopiesAValue() {
    for (key, text) in [("1", "深圳市示例建设工程有限公司"), ("2", "9144030071526726XG"), ("3", "35:A1:09:7F:00:11:22:33")] {
      var scene = opened()
      scene.press(.character(Unicode.Scalar(key) ?? "0"))
      #expect(copied(scene) == text)
      #expect(scene.state.isMainOnTop && scene.state.world.message?.style == .ok)
    }
  }

  /// All that support asks for, with the fingerprint once it is known, and no PIN nor its state.
  @Test func allOfItInLines() throws {
    var scene = opened()
    #expect(scene.effects.contains { if case .fingerprint = $0 { true } else { false } })
    scene.reply(.copy(.fingerprint("AB:CD")))
    scene.press(.character("9"))
    let text = try #require(copied(scene))
    for part in ["深圳市示例建设", "9144030071526726XG", "35:A1:09", "AB:CD", "E3000GM-00412"] { #expect(text.contains(part)) }
    #expect(!text.contains("密码"))
  }

  @Test func whatIsNotReckonedYetIsNotCopied() {
    var scene = opened()
    scene.press(.character("6"))
    #expect(copied(scene) == nil && scene.screen.contains("还没有算好"))
  }

  @Test func overSSHItIsAskedOnce() {
    var scene = Scene.one()
    scene.state.world.isRemote = true
    scene.press(.character("y"), .character("1"))
    #expect(copied(scene) == nil && scene.screen.contains("ssh"))
    scene.press(.character("1"))
    #expect(copied(scene) != nil)
    scene.press(.character("y"), .character("2"))
    #expect(copied(scene) != nil)
  }

  @Test func aTerminalWithoutClipboardSaysSo() {
    var scene = opened()
    scene.state.world.hasClipboard = false
    scene.press(.enter)
    #expect(copied(scene) == nil && scene.screen.contains("没有剪贴板"))
  }

  @Test func goesWithItsKey() {
    var scene = opened()
    scene.send(.removed(Samples.source()))
    #expect(scene.state.isMainOnTop)
    scene.press(.character("y"))
    #expect(scene.state.isMainOnTop)
  }
}
