import Base
import TerminalKit
import Wording

/// The picture of the menu 复制.
struct CopyPicture: Picture {
  let copy: CopyScreen
  let world: World

  private var width: Int { min(76, size.width - 4) }

  /// On the smallest window the list follows the selection.
  private func top(_ page: Int) -> Int { max(0, min(copy.choices.count - page, copy.selected - page + 1)) }

  /// The row at a place of the screen.
  func row(at point: Point) -> Int? {
    let inner = dialogRect(width: width, height: copy.choices.count + 4).inset(x: 2, y: 1)
    let page = max(1, inner.height - 2)
    guard inner.contains(point), point.y < inner.y + page else { return nil }
    let row = top(page) + point.y - inner.y
    return copy.choices.indices.contains(row) ? row : nil
  }

  func draw(_ frame: inout Frame) {
    let own = CopyWords[language]
    let choices = copy.choices
    let rect = dialog(width: width, height: choices.count + 4, &frame)
    frame.text(" " + own.title + " ", x: rect.x + 2, y: rect.y, style: .title)
    let inner = rect.inset(x: 2, y: 1)
    let column = (choices.map { textWidth($0.label) }.max() ?? 8) + 7
    let page = max(1, inner.height - 2)
    let top = top(page)
    for (index, item) in choices.enumerated().dropFirst(top).prefix(page) {
      let y = inner.y + index - top
      let isSelected = index == copy.selected
      if isSelected {
        frame.fill(Rect(x: inner.x, y: y, width: inner.width, height: 1), style: .selected)
        frame.cursor = Point(x: inner.x, y: y)
      }
      let lead = (isSelected ? "▸ " : "  ") + (index < 9 ? "\(index + 1) " : "  ")
      frame.text(lead + item.label, x: inner.x, y: y, style: isSelected ? .selected : .dim)
      let isWhole = index == choices.count - 1
      let text = isWhole ? "" : item.text ?? own.reckoning
      frame.text(
        fit(text, inner.right - inner.x - column), x: inner.x + column, y: y, style: isSelected ? .selected : .normal)
    }
    if inner.height > choices.count + 1 {
      frame.text(fit(own.hint, inner.width), x: inner.x, y: inner.bottom - 1, style: .dim)
    }
  }
}
