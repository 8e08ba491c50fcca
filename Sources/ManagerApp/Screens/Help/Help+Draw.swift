import Base
import TerminalKit
import Wording

/// The picture of the help.
struct HelpPicture: Picture {
  let help: HelpScreen
  let world: World

  struct Line {
    var key = ""
    var text = ""
    var reason = ""
    var style = Style.normal
  }

  var lines: [Line] {
    var lines = help.keys.map { hint in
      switch hint.availability {
      case .available: Line(key: hint.label, text: hint.word)
      case .unavailable(let reason): Line(key: hint.label, text: "(" + hint.word + ")", reason: reason, style: .dim)
      }
    }
    lines.append(Line())
    lines.append(Line(text: words.symbolsTitle, style: .title))
    for (grade, word) in [(Grade.ok, words.symbolOK), (.warning, words.symbolWarning), (.error, words.symbolError)] {
      lines.append(Line(key: grade.symbol, text: word, style: grade.style))
    }
    if world.isASCII {
      for part in wrap(words.asciiOnly, 64) { lines.append(Line(text: part, style: .warning)) }
    }
    return lines
  }

  private var width: Int { min(72, size.width - 4) }

  /// Lines in sight.
  var page: Int { max(1, dialogRect(width: width, height: lines.count + 2).height - 2) }

  func draw(_ frame: inout Frame) {
    let lines = lines
    let rect = dialog(width: width, height: lines.count + 2, &frame)
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
