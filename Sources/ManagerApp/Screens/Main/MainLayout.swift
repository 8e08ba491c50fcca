import TerminalKit

/// Where things are on the main window.
struct MainLayout {
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
