import Failures
import TerminalKit
import Testing
import Wording

@testable import ManagerApp

@Suite struct HelpGoldenTests {
  @Test(arguments: Language.allCases)
  func help(_ language: Language) throws {
    var scene = Scene.one(language)
    scene.press(.function(1))
    try Golden.check("help-\(language)", scene)
  }
}

@Suite struct HelpScreenTests {
  /// The list is of the screen under it as it is now.
  @Test func followsTheScreenUnderIt() throws {
    var scene = Scene.one()
    scene.press(.function(2))
    let query = try #require(scene.query)
    scene.press(.function(1))
    #expect(!scene.screen.contains("上一项"))
    scene.reply(.pin(.prepared(query, .ready(try Scene.ready()))))
    #expect(scene.screen.contains("上一项"))
    // Its screen goes with the key, and the help is then of the main window.
    scene.send(.removed(Samples.source()))
    #expect(scene.kind == .help && scene.screen.contains("(登录自检)  没有选中 U-Key"))
  }
}
