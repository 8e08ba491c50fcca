import Base
import TerminalKit
import Wording

/// The picture of the help.
struct HelpPicture: Picture {
  let help: HelpScreen
  let world: World

  /// A row of the list.
  struct Row {
    var key = ""
    var text = ""
    var reason = ""
    var style = Style.normal
    var question: Question?
    var isTitle: Bool { style == .title && question == nil }
  }

  private var query: String { help.field.text.lowercased() }

  /// Questions, then keys, then symbols; of a search what it finds.
  var rows: [Row] {
    var rows: [Row] = []
    func add(_ title: String, _ part: [Row], _ texts: (Row) -> String) {
      let found = query.isEmpty ? part : part.filter { texts($0).lowercased().contains(query) }
      if found.isEmpty { return }
      if !rows.isEmpty { rows.append(Row()) }
      rows.append(Row(text: title, style: .title))
      rows += found
    }
    let asked = Question.allCases.filter { $0 == help.topic } + Question.allCases.filter { $0 != help.topic }
    add(
      words.questionsTitle,
      asked.map { Row(key: "\($0.rawValue)", text: $0.words(language).title, question: $0) }
    ) { row in row.question.map { $0.words(language).text } ?? row.text }
    add(
      words.helpTitle,
      help.keys.map { hint in
        switch hint.availability {
        case .available: Row(key: hint.label, text: hint.word)
        case .unavailable(let reason): Row(key: hint.label, text: "(" + hint.word + ")", reason: reason, style: .dim)
        }
      }
    ) { $0.key + " " + $0.text }
    let symbols: [(String, String, Style)] = [
      (Grade.ok.symbol, words.symbolOK, Grade.ok.style),
      (Grade.warning.symbol, words.symbolWarning, Grade.warning.style),
      (Grade.error.symbol, words.symbolError, Grade.error.style),
      (Symbol.present.rawValue, words.symbolPresent, .normal),
      (Symbol.absent.rawValue, words.symbolAbsent, .normal), ("–", words.symbolNone, .normal),
      (Symbol.skipped.rawValue, words.symbolSkipped, .normal),
    ]
    add(words.symbolsTitle, symbols.map { Row(key: $0.0, text: $0.1, style: $0.2) }) { $0.text }
    if world.isASCII {
      for part in wrap(words.asciiOnly, 64) { rows.append(Row(text: part, style: .warning)) }
    }
    if rows.isEmpty { rows.append(Row(text: InventoryWords[language].nothingFits, style: .warning)) }
    return rows
  }

  /// The row in hand: the first question until the cursor was moved.
  var selected: Int {
    let rows = rows
    return min(rows.count - 1, help.cursor ?? rows.firstIndex { $0.question != nil } ?? 0)
  }

  private var width: Int { min(76, size.width - 4) }
  private var count: Int { help.question == nil ? rows.count : answerLines.count }
  private var rect: Rect { dialogRect(width: width, height: max(12, count + 2)) }

  /// Lines in sight.
  var page: Int { max(1, rect.height - 2) }

  func draw(_ frame: inout Frame) {
    let rect = dialog(width: width, height: max(12, count + 2), &frame)
    if help.question == nil { drawList(&frame, rect) } else { drawAnswer(&frame, rect) }
  }

  /// First row in sight.
  private var top: Int { max(0, min(rows.count - page, selected < page - 1 ? 0 : selected - page + 2)) }

  /// The row at a place of the screen.
  func row(at point: Point) -> Int? {
    guard help.question == nil, rect.contains(point), point.y > rect.y, point.y < rect.bottom - 1 else { return nil }
    let row = top + point.y - rect.y - 1
    return rows.indices.contains(row) ? row : nil
  }

  private func drawList(_ frame: inout Frame, _ rect: Rect) {
    let rows = rows
    let title = help.isTyping || !help.field.text.isEmpty ? " / " : " " + words.help + " "
    let end = frame.text(title, x: rect.x + 2, y: rect.y, style: .title)
    if help.isTyping || !help.field.text.isEmpty {
      let visible = help.field.visible(width: rect.right - end - 4)
      frame.text(visible.text + " ", x: end, y: rect.y, style: .title)
      if help.isTyping { frame.cursor = Point(x: end + visible.column, y: rect.y) }
    }
    let page = page
    let selected = selected
    let top = top
    let column = (rows.map { textWidth($0.key) }.max() ?? 0) + 3
    let inner = rect.inset(x: 3, y: 1)
    for (index, row) in rows.dropFirst(top).prefix(page).enumerated() {
      let y = inner.y + index
      if top + index == selected {
        frame.text("▸", x: rect.x + 1, y: y, style: .key)
        if !help.isTyping { frame.cursor = Point(x: rect.x + 1, y: y) }
      }
      if row.key.isEmpty {
        frame.text(fit(row.text, inner.width), x: inner.x, y: y, style: row.style)
        continue
      }
      let isSymbol = Grade(symbol: row.key) != nil
      frame.text(row.key, x: inner.x, y: y, style: isSymbol || row.style == .dim ? row.style : .key)
      let text = row.reason.isEmpty ? row.text : row.text + "  " + row.reason
      frame.text(
        fit(text, inner.width - column), x: inner.x + column, y: y,
        style: row.style == .dim ? .dim : top + index == selected && row.question != nil ? .title : .normal)
    }
    let mark = positionMark(top: top, page: page, count: rows.count)
    frame.text(mark, x: rect.right - 2 - textWidth(mark), y: rect.bottom - 1, style: .dim)
    frame.scrollBar(x: rect.right - 1, y: inner.y, height: page, top: top, count: rows.count)
  }

  // MARK: An answer

  /// What the key in hand has to do with it, then the answer.
  var answerLines: [(text: String, style: Style)] {
    guard let question = help.question else { return [] }
    var lines: [(text: String, style: Style)] = []
    let width = width - 6
    var told: Set<String> = []
    for fact in facts(question) where told.insert(fact.text).inserted {
      for part in wrap(fact.text, width) { lines.append((part, fact.style)) }
    }
    for line in question.words(language).lines {
      lines.append(("", .normal))
      for part in wrap(line, width) { lines.append((part, .normal)) }
    }
    return lines
  }

  private func drawAnswer(_ frame: inout Frame, _ rect: Rect) {
    guard let question = help.question else { return }
    frame.text(
      fit(" \(question.rawValue) " + question.words(language).title + " ", rect.width - 4), x: rect.x + 2, y: rect.y,
      style: .title)
    let lines = answerLines
    let page = max(1, rect.height - 2)
    let top = max(0, min(help.scroll.top, lines.count - page))
    for (index, line) in lines.dropFirst(top).prefix(page).enumerated() {
      frame.text(line.text, x: rect.x + 3, y: rect.y + 1 + index, style: line.style)
    }
    frame.cursor = Point(x: rect.x + 3, y: rect.y + 1)
    frame.scrollBar(x: rect.right - 1, y: rect.y + 1, height: page, top: top, count: lines.count)
    let mark = positionMark(top: top, page: page, count: lines.count)
    frame.text(mark, x: rect.right - 2 - textWidth(mark), y: rect.bottom - 1, style: .dim)
  }
}
