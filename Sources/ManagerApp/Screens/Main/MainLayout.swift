import TerminalKit

/// Where things are on the main window.
///
/// Below 100 columns the list stands left of what is selected; from 100 it is a table above it.
struct MainLayout {
  let box: Rect
  /// The list has columns and the whole width.
  let isTable: Bool
  /// The line between list and pane: its column, in a table its row.
  let divider: Int
  /// The rows of the list; the line above them holds its title or the heads of its columns.
  let tree: Rect
  let info: Rect
  /// Lines of advice; the line above them is the divider. Empty where there is none, or no room.
  let advice: Rect

  /// From so many columns the list is a table.
  static let tableWidth = 100

  /// Cells of a row of the list.
  static func treeWidth(_ size: Size) -> Int {
    if size.width >= tableWidth { return size.width - 2 }
    // The right pane holds what is read; it gets the room of wide screens.
    return size.width < 80 ? 19 : min(30, 24 + (size.width - 80) / 6)
  }

  /// - Parameters:
  ///   - rows: how many the list has.
  ///   - advice: how many lines of advice there are.
  init(_ size: Size, rows: Int, advice count: Int) {
    box = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    let room = size.height < 20 ? 0 : size.height < 30 ? 2 : 4
    let lines = min(count, room)
    let strip = lines > 0 ? lines + 1 : 0
    advice = Rect(x: 2, y: box.bottom - 1 - lines, width: size.width - 4, height: lines)
    let left = Self.treeWidth(size)
    isTable = size.width >= Self.tableWidth
    let inner = box.height - 3 - strip
    if isTable {
      // What is selected keeps the lines that it needs most.
      let height = max(4, min(rows, max(inner - 16, inner / 3)))
      tree = Rect(x: 1, y: 2, width: left, height: min(height, max(1, inner - 2)))
      divider = tree.bottom
      info = Rect(x: 2, y: divider + 1, width: size.width - 4, height: max(1, inner - tree.height - 1))
    } else {
      divider = left + 1
      tree = Rect(x: 1, y: 2, width: left, height: inner)
      info = Rect(x: divider + 2, y: 1, width: size.width - divider - 4, height: box.height - 2 - strip)
    }
  }
}
