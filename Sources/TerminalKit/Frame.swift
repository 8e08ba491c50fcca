import Base

/// One cell of the screen: a character with the marks that join it, or the right half of a wide one.
package struct Cell: Sendable, Equatable {
  package var scalar: Unicode.Scalar
  /// Combining marks, at most four (what a curses cell can hold).
  package var marks: [Unicode.Scalar]
  /// 1 or 2 cells; 0 for the right half of the wide character before it.
  package var width: UInt8
  package var style: Style

  package static let blank = Cell(scalar: " ", marks: [], width: 1, style: .normal)
  static let marksLimit = 4
}

/// A picture of the whole screen as cells. Whatever is drawn is clipped to it on whole cells, so every frame is well
/// formed: a wide character always has both halves.
package struct Frame: Sendable, Equatable {
  package let size: Size
  package private(set) var cells: [Cell]
  /// Where the text cursor is shown; `nil` hides it.
  package var cursor: Point?
  /// What is shown over the cells and is in none of them.
  package var secrets: [ShownSecret] = []

  package init(size: Size) {
    let width = min(size.width, Frame.limit)
    let height = min(size.height, Frame.limit)
    self.size = Size(width: width, height: height)
    self.cells = Array(repeating: .blank, count: width * height)
  }

  /// Larger terminals are drawn up to this many columns and rows.
  package static let limit = 1000

  package subscript(x: Int, y: Int) -> Cell? {
    guard x >= 0, y >= 0, x < size.width, y < size.height else { return nil }
    return cells[y * size.width + x]
  }

  /// Draws one line of text at (x, y), at most `width` cells of it, and gives the column behind it.
  ///
  /// A wide character that would be cut is left out. Control and bidirectional format characters, which could move
  /// the cursor or reorder the line, are drawn as `�`.
  @discardableResult
  package mutating func text(
    _ text: some StringProtocol, x: Int, y: Int, style: Style = .normal, width: Int = .max
  ) -> Int {
    guard y >= 0, y < size.height else { return x }
    let right = width > size.width - min(x, size.width) ? size.width : min(size.width, x + width)
    var column = x
    var last: Int?
    for original in text.unicodeScalars {
      let scalar = Frame.shown(original)
      let step = textWidth(scalar)
      if step == 0 {
        if let last, cells[last].marks.count < Cell.marksLimit, !Frame.isJoiner(scalar) {
          cells[last].marks.append(scalar)
        }
        continue
      }
      if column + step > right { break }
      if column >= 0 {
        last = y * size.width + column
        set(column, y, Cell(scalar: scalar, marks: [], width: UInt8(step), style: style))
      }
      column += step
    }
    return column
  }

  /// Fills a rectangle with a character of width 1.
  package mutating func fill(_ rect: Rect, _ scalar: Unicode.Scalar = " ", style: Style = .normal) {
    let columns = max(0, rect.x)..<max(max(0, rect.x), min(size.width, rect.right))
    for y in max(0, rect.y)..<max(max(0, rect.y), min(size.height, rect.bottom)) {
      for x in columns { set(x, y, Cell(scalar: scalar, marks: [], width: 1, style: style)) }
    }
  }

  /// Draws the outline of a rectangle.
  package mutating func box(_ rect: Rect, style: Style = .border) {
    guard rect.width > 1, rect.height > 1 else { return }
    horizontal(x: rect.x, y: rect.y, width: rect.width, left: "┌", right: "┐", style: style)
    horizontal(x: rect.x, y: rect.bottom - 1, width: rect.width, left: "└", right: "┘", style: style)
    for y in rect.y + 1..<rect.bottom - 1 {
      text("│", x: rect.x, y: y, style: style)
      text("│", x: rect.right - 1, y: y, style: style)
    }
  }

  /// Draws a horizontal line with its ends.
  package mutating func horizontal(
    x: Int, y: Int, width: Int, left: Unicode.Scalar = "─", right: Unicode.Scalar = "─", style: Style = .border
  ) {
    guard width > 0 else { return }
    fill(Rect(x: x, y: y, width: width, height: 1), "─", style: style)
    fill(Rect(x: x, y: y, width: 1, height: 1), left, style: style)
    fill(Rect(x: x + width - 1, y: y, width: 1, height: 1), right, style: style)
  }

  /// Draws a bar of `width` cells, `part` of `whole` of it filled; a part that is not 0 shows at least one cell.
  package mutating func progress(x: Int, y: Int, width: Int, part: Double, style: Style) {
    guard width > 0 else { return }
    let share = part.isFinite ? min(1, max(0, part)) : 0
    let full = share == 0 ? 0 : max(1, min(width, Int((share * Double(width)).rounded())))
    text(String(repeating: "█", count: full), x: x, y: y, style: style)
    text(String(repeating: "░", count: width - full), x: x + full, y: y, style: .dim)
  }

  /// The rows as text, without styles and trailing spaces: for tests and logs of tests.
  package var lines: [String] {
    (0..<size.height).map { y in
      var line = String.UnicodeScalarView()
      for x in 0..<size.width where cells[y * size.width + x].width > 0 {
        line.append(cells[y * size.width + x].scalar)
        line.append(contentsOf: cells[y * size.width + x].marks)
      }
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// Whether every wide character has its right half beside it, and no right half stands alone.
  package var isWellFormed: Bool {
    guard cells.count == size.width * size.height else { return false }
    for y in 0..<size.height {
      var x = 0
      while x < size.width {
        let width = Int(cells[y * size.width + x].width)
        guard width > 0, x + width <= size.width else { return false }
        if width == 2, cells[y * size.width + x + 1].width != 0 { return false }
        x += width
      }
    }
    return true
  }

  /// Puts a cell that fits, blanking the other half of a wide character that it cuts.
  private mutating func set(_ x: Int, _ y: Int, _ cell: Cell) {
    let row = y * size.width
    for column in x..<x + Int(cell.width) {
      let old = cells[row + column]
      if old.width == 0, column > 0, column == x { clear(row + column - 1) }
      if old.width == 2, column + 1 < size.width { clear(row + column + 1) }
      clear(row + column)
    }
    cells[row + x] = cell
    if cell.width == 2 {
      cells[row + x + 1] = Cell(scalar: " ", marks: [], width: 0, style: cell.style)
    }
  }

  private mutating func clear(_ index: Int) {
    let style = cells[index].style
    cells[index] = Cell(scalar: " ", marks: [], width: 1, style: style)
  }

  /// The scalar that is drawn for one of a text: hostile ones are replaced.
  static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x61C,
      0xFFF9...0xFFFB:
      "\u{FFFD}"
    case 0xA0: " "
    case 0xAD: "-"
    default: scalar
    }
  }

  /// Zero-width scalars that only join or select a form; a cell without them looks the same everywhere.
  private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200B...0x200D, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE0FFF: true
    default: false
    }
  }
}
