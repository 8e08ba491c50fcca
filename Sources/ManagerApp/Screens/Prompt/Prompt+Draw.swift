import Base
import Failures
import KeyService
import TerminalKit
import TokenKit
import Wording

/// The picture of a web page's request.
struct PromptPicture: Picture {
  let prompt: PromptScreen
  let world: World

  enum Row {
    case blank
    case pair(label: String, text: String, Style)
    case line(String, Style)
    case field
    case word
  }

  var own: PromptWords { PromptWords(language) }
  private var pinWords: PINScreenWords { _read { yield PINScreenWords[language] } }

  func draw(_ frame: inout Frame) {
    let height = size.height - 2
    let width = min(84, size.width - 4)
    let inner = width - 6
    var rows = rows(inner)
    // The blank rows give way first.
    if rows.count + 2 > height { rows.removeAll { if case .blank = $0 { true } else { false } } }
    let padding = rows.count + 4 <= height ? 1 : 0
    let rect = dialog(width: width, height: rows.count + 2 + 2 * padding, &frame)
    let end = frame.text(" " + own.promptTitle + " ", x: rect.x + 2, y: rect.y, style: .title)
    frame.text(fit(world.tags, max(0, rect.right - end - 2)), x: end, y: rect.y, style: .warning)
    for (index, row) in rows.prefix(rect.height - 2).enumerated() {
      let origin = Point(x: rect.x + 3, y: rect.y + 1 + padding + index)
      switch row {
      case .blank: break
      case .pair(let label, let text, let style):
        frame.text(label, x: origin.x, y: origin.y, style: .dim)
        frame.text(fit(text, inner - column), x: origin.x + column, y: origin.y, style: style)
      case .line(let text, let style): frame.text(fit(text, inner), x: origin.x, y: origin.y, style: style)
      case .field:
        frame.text(fieldLabel, x: origin.x, y: origin.y, style: .title)
        frame.pinDots(
          Point(x: origin.x + column, y: origin.y), count: prompt.view.count(.old), room: 18, hasFocus: true,
          shown: prompt.isShown ? prompt.fields.map { (fields: $0, field: .old) } : nil)
      case .word:
        frame.text(pinWords.confirmPrompt, x: origin.x, y: origin.y, style: .title)
        frame.wordField(prompt.word, Point(x: origin.x + column, y: origin.y), room: 20)
      }
    }
  }

  private var fieldLabel: String { own.pinField }

  private var pairs: [(label: String, text: String)] {
    switch prompt.question {
    case .permission(let question): own.rows(question)
    case .pin(let question, _): isAsking ? own.rows(question) : own.rows(question).dropLast()
    }
  }

  /// The tries that were left are not true any more once the key has been asked.
  private var isAsking: Bool {
    switch prompt.phase {
    case .announced, .choosing, .confirming, .editing: true
    case .running, .ended: false
    }
  }

  private var column: Int {
    ((pairs.map(\.label) + [fieldLabel, pinWords.confirmPrompt]).map { textWidth($0) }.max() ?? 0) + 2
  }

  func rows(_ width: Int) -> [Row] {
    var rows: [Row] = []
    func lines(_ text: String, _ style: Style = .normal, limit: Int = 3) {
      rows += wrap(text, width).prefix(limit).map { .line($0, style) }
    }
    for (index, pair) in pairs.enumerated() {
      // The site and what is signed are shown whole, as far as three lines hold them.
      let parts = wrap(pair.text, max(10, width - column)).prefix(3)
      for (number, part) in parts.enumerated() {
        rows.append(.pair(label: number == 0 ? pair.label : "", text: part, index == 0 ? .title : .normal))
      }
    }
    rows.append(.blank)
    switch prompt.phase {
    case .announced: lines(own.announced, .warning)
    case .choosing:
      lines(own.newSite)
      rows.append(.blank)
      for (index, choice) in prompt.choices.enumerated() {
        let isChosen = index == prompt.choice
        let mark = isChosen ? Symbol.chosen : .notChosen
        rows.append(.line(mark.before(own.choice(choice)), isChosen ? .title : .normal))
      }
      rows.append(.blank)
      lines(own.eachTime, .dim)
    case .confirming:
      if case .pin(let question, _) = prompt.question {
        lines(Symbol.warning.before(pinWords.confirmLow(question.triesLeft)), .warning)
      }
      lines(pinWords.confirmHint)
      rows += [.blank, .word]
      if prompt.note == .wordDiffers { lines(Symbol.error.before(pinWords.wordDiffers), .error) }
    case .editing:
      rows += [.field, .blank]
      let (text, style) = hint
      lines(text, style, limit: 2)
      lines(own.refusing, .dim)
    case .running:
      lines("◐ " + own.working, .title)
      lines(pinWords.doNotRemove)
    case .ended(let outcome):
      let text = PINWords[language].text(outcome, language)
      lines(outcome.grade.symbol + " " + text.title, outcome.grade.style)
      if !text.next.isEmpty { lines(text.next) }
      if case .wrong(let left?) = outcome, left < 3 { lines(own.fewTriesAfter, .warning) }
    }
    return rows
  }

  /// The one hint below the field.
  private var hint: (String, Style) {
    switch prompt.note {
    case .rule(let rule): return (Symbol.error.before(PINWords[language].rule(rule)), .error)
    case .navigationKey: return (Symbol.warning.before(pinWords.navigationKey), .warning)
    case .noRoom: return (Symbol.warning.before(pinWords.noRoom), .warning)
    case .wiped: return (Symbol.warning.before(pinWords.wiped), .warning)
    case .wordDiffers, nil: break
    }
    if case .pin(let question, _) = prompt.question, let previous = question.previous, prompt.view.count(.old) == 0 {
      return (Symbol.error.before(own.previous(previous)), .error)
    }
    return (own.onlyHere, .normal)
  }
}
