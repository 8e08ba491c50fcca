import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// The main window against its recordings.
@Suite struct MainGoldenTests {
  @Test(arguments: Language.allCases, [(80, 24), (60, 16), (120, 36), (50, 10)])
  func mainWindow(_ language: Language, _ size: (Int, Int)) throws {
    try Golden.check("main-\(language)-\(size.0)x\(size.1)", .one(language, width: size.0, height: size.1))
  }

  @Test(arguments: Language.allCases)
  func waiting(_ language: Language) throws {
    var scene = Scene(language)
    try Golden.check("starting-\(language)", scene)
    scene.send(.service(.down(Samples.serviceDown)))
    try Golden.check("service-down-\(language)", scene)
    scene.send(.service(.running))
    try Golden.check("no-reader-\(language)", scene)
    scene.send(.readerAdded(Samples.source()))
    try Golden.check("no-key-\(language)", scene)
    scene.send(.inserted(Samples.source(), atr: [0x3B]))
    try Golden.check("reading-\(language)", scene)
    scene.send(.failed(Samples.source(), Failure(.cardMute, function: "SCardConnect", number: .scard(0x8010_0066))))
    try Golden.check("mute-\(language)", scene)
  }

  @Test func severalKeys() throws {
    var scene = Scene.several()
    try Golden.check("several-zh", scene)
    scene.press(.down, .down, .down, .down)
    try Golden.check("several-piv-zh", scene)
    scene.press(.end, .up)
    try Golden.check("several-broken-zh", scene)
    try Golden.check("several-en-80x24", .several(.en, width: 80, height: 24))
  }

  @Test func fortyReadersScroll() throws {
    var scene = Scene()
    scene.send(.service(.running))
    for number in 0..<40 {
      let source = Samples.source(number, reader: "Virtual Reader 00 \(number)")
      scene.insert(Samples.key(source, serial: TokenName("E3000GM-\(10_000 + number)")))
    }
    try Golden.check("forty-zh", scene)
    scene.press(.end)
    try Golden.check("forty-end-zh", scene)
  }

  @Test func demoIsLabelled() throws {
    var scene = Scene(.zh, isDemo: true)
    scene.send(.service(.embedded))
    scene.insert(Samples.key())
    try Golden.check("demo-zh", scene)
  }
}
