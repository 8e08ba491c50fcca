import TerminalKit

/// How far a list of lines is scrolled.
struct Scroll: Sendable, Equatable {
  /// First line shown.
  var top = 0

  mutating func move(_ motion: Motion, page: Int, count: Int) {
    let limit = max(0, count - page)
    // A larger window may have made the position too large.
    top = min(top, limit)
    switch motion {
    case .up: top -= 1
    case .down: top += 1
    case .pageUp: top -= max(1, page - 1)
    case .pageDown: top += max(1, page - 1)
    case .first: top = 0
    case .last: top = limit
    }
    top = min(limit, max(0, top))
  }
}

/// `21–40/57 ▼`: which lines of a list are in sight, and where more are. Empty when all are.
func positionMark(top: Int, page: Int, count: Int) -> String {
  guard count > page, page > 0 else { return "" }
  let arrow = (top > 0 ? "▲" : "") + (top + page < count ? "▼" : "")
  return " \(top + 1)–\(min(count, top + page))/\(count) \(arrow) "
}

extension Frame {
  /// The bar of a list that is longer than its place, on the border beside it; nothing where all is in sight.
  mutating func scrollBar(x: Int, y: Int, height: Int, top: Int, count: Int) {
    guard height > 1, count > height else { return }
    let length = max(1, height * height / count)
    let start = max(0, min(height - length, top * (height - length) / (count - height)))
    // Its ends are seen: at neither end unless there.
    let isBetween = top > 0 && top < count - height && height - length > 1
    let first = isBetween ? max(1, min(height - length - 1, start)) : start
    fill(Rect(x: x, y: y + first, width: 1, height: length), "█", style: .border)
  }
}
