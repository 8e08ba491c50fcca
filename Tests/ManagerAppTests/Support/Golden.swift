import Foundation
import TerminalKit
import Testing

@testable import ManagerApp

/// Whole screens against recorded ones, which lie in the folder `Golden` beside the test that asks. After a wanted
/// change: `UKEY_RECORD_GOLDEN=1 swift test --filter GoldenTests`, and look at the difference.
enum Golden {
  /// What must fit is looked at in these; of most scenes only the first is recorded.
  static let sizes = [(80, 24), (60, 16), (120, 36)]

  /// - Parameter size: `nil` when its name does not tell it; one other than the first is recorded for `telling` scenes.
  static func check(
    _ name: String, _ scene: Scene, size: (Int, Int)? = nil, telling: Set<String> = [], _ language: String = "",
    file: String = #filePath
  ) throws {
    let frame = draw(scene.state)
    #expect(frame.isWellFormed)
    if let size, size != sizes[0], !telling.contains(name) { return }
    let full = [name, language, size.map { "\($0.0)x\($0.1)" } ?? ""].filter { !$0.isEmpty }.joined(separator: "-")
    let text = Golden.text(frame)
    let recording = URL(filePath: file).deletingLastPathComponent().appending(path: "Golden/\(full).txt")
    if ProcessInfo.processInfo.environment["UKEY_RECORD_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: recording.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: recording, atomically: true, encoding: .utf8)
      return
    }
    let expected = try String(contentsOf: recording, encoding: .utf8)
    #expect(text == expected, "\(full) differs from its recording:\n\(text)")
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
}
