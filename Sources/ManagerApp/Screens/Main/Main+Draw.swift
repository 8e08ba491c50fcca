import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The picture of the main window.
struct MainPicture: Picture {
  let main: MainScreen
  let world: World

  private var inventory: InventoryWords { _read { yield InventoryWords[language] } }

  func layout(_ rows: Int) -> MainLayout { MainLayout(size, rows: rows, advice: world.advice.count) }
  var layout: MainLayout { layout(rows.count) }

  func draw(_ frame: inout Frame) {
    let rows = rows
    let layout = layout(rows.count)
    frame.box(layout.box)
    let bottom = layout.advice.height > 0 ? layout.advice.y - 1 : layout.box.bottom - 1
    drawAdvice(&frame, layout)
    if layout.isTable {
      frame.text("├" + String(repeating: "─", count: size.width - 2) + "┤", x: 0, y: layout.divider, style: .border)
    } else {
      for y in 1..<bottom { frame.text("│", x: layout.divider, y: y, style: .border) }
      frame.text("┬", x: layout.divider, y: 0, style: .border)
      frame.text("┴", x: layout.divider, y: bottom, style: .border)
    }
    drawHeader(&frame)
    drawTree(rows, &frame, layout)
    drawInfo(&frame, layout.info)
  }

  /// One line a problem, most urgent first.
  private func drawAdvice(_ frame: inout Frame, _ layout: MainLayout) {
    let area = layout.advice
    guard area.height > 0 else { return }
    frame.text("├" + String(repeating: "─", count: size.width - 2) + "┤", x: 0, y: area.y - 1, style: .border)
    frame.text(" " + AdviceWords[language].title + " ", x: 2, y: area.y - 1, style: .title)
    if world.isCovered { return }
    let all = world.advice
    let shown = all.count > area.height ? area.height - 1 : all.count
    for (index, advice) in all.prefix(shown).enumerated() {
      frame.text(
        fit(text(advice, width: area.width), area.width), x: area.x, y: area.y + index, style: advice.grade.style)
    }
    if all.count > shown {
      frame.text(
        fit(AdviceWords[language].more(all.count - shown), area.width), x: area.x, y: area.bottom - 1, style: .dim)
    }
  }

  /// The title and the state of the reader service in the upper border.
  private func drawHeader(_ frame: inout Frame) {
    let (symbol, text, style) = serviceWords
    let service = " " + words.service + " " + symbol + " " + text + " "
    let start = size.width - 2 - textWidth(service)
    frame.text(" " + words.service + " ", x: start, y: 0)
    frame.text(symbol + " " + text + " ", x: start + textWidth(words.service) + 2, y: 0, style: style)

    var x = frame.text(" " + fit(words.title, start - 5 - textWidth(world.tags)) + " ", x: 2, y: 0, style: .title)
    x = frame.text(world.tags, x: x, y: 0, style: .warning)
    let counts = counts
    if !counts.isEmpty, x + 4 + textWidth(counts) < start { frame.text(" " + counts + " ", x: x + 2, y: 0) }
  }

  /// How many keys and certificates there are, and how many of these need something.
  private var counts: String {
    let counts = main.madeCounts.value(
      of: CertificateCounts.Origin(keys: world.keysVersion, now: now, reminderDays: world.reminderDays)
    ) { CertificateCounts(world.slots) { grade($0) } }
    if counts.keys == 0 { return "" }
    func marked(_ grade: Grade, _ count: Int) -> String { count == 0 ? "" : "  " + grade.symbol + " \(count)" }
    return inventory.counts(counts.keys, counts.certificates) + marked(.warning, counts.warnings)
      + marked(.error, counts.errors)
  }

  var serviceWords: (symbol: String, text: String, style: Style) {
    switch world.service {
    case .starting: ("◐", words.serviceStarting, .dim)
    case .running: (Symbol.present.rawValue, words.serviceRunning, .ok)
    case .embedded: (Symbol.present.rawValue, words.serviceEmbedded, .ok)
    case .notNeeded: (Symbol.present.rawValue, words.serviceNotNeeded, .ok)
    case .down(let failure):
      (Symbol.error.rawValue, failure.code == .serviceDenied ? words.serviceDenied : words.serviceDown, .error)
    }
  }

  // MARK: The list

  private func drawTree(_ rows: [TreeRow], _ frame: inout Frame, _ layout: MainLayout) {
    let tree = layout.tree
    let table = layout.isTable ? TableLayout(world.columns, tree) : nil
    drawHead(rows, &frame, Rect(x: tree.x, y: tree.y - 1, width: tree.width, height: 1), table)
    let top = max(0, min(main.top, rows.count - tree.height))
    for (offset, row) in rows.dropFirst(top).prefix(tree.height).enumerated() {
      let y = tree.y + offset
      let isSelected = row.id == world.selection
      if isSelected {
        frame.fill(Rect(x: tree.x, y: y, width: tree.width, height: 1), style: .selected)
        // Braille displays, screen readers and magnifiers follow the cursor, which a text being typed has.
        if main.field == nil { frame.cursor = Point(x: tree.x, y: y) }
      }
      let rect = Rect(x: tree.x, y: y, width: tree.width, height: 1)
      if let table {
        drawTableRow(row, isSelected, &frame, rect, table)
      } else {
        drawRow(row, isSelected, &frame, rect)
      }
    }
    if rows.isEmpty, !main.filter.isEmpty, tree.height > 0 {
      frame.text(fit(inventory.nothingFits, tree.width - 2), x: tree.x + 1, y: tree.y, style: .warning)
    }
    let mark = positionMark(top: top, page: tree.height, count: rows.count)
    frame.text(mark, x: tree.right - textWidth(mark), y: tree.bottom, style: .dim)
    frame.scrollBar(
      x: layout.isTable ? size.width - 1 : layout.divider, y: tree.y, height: tree.height, top: top, count: rows.count)
  }

  /// What is searched for, or the title; in a table the heads of its columns.
  private func drawHead(_ rows: [TreeRow], _ frame: inout Frame, _ rect: Rect, _ table: TableLayout?) {
    if let field = main.field {
      let label = "/ "
      let room = max(4, rect.width - textWidth(label) - 2)
      let visible = field.visible(width: room)
      let x = frame.text(label, x: rect.x + 1, y: rect.y, style: .key)
      frame.text(visible.text, x: x, y: rect.y, style: .title)
      frame.cursor = Point(x: min(x + visible.column, rect.right - 1), y: rect.y)
      return
    }
    if !main.filter.isEmpty {
      let text = [
        main.filter.query.isEmpty ? nil : "/ " + main.filter.query, main.filter.onlyProblems ? inventory.problems : nil,
      ]
      .compactMap { $0 }.joined(separator: " · ")
      frame.text(fit(text, rect.width - 2), x: rect.x + 1, y: rect.y, style: .warning)
      return
    }
    guard let table else {
      frame.text(fit(words.keys, rect.width - 2), x: rect.x + 1, y: rect.y, style: .title)
      return
    }
    drawTableHead(&frame, rect, table)
  }

  /// What stands before a row: the selected one, or the one that it will be compared with.
  func pointer(_ row: TreeRow, _ isSelected: Bool) -> String {
    isSelected ? "▸" : row.id == world.marked ? "=" : " "
  }

  func drawMark(_ row: TreeRow, _ isSelected: Bool, _ frame: inout Frame, _ rect: Rect) {
    guard !row.mark.isEmpty else { return }
    let style: Style =
      isSelected
      ? .selected : row.mark == Grade.error.symbol ? .error : row.mark == Grade.warning.symbol ? .warning : .dim
    frame.text(row.mark, x: rect.right - 1, y: rect.y, style: style)
  }

  /// `▸ ● name … suffix mark`; the mark is at the right edge.
  private func drawRow(_ row: TreeRow, _ isSelected: Bool, _ frame: inout Frame, _ rect: Rect) {
    let base: Style = isSelected ? .selected : row.style
    var x = frame.text(pointer(row, isSelected), x: rect.x, y: rect.y, style: isSelected ? .selected : .normal)
    x = frame.text(row.depth == 0 ? "" : " ", x: x, y: rect.y, style: isSelected ? .selected : .normal)
    if !row.symbol.isEmpty {
      x = frame.text(row.symbol + " ", x: x, y: rect.y, style: base)
    }
    drawMark(row, isSelected, &frame, rect)
    let room = rect.right - x - (row.mark.isEmpty ? 0 : 2)
    if row.suffix.isEmpty {
      frame.text(fit(row.text, room), x: x, y: rect.y, style: base)
    } else {
      // A name whose long serial or container tells it by its end gives way by half; an owner, who is told in full beside
      // it, by two thirds: its use and the end of its serial number are what tells alike ones apart.
      let isOwner = !row.columns.role.isEmpty
      let kept = isOwner ? room - min(textWidth(row.suffix), room * 2 / 3) - 1 : min(textWidth(row.text), room / 2)
      let tail = fitStart(row.suffix, max(4, room - kept - 1))
      x = frame.text(fit(row.text, room - textWidth(tail) - 1), x: x, y: rect.y, style: base)
      frame.text(tail, x: x + 1, y: rect.y, style: isSelected ? .selected : .dim)
    }
  }
}

/// How many keys and certificates there are.
struct CertificateCounts: Sendable {
  struct Origin: Equatable, Sendable {
    var keys: KeysVersion
    var now: Int64
    var reminderDays: Int
  }

  var keys = 0
  var certificates = 0
  /// Certificates of people that need something soon, and now.
  var warnings = 0
  var errors = 0

  init(_ slots: [Slot], grade: (Reading<Certificate>) -> Grade) {
    for slot in slots where !slot.isEmpty {
      keys += 1
      for entry in slot.snapshot?.entries ?? [] where entry.certificate != .absent {
        certificates += 1
        if entry.role == .authority { continue }
        switch grade(entry.certificate) {
        case .warning: warnings += 1
        case .error: errors += 1
        default: break
        }
      }
    }
  }
}
