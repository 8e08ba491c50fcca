import CertificateKit
import Failures
import TerminalKit
import Testing
import Wording

@testable import ManagerApp

@Suite struct DetailGoldenTests {
  @Test(arguments: Language.allCases)
  func detail(_ language: Language) throws {
    var scene = Scene.one(language)
    scene.press(.enter)
    scene.describe()
    try Golden.check("detail-\(language)", scene)
    scene.press(.end)
    try Golden.check("detail-end-\(language)", scene)
  }
}

@Suite struct DetailScreenTests {
  /// OpenSSL is asked in an effect; until it has answered the screen is there already.
  @Test func isThereBeforeItsText() {
    var scene = Scene.one()
    scene.press(.enter)
    let certificate = Samples.certificate()
    #expect(scene.effects == [.describe(certificate), .verify(certificate)])
    #expect(scene.screen.contains("深圳市示例建设工程有限公司") && scene.detail?.description == nil)
  }

  /// The details name F2 and F3; a key that a screen names works there.
  @Test func theKeysThatItNamesWork() {
    for key in [Key.function(2), .function(3), .function(4), .function(5), .function(6)] {
      var scene = Scene.one()
      scene.press(.enter)
      scene.describe()
      let depth = scene.state.stack.count
      scene.press(key)
      #expect(scene.state.stack.count == depth + 1, "\(key)")
    }
  }

  /// The same certificate opened again is another screen.
  @Test func aLateVerdictDoesNotReachAnotherScreen() {
    var scene = Scene.one()
    scene.press(.enter)
    let first = scene.state.top.id
    scene.press(.escape, .enter)
    scene.reply(.detail(.verdict(.trusted(path: []))), to: first)
    #expect(scene.detail?.verdict == nil)
    scene.reply(.detail(.verdict(.trusted(path: []))))
    #expect(scene.detail?.verdict == .trusted(path: []))
  }
}

extension Scene {
  fileprivate var detail: DetailScreen? { topmost { if case .detail(let screen) = $0 { screen } else { nil } } }
}
