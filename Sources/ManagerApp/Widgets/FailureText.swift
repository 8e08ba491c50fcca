import Base
import Failures
import TerminalKit
import Wording

extension Picture {
  /// What happened, what to do, and the numbers.
  func drawFailure(_ failure: Failure, _ frame: inout Frame, _ rect: Rect) {
    let text = failure.words(language)
    var lines: [(String, Style)] = wrap(Symbol.error.before(text.title), rect.width).map { ($0, .error) }
    lines.append(("", .normal))
    lines.append((words.whatToDo, .title))
    lines += wrap(text.remedy, rect.width).map { ($0, .normal) }
    lines.append(("", .normal))
    lines += wrap(failure.reference, rect.width).map { ($0, .dim) }
    if let context = failure.context { lines += wrap(displaySafe(context), rect.width).prefix(2).map { ($0, .dim) } }
    for cause in failure.causes.prefix(3) { lines.append((fit("← " + cause.reference, rect.width), .dim)) }
    // With little room the blank lines go first.
    if lines.count > rect.height { lines.removeAll { $0.0.isEmpty } }
    for (index, line) in lines.prefix(rect.height).enumerated() {
      frame.text(line.0, x: rect.x, y: rect.y + index, style: line.1)
    }
  }
}
