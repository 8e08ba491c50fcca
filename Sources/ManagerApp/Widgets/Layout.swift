import TerminalKit

/// Where things are on the main window.
struct MainLayout {
  static let minimum = Size(width: 60, height: 16)

  let box: Rect
  /// Column of the line between the panes.
  let divider: Int
  let tree: Rect
  let info: Rect
  let messageRow: Int
  let hintRow: Int

  init(_ size: Size) {
    box = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    // The right pane holds what is read; it gets the room of wide screens.
    let left = size.width < 80 ? 19 : min(30, 24 + (size.width - 80) / 6)
    divider = left + 1
    tree = Rect(x: 1, y: 2, width: left, height: box.height - 3)
    info = Rect(x: divider + 2, y: 1, width: size.width - divider - 4, height: box.height - 2)
    messageRow = size.height - 2
    hintRow = size.height - 1
  }
}

/// How far a list of lines is scrolled.
struct Scroll: Sendable, Equatable {
  /// First line shown.
  var top = 0

  mutating func move(_ action: Action, page: Int, count: Int) {
    let limit = max(0, count - page)
    // A larger window may have made the position too large.
    top = min(top, limit)
    switch action {
    case .up: top -= 1
    case .down: top += 1
    case .pageUp: top -= max(1, page - 1)
    case .pageDown: top += max(1, page - 1)
    case .first: top = 0
    case .last: top = limit
    default: break
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

extension State {
  /// Empties the place of a dialog of this size. Where it would leave but a rim of the screen it takes the whole; beside
  /// one that leaves but a few columns no sliver of what is under it is left.
  func dialog(width: Int, height: Int, _ frame: inout Frame) -> Rect {
    let rect = dialogRect(width: width, height: height)
    if rect.x > 0, rect.x <= 5 { frame.fill(Rect(x: 1, y: rect.y, width: size.width - 2, height: rect.height)) }
    frame.fill(rect)
    frame.box(rect, style: .normal)
    return rect
  }

  func dialogRect(width: Int, height: Int) -> Rect {
    let area = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    let leavesRim = width >= area.width - 4 && height >= area.height - 2
    return leavesRim || height >= area.height ? area : area.centred(width: width, height: height)
  }

  var treeHeight: Int { MainLayout(size).tree.height }
  var isTooSmall: Bool { size.width < MainLayout.minimum.width || size.height < MainLayout.minimum.height }
}
