import Base
import TerminalKit

/// The help overlay: the key table of the screen under it.
struct HelpState: Sendable {
  var screen: Screen
  var scroll = Scroll()
}

extension State {
  private struct HelpLine {
    var key = ""
    var text = ""
    var reason = ""
    var style = Style.normal
  }

  private func helpLines(_ help: HelpState) -> [HelpLine] {
    // Availability is asked for the screen under the help.
    var under = self
    if case .help = under.overlays.last { under.overlays.removeLast() }
    var lines = help.screen.bindings.map { binding in
      switch under.availability(binding.action) {
      case .available: HelpLine(key: binding.label, text: binding.word(words))
      case .unavailable(let reason):
        HelpLine(key: binding.label, text: "(" + binding.word(words) + ")", reason: reason, style: .dim)
      }
    }
    lines.append(HelpLine())
    lines.append(HelpLine(text: words.symbolsTitle, style: .title))
    for (grade, word) in [(Grade.ok, words.symbolOK), (.warning, words.symbolWarning), (.error, words.symbolError)] {
      lines.append(HelpLine(key: grade.symbol, text: word, style: grade.style))
    }
    if isASCII {
      for part in wrap(words.asciiOnly, 64) { lines.append(HelpLine(text: part, style: .warning)) }
    }
    return lines
  }

  private var helpRect: Rect {
    let lines: Int = if case .help(let help) = overlays.last { helpLines(help).count } else { 0 }
    return dialogRect(width: min(72, size.width - 4), height: lines + 2)
  }

  /// Lines in sight and in all.
  var helpGeometry: (page: Int, count: Int) {
    let lines: Int = if case .help(let help) = overlays.last { helpLines(help).count } else { 0 }
    return (max(1, helpRect.height - 2), lines)
  }

  func drawHelp(_ help: HelpState, _ frame: inout Frame) {
    let lines = helpLines(help)
    let rect = dialog(width: min(72, size.width - 4), height: lines.count + 2, &frame)
    frame.text(" " + words.helpTitle + " ", x: rect.x + 2, y: rect.y, style: .title)
    let page = max(1, rect.height - 2)
    let top = max(0, min(help.scroll.top, lines.count - page))
    let column = (lines.map { textWidth($0.key) }.max() ?? 0) + 3
    let inner = rect.inset(x: 3, y: 1)
    for (index, line) in lines.dropFirst(top).prefix(page).enumerated() {
      let y = inner.y + index
      if line.key.isEmpty {
        frame.text(fit(line.text, inner.width), x: inner.x, y: y, style: line.style)
        continue
      }
      let isSymbol = Grade(symbol: line.key) != nil
      frame.text(line.key, x: inner.x, y: y, style: isSymbol || line.style == .dim ? line.style : .key)
      let text = line.reason.isEmpty ? line.text : line.text + "  " + line.reason
      frame.text(
        fit(text, inner.width - column), x: inner.x + column, y: y, style: line.style == .dim ? .dim : .normal)
    }
    let mark = positionMark(top: top, page: page, count: lines.count)
    frame.text(mark, x: rect.right - 2 - textWidth(mark), y: rect.bottom - 1, style: .dim)
  }
}

extension Grade {
  init?(symbol: String) {
    guard let grade = [Grade.ok, .warning, .error].first(where: { $0.symbol == symbol }) else { return nil }
    self = grade
  }
}
