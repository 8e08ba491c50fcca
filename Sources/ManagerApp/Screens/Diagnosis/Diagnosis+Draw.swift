import Base
import DiagnosisKit
import Failures
import TerminalKit
import Wording

/// Where things are on the screen of the diagnosis: the conclusion, the chain, the facts of the selected link.
struct DiagnosisLayout {
  let box: Rect
  let conclusion: Rect
  let list: Rect
  let facts: Rect
  /// Facts stand at the right where there is room, else below.
  let isWide: Bool

  init(_ size: Size, conclusionLines: (_ width: Int) -> Int) {
    box = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    let inner = max(10, size.width - 4)
    let lines = conclusionLines(inner)
    conclusion = Rect(x: 2, y: 1, width: inner, height: min(lines, max(2, box.height - 8)))
    let top = conclusion.bottom + 1
    let room = max(1, box.height - 1 - top)
    isWide = size.width >= 110
    if isWide {
      let left = min(62, size.width / 2)
      list = Rect(x: 1, y: top, width: left, height: room)
      facts = Rect(x: left + 3, y: top, width: size.width - left - 5, height: room)
    } else {
      let below = min(6, room / 3)
      list = Rect(x: 1, y: top, width: size.width - 2, height: max(1, room - below - 1))
      facts = Rect(x: 2, y: list.bottom + 1, width: inner, height: below)
    }
  }
}

/// The picture of the screen 驱动诊断.
struct DiagnosisPicture: Picture {
  let diagnosis: DiagnosisScreen
  let world: World

  var layout: DiagnosisLayout {
    DiagnosisLayout(size) { conclusionLines(width: $0).count }
  }

  var phrases: DiagnosisPhrases { _read { yield DiagnosisPhrases[language] } }
  var colon: String { Punctuation[language].colon }

  func draw(_ frame: inout Frame) {
    let layout = layout
    frame.fill(layout.box)
    frame.box(layout.box)
    var title = " " + words.diagnose + " "
    if case .preview = diagnosis.phase { title += "· " + words.reportPreview + " " }
    let x = frame.text(title, x: 2, y: 0, style: .title)
    frame.text(world.tags, x: x, y: 0, style: .warning)
    if let result = diagnosis.result {
      let text = " " + phrases.seconds(tenths(result.microseconds)) + " "
      frame.text(text, x: size.width - 2 - textWidth(text), y: 0, style: .dim)
    }
    if case .preview(let lines, let scroll) = diagnosis.phase {
      drawPreview(lines, scroll, &frame)
      return
    }
    let conclusion = conclusionLines(width: layout.conclusion.width)
    for (index, line) in conclusion.prefix(layout.conclusion.height).enumerated() {
      frame.text(line.text, x: layout.conclusion.x, y: layout.conclusion.y + index, style: line.style)
    }
    drawChain(layout, &frame)
    drawFacts(layout, &frame)
    if case .repair(let fix) = diagnosis.phase { drawRepair(fix, &frame) }
    if case .destination(let field) = diagnosis.phase { drawDestination(field, &frame) }
  }

  private func tenths(_ microseconds: Int) -> String {
    let hundredths = max(0, microseconds) / 10_000
    return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
  }

  private func rule(_ y: Int, _ title: String, _ width: Int, _ frame: inout Frame) {
    frame.text("├" + String(repeating: "─", count: max(0, size.width - 2)) + "┤", x: 0, y: y, style: .border)
    frame.text(" " + fit(title, width) + " ", x: 2, y: y, style: .title)
  }

  private func drawChain(_ layout: DiagnosisLayout, _ frame: inout Frame) {
    let list = layout.list
    rule(list.y - 1, phrases.chain, list.width - 4, &frame)
    let all = diagnosis.order
    let column = (all.map { textWidth($0.title(language)) }.max() ?? 10) + 2
    let verdictColumn = Verdict.allCases.map { textWidth($0.title(language)) }.max() ?? 7
    for (offset, id) in all.dropFirst(diagnosis.top).prefix(list.height).enumerated() {
      let y = list.y + offset
      let isSelected = id == diagnosis.selection
      if isSelected { frame.fill(Rect(x: list.x, y: y, width: list.width, height: 1), style: .selected) }
      let finding = diagnosis.found[id]
      let style: Style = isSelected ? .selected : finding?.verdict.style ?? .dim
      let symbol = finding?.verdict.symbol ?? (diagnosis.started.contains(id) ? "◐" : " ")
      let word = finding?.verdict.title(language) ?? (diagnosis.started.contains(id) ? "…" : "")
      var x = frame.text((isSelected ? "▸" : " ") + symbol + " ", x: list.x, y: y, style: style)
      frame.text(fit(word, verdictColumn), x: x, y: y, style: style)
      x += verdictColumn + 1
      frame.text(fit(id.title(language), column), x: x, y: y, style: isSelected ? .selected : .normal)
      x += column
      let reason = finding.map { DiagnosisDocument.Row(id, $0).reason(language) } ?? ""
      frame.text(fit(reason, max(0, list.right - x)), x: x, y: y, style: style)
    }
    let mark = positionMark(top: diagnosis.top, page: list.height, count: all.count)
    frame.text(mark, x: list.right - 2 - textWidth(mark), y: list.y - 1, style: .dim)
    frame.scrollBar(x: size.width - 1, y: list.y, height: list.height, top: diagnosis.top, count: all.count)
  }

  private func drawFacts(_ layout: DiagnosisLayout, _ frame: inout Frame) {
    let area = layout.facts
    let id = diagnosis.selection
    guard area.height > 0 else { return }
    let title = phrases.facts + " · " + id.title(language) + " [" + id.rawValue + "]"
    if layout.isWide {
      for y in area.y..<area.bottom { frame.text("│", x: area.x - 2, y: y, style: .border) }
      frame.text("┬", x: area.x - 2, y: area.y - 1, style: .border)
      frame.text("┴", x: area.x - 2, y: area.bottom, style: .border)
      frame.text(" " + fit(title, area.width - 2) + " ", x: area.x - 1, y: area.y - 1, style: .title)
    } else {
      rule(area.y - 1, title, area.width - 2, &frame)
    }
    let lines = factLines(id, area.width, isWhole: layout.isWide)
    for (index, line) in lines.prefix(area.height).enumerated() {
      let isCut = area.height > 1 && index == area.height - 1 && lines.count > area.height
      frame.text(isCut ? "…" : line.0, x: area.x, y: area.y + index, style: line.1)
    }
  }

  /// What was found at a link.
  ///
  /// - Parameter isWhole: also what stands in the head already.
  func factLines(_ id: CheckID, _ width: Int, isWhole: Bool) -> [(String, Style)] {
    var lines: [(String, Style)] = []
    if let finding = diagnosis.found[id] {
      if let cause = finding.cause, finding.verdict != .skipped {
        let words = cause.words(language)
        if isWhole {
          lines += wrap(finding.verdict.symbol + " " + words.title, width).map { ($0, finding.verdict.style) }
        }
        // Where there is little room, what stands in the head already is not said again.
        if isWhole || id != diagnosis.first?.id { lines += wrap(words.remedy, width).map { ($0, .normal) } }
        if isWhole { lines.append(("", .normal)) }
      }
      for item in finding.evidence {
        let item = DiagnosisDocument.Item(fact: item.fact.rawValue, value: item.value)
        lines += wrap(item.title(language) + colon + item.shown(language), width).map { ($0, .normal) }
      }
      if finding.evidence.isEmpty, lines.isEmpty {
        lines = wrap(DiagnosisDocument.Row(id, finding).reason(language), width).map { ($0, .dim) }
      }
    }
    return lines
  }

  private func drawPreview(_ lines: [String], _ scroll: Scroll, _ frame: inout Frame) {
    let height = max(1, size.height - 4)
    let top = max(0, min(scroll.top, lines.count - height))
    for (index, line) in lines.dropFirst(top).prefix(height).enumerated() {
      frame.text(fit(line, size.width - 4), x: 2, y: 1 + index)
    }
    let mark = positionMark(top: top, page: height, count: lines.count)
    let note = " " + fit(phrases.redacted, size.width - 6 - textWidth(mark)) + " "
    frame.text(note, x: 2, y: size.height - 3, style: .title)
    frame.text(mark, x: size.width - 2 - textWidth(mark), y: size.height - 3, style: .dim)
    frame.scrollBar(x: size.width - 1, y: 1, height: height, top: top, count: lines.count)
  }

  private func drawDestination(_ field: TextField, _ frame: inout Frame) {
    let width = min(70, size.width - 6)
    let rect = dialog(width: width, height: 5, &frame)
    frame.text(" " + words.report + " ", x: rect.x + 2, y: rect.y, style: .title)
    let x = frame.text(words.exportPath + "  ", x: rect.x + 2, y: rect.y + 2, style: .dim)
    let room = rect.right - 2 - x
    let visible = field.visible(width: room)
    frame.text(visible.text, x: x, y: rect.y + 2, style: .title, width: room)
    frame.cursor = Point(x: min(x + visible.column, rect.right - 2), y: rect.y + 2)
  }

  private func drawRepair(_ fix: Fix, _ frame: inout Frame) {
    let width = min(70, size.width - 6)
    var lines: [(String, Style)] = wrap(words.repairAsk, width - 4).map { ($0, .normal) }
    lines += wrap(displaySafe(fix.command), width - 6).map { ("  " + $0, .key) }
    let rect = dialog(width: width, height: lines.count + 2, &frame)
    frame.text(" " + words.repair + " ", x: rect.x + 2, y: rect.y, style: .title)
    for (index, line) in lines.enumerated() {
      frame.text(line.0, x: rect.x + 2, y: rect.y + 1 + index, style: line.1)
    }
  }
}
