import TerminalKit
import Testing

@testable import ManagerApp

@Suite struct MainScreenTests {
  /// Braille displays, screen readers and magnifiers follow the terminal's cursor.
  @Test func theCursorFollowsTheSelection() throws {
    var scene = Scene.one()
    for key in [Key.down, .down, .up] {
      scene.press(key)
      let row = try #require(scene.lines.firstIndex { $0.contains("▸") })
      #expect(draw(scene.state).cursor == Point(x: 1, y: row))
    }
    // A dialog without a field has none; what is under it is not to be read out.
    scene.press(.function(6))
    #expect(draw(scene.state).cursor?.y != scene.lines.firstIndex { $0.contains("▸") })
  }
}
