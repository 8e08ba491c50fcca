import TerminalKit
import Testing
import Wording

@testable import ManagerApp

/// The columns of the table are the settings', as many as find room.
@Suite struct TableLayoutTests {
  @Test(arguments: [100, 120, 200]) func theShippedOnesFillTheRow(_ width: Int) {
    let layout = TableLayout(Settings.builtIn.columns, Rect(x: 1, y: 3, width: width - 2, height: 1))
    #expect(layout.places.map(\.column) == [.use, .ends, .left, .pin, .key])
    #expect(layout.places.last?.end == width - 3)
    for (left, right) in zip(layout.places, layout.places.dropFirst()) { #expect(left.end == right.x) }
  }

  @Test func whatFindsNoRoomIsLeftOutFromTheEnd() {
    let all = TableColumn.allCases
    for width in 0...220 {
      let layout = TableLayout(all, Rect(x: 0, y: 0, width: width, height: 1))
      #expect(layout.places.map(\.column) == Array(all.prefix(layout.places.count)))
      #expect(layout.places.allSatisfy { $0.x >= 26 && $0.end > $0.x && $0.end <= width })
    }
    #expect(TableLayout(all, Rect(x: 0, y: 0, width: 60, height: 1)).places.map(\.column) == [.use, .ends])
    #expect(TableLayout([], Rect(x: 0, y: 0, width: 100, height: 1)).places.isEmpty)
  }

  @Test func theWindowShowsThoseThatAreSet() {
    var scene = Scene.one(width: 140, height: 30)
    func head(_ scene: Scene) -> String {
      scene.screen.split(separator: "\n").first { $0.contains("证书所有者  ") }.map(String.init) ?? ""
    }
    #expect(head(scene).contains("U-Key 序列号") && !head(scene).contains("颁发者"))
    scene.state.world.columns = [.code, .issuer, .left]
    let lines = scene.screen.split(separator: "\n").map(String.init)
    #expect(head(scene).contains("信用代码") && head(scene).contains("颁发者") && !head(scene).contains("U-Key 序列号"))
    #expect(lines.contains { $0.contains("9144030071526726XG") && $0.contains("Sample SM2 CA") && $0.contains("39 天") })
    scene.state.world.columns = []
    #expect(head(scene).contains("证书所有者") && !head(scene).contains("颁发者"))
  }
}
