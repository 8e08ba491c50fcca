import Base
import TerminalKit
import Wording

/// The columns of the table: those of the settings, as many as leave the owner room.
struct TableLayout {
  struct Place {
    var column: TableColumn
    var x: Int
    /// Behind its last cell.
    var end: Int
  }

  let places: [Place]

  /// What an owner is told apart by.
  private static let ownerWidth = 26

  init(_ columns: [TableColumn], _ rect: Rect) {
    var kept = columns
    while Self.width(kept) > max(0, rect.width - Self.ownerWidth) { kept.removeLast() }
    var x = rect.right - Self.width(kept)
    var places: [Place] = []
    for column in kept {
      places.append(Place(column: column, x: x, end: x + Self.width(column)))
      x += Self.width(column)
    }
    // The mark of the row stands at the right edge.
    if let last = places.indices.last { places[last].end -= 2 }
    self.places = places
  }

  private static func width(_ columns: [TableColumn]) -> Int { columns.reduce(0) { $0 + width($1) } }

  private static func width(_ column: TableColumn) -> Int {
    switch column {
    case .use, .left: 14
    case .ends: 12
    case .pin: 10
    case .key, .code: 20
    case .issuer: 24
    }
  }
}

extension MainPicture {
  func drawTableHead(_ frame: inout Frame, _ rect: Rect, _ layout: TableLayout) {
    let ownerEnd = layout.places.first?.x ?? rect.right
    frame.text(fit(words.owner, max(1, ownerEnd - rect.x - 5)), x: rect.x + 4, y: rect.y, style: .dim)
    for place in layout.places {
      frame.text(fit(title(place.column), max(1, place.end - place.x - 1)), x: place.x, y: rect.y, style: .dim)
    }
  }

  private func title(_ column: TableColumn) -> String {
    let inventory = InventoryWords[language]
    return switch column {
    case .use: inventory.use
    case .ends: inventory.end
    case .left: inventory.left
    case .pin: inventory.pin
    case .key: words.keySerial
    case .code: words.uscc
    case .issuer: words.issuer
    }
  }

  func drawTableRow(
    _ row: TreeRow, _ isSelected: Bool, _ frame: inout Frame, _ rect: Rect, _ layout: TableLayout
  ) {
    let texts = layout.places.map { ($0, cell($0.column, row)) }
    let lead = pointer(row, isSelected) + (row.depth == 0 ? row.symbol + " " : "   ")
    let x = frame.text(lead, x: rect.x, y: rect.y, style: isSelected ? .selected : row.style)
    let isCertificate = !row.columns.end.isEmpty
    let text = isCertificate || row.suffix.isEmpty ? row.text : row.text + " " + row.suffix
    // The first column that says something ends what stands before it.
    let end = (isCertificate ? layout.places.first?.x : texts.first { !$0.1.text.isEmpty }?.0.x) ?? rect.right - 2
    frame.text(fit(text, max(1, end - x - 1)), x: x, y: rect.y, style: isSelected ? .selected : row.style)
    for (place, cell) in texts where !cell.text.isEmpty {
      let width = max(1, place.end - place.x - 1)
      // Serial numbers are told apart by their ends.
      frame.text(
        place.column == .key ? fitStart(cell.text, width) : fit(cell.text, width), x: place.x, y: rect.y,
        style: isSelected ? .selected : cell.style)
    }
    drawMark(row, isSelected, &frame, rect)
  }

  private func cell(_ column: TableColumn, _ row: TreeRow) -> (text: String, style: Style) {
    let columns = row.columns
    return switch column {
    case .use: (columns.role, .normal)
    case .ends: (columns.end, .normal)
    case .left: (columns.left, columns.grade.style)
    case .pin: (columns.pin, columns.pinGrade > .ok ? columns.pinGrade.style : .normal)
    case .key: (columns.key, .dim)
    case .code: (columns.code, .normal)
    case .issuer: (columns.issuer, .dim)
    }
  }
}
