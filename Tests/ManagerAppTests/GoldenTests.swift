import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Whole screens against recorded ones. After a wanted change: `UKEY_RECORD_GOLDEN=1 swift test --filter GoldenTests`,
/// and look at the difference.
@Suite struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  static func check(_ name: String, _ scene: Scene) throws {
    let frame = draw(scene.state)
    #expect(frame.isWellFormed)
    let text = GoldenTests.text(frame)
    let file = GoldenTests.folder.appending(path: name + ".txt")
    if ProcessInfo.processInfo.environment["UKEY_RECORD_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "\(name) differs from its recording:\n\(text)")
  }

  /// The rows, and under them the runs of styles other than normal.
  private static func text(_ frame: Frame) -> String {
    var lines = frame.lines
    lines.append("--- styles")
    for y in 0..<frame.size.height {
      var runs: [String] = []
      var x = 0
      while x < frame.size.width {
        let style = frame[x, y]?.style ?? .normal
        let start = x
        while x < frame.size.width, frame[x, y]?.style == style { x += 1 }
        if style != .normal && style != .border { runs.append("\(start)-\(x - 1) \(style)") }
      }
      if !runs.isEmpty { lines.append("\(y): " + runs.joined(separator: ", ")) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test(arguments: Language.allCases, [(80, 24), (60, 16), (120, 36), (50, 10)])
  func mainWindow(_ language: Language, _ size: (Int, Int)) throws {
    try Self.check("main-\(language)-\(size.0)x\(size.1)", .one(language, width: size.0, height: size.1))
  }

  @Test(arguments: Language.allCases)
  func overlays(_ language: Language) throws {
    var scene = Scene.one(language)
    scene.press(.function(1))
    try Self.check("help-\(language)", scene)
    scene.press(.escape, .enter)
    try Self.check("detail-\(language)", scene)
    scene.press(.end)
    try Self.check("detail-end-\(language)", scene)
    scene.press(.function(6))
    try Self.check("export-\(language)", scene)
    scene.press(.enter)
    let job = try #require(scene.exportJob)
    _ = update(&scene.state, .exported(job, .exists))
    try Self.check("export-exists-\(language)", scene)
    scene.press(.character("y"))
    _ = update(&scene.state, .exported(job, .failed(Failure(.fileWrite, function: "open", number: .errno(13)))))
    try Self.check("export-failed-\(language)", scene)
  }

  @Test(arguments: Language.allCases)
  func waiting(_ language: Language) throws {
    var scene = Scene(language)
    try Self.check("starting-\(language)", scene)
    scene.send(.service(.down(Samples.serviceDown)))
    try Self.check("service-down-\(language)", scene)
    scene.send(.service(.running))
    try Self.check("no-reader-\(language)", scene)
    scene.send(.readerAdded(Samples.source()))
    try Self.check("no-key-\(language)", scene)
    scene.send(.inserted(Samples.source(), atr: [0x3B]))
    try Self.check("reading-\(language)", scene)
    scene.send(.failed(Samples.source(), Failure(.cardMute, function: "SCardConnect", number: .scard(0x8010_0066))))
    try Self.check("mute-\(language)", scene)
  }

  @Test func severalKeys() throws {
    var scene = Scene.several()
    try Self.check("several-zh", scene)
    scene.press(.down, .down, .down, .down)
    try Self.check("several-piv-zh", scene)
    scene.press(.end, .up)
    try Self.check("several-broken-zh", scene)
    try Self.check("several-en-80x24", .several(.en, width: 80, height: 24))
  }

  @Test func fortyReadersScroll() throws {
    var scene = Scene()
    scene.send(.service(.running))
    for number in 0..<40 {
      let source = Samples.source(number, reader: "Virtual Reader 00 \(number)")
      scene.insert(Samples.key(source, serial: TokenName("E3000GM-\(10_000 + number)")))
    }
    try Self.check("forty-zh", scene)
    scene.press(.end)
    try Self.check("forty-end-zh", scene)
  }

  @Test func demoIsLabelled() throws {
    var scene = Scene(.zh, isDemo: true)
    scene.send(.service(.embedded))
    scene.insert(Samples.key())
    try Self.check("demo-zh", scene)
  }
}

extension Scene {
  /// The export of the last effects.
  var exportJob: ExportJob? {
    for case .export(let job) in effects { return job }
    return nil
  }
}
