import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct LogScreenTests {
  private func history() -> Scene {
    var scene = Scene.one()
    scene.send(.removed(Samples.source()))
    scene.insert(Samples.key())
    scene.send(.failed(Samples.source(), Failure(.cardMute)))
    return scene
  }

  @Test(arguments: Language.allCases)
  func looks(_ language: Language) throws {
    var scene = Scene.one(language)
    scene.send(.removed(Samples.source()))
    scene.press(.character("l"))
    try Golden.check("log", scene, language.rawValue)
  }

  @Test func tellsWhatHappenedInOrder() {
    var scene = history()
    scene.press(.character("l"))
    let text = scene.screen
    for word in ["已插入", "已拔出", "UK-121"] { #expect(text.contains(word), "\(word)") }
    #expect(text.contains("00:00:00") && text.contains("2026-11-24"))
    scene.press(.character("l"))
    #expect(scene.state.isMainOnTop)
  }

  /// Why a key did nothing is no event.
  @Test func hintsAreNotLogged() {
    var scene = Scene()
    scene.press(.function(2))
    #expect(scene.state.world.message != nil && scene.state.world.log.isEmpty)
  }

  @Test func whatIsTypedIsNotInIt() throws {
    var scene = Scene.one()
    scene.press(.function(2))
    let query = try #require(scene.query)
    scene.reply(.pin(.prepared(query, .ready(try Scene.ready()))))
    scene.type("97531864")
    scene.press(.escape, .character("l"))
    #expect(!scene.screen.contains("97531864"))
  }

  @Test func growsToALimitAndCanBeScrolled() {
    var scene = Scene.one()
    for _ in 0..<700 {
      scene.send(.removed(Samples.source()))
      scene.insert(Samples.key())
    }
    #expect(scene.state.world.log.count == World.logLimit && scene.state.world.logged > World.logLimit)
    scene.press(.character("l"))
    let newest = scene.screen
    scene.press(.home)
    #expect(scene.screen != newest)
    scene.press(.end)
    #expect(scene.screen == newest)
  }
}
