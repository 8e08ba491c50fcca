import Base
import Failures
import TerminalKit
import TokenKit
import Wording

/// The picture of the main window.
struct MainPicture: Picture {
  let main: MainScreen
  let world: World

  func draw(_ frame: inout Frame) {
    let layout = MainLayout(size)
    frame.box(layout.box)
    for y in 1..<layout.box.bottom - 1 { frame.text("│", x: layout.divider, y: y, style: .border) }
    frame.text("┬", x: layout.divider, y: 0, style: .border)
    frame.text("┴", x: layout.divider, y: layout.box.bottom - 1, style: .border)
    drawHeader(&frame)
    drawTree(&frame, layout)
    drawInfo(&frame, layout.info)
  }

  /// The title and the state of the reader service in the upper border.
  private func drawHeader(_ frame: inout Frame) {
    let (symbol, text, style) = serviceWords
    let service = " " + words.service + " " + symbol + " " + text + " "
    let start = size.width - 2 - textWidth(service)
    frame.text(" " + words.service + " ", x: start, y: 0)
    frame.text(symbol + " " + text + " ", x: start + textWidth(words.service) + 2, y: 0, style: style)

    let x = frame.text(" " + fit(words.title, start - 5 - textWidth(world.tags)) + " ", x: 2, y: 0, style: .title)
    frame.text(world.tags, x: x, y: 0, style: .warning)
  }

  private var serviceWords: (symbol: String, text: String, style: Style) {
    switch world.service {
    case .starting: ("◐", words.serviceStarting, .dim)
    case .running: (Symbol.present.rawValue, words.serviceRunning, .ok)
    case .embedded: (Symbol.present.rawValue, words.serviceEmbedded, .ok)
    case .notNeeded: (Symbol.present.rawValue, words.serviceNotNeeded, .ok)
    case .down(let failure):
      (Symbol.error.rawValue, failure.code == .serviceDenied ? words.serviceDenied : words.serviceDown, .error)
    }
  }

  private func drawTree(_ frame: inout Frame, _ layout: MainLayout) {
    frame.text(fit(words.keys, layout.tree.width - 2), x: 2, y: 1, style: .title)
    let rows = rows
    let top = max(0, min(main.top, rows.count - layout.tree.height))
    for (offset, row) in rows.dropFirst(top).prefix(layout.tree.height).enumerated() {
      let y = layout.tree.y + offset
      let isSelected = row.id == world.selection
      if isSelected {
        frame.fill(Rect(x: layout.tree.x, y: y, width: layout.tree.width, height: 1), style: .selected)
        // Braille displays, screen readers and magnifiers follow the cursor.
        frame.cursor = Point(x: layout.tree.x, y: y)
      }
      drawRow(row, isSelected, &frame, Rect(x: layout.tree.x, y: y, width: layout.tree.width, height: 1))
    }
    let mark = positionMark(top: top, page: layout.tree.height, count: rows.count)
    frame.text(mark, x: layout.divider - textWidth(mark), y: layout.box.bottom - 1, style: .dim)
  }

  /// `▸ ● name … suffix mark`; the mark is at the right edge.
  private func drawRow(_ row: TreeRow, _ isSelected: Bool, _ frame: inout Frame, _ rect: Rect) {
    let base: Style = isSelected ? .selected : row.style
    var x = frame.text(isSelected ? "▸" : " ", x: rect.x, y: rect.y, style: isSelected ? .selected : .normal)
    x = frame.text(row.depth == 0 ? "" : "   ", x: x, y: rect.y, style: isSelected ? .selected : .normal)
    if !row.symbol.isEmpty {
      x = frame.text(row.symbol + " ", x: x, y: rect.y, style: base)
    }
    var right = rect.right
    if !row.mark.isEmpty {
      let style: Style =
        isSelected
        ? .selected : row.mark == Grade.error.symbol ? .error : row.mark == Grade.warning.symbol ? .warning : .dim
      frame.text(row.mark, x: rect.right - 1, y: rect.y, style: style)
      right -= 2
    }
    let room = right - x
    if row.suffix.isEmpty {
      frame.text(fit(row.text, room), x: x, y: rect.y, style: base)
    } else {
      // Of a long suffix (a serial number) the end tells keys apart.
      // A role is kept whole, the name of a key gives way by half.
      let kept = min(textWidth(row.text), row.depth == 0 ? room / 2 : room - 7)
      let tail = fitStart(row.suffix, max(4, room - kept - 1))
      x = frame.text(fit(row.text, room - textWidth(tail) - 1), x: x, y: rect.y, style: base)
      frame.text(tail, x: x + 1, y: rect.y, style: isSelected ? .selected : .dim)
    }
  }
}
