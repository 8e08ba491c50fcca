internal import Base
import Failures
package import TerminalKit
import TokenKit

/// The picture of a state. Pure; always of the state's size (up to ``Frame/limit``).
package func draw(_ state: State) -> Frame {
  var frame = Frame(size: state.size)
  if state.isTooSmall {
    state.drawTooSmall(&frame)
    return frame
  }
  // A full-screen overlay hides what is under it.
  let covering = state.overlays.lastIndex { $0.isCovering }
  if covering == nil { state.drawMain(&frame) }
  for overlay in state.overlays[(covering ?? 0)...] {
    switch overlay {
    case .help(let help): state.drawHelp(help, &frame)
    case .detail(let detail): state.drawDetail(detail, &frame)
    case .export(let export): state.drawExport(export, &frame)
    case .pin(let pin): state.drawPIN(pin, &frame)
    case .unlock(let unlock): state.drawUnlock(unlock, &frame)
    case .diagnosis(let diagnosis): state.drawDiagnosis(diagnosis, &frame)
    }
  }
  state.drawFooter(&frame)
  return frame
}

extension Overlay {
  /// Takes the whole screen: nothing under it is drawn.
  var isCovering: Bool {
    switch self {
    case .detail, .diagnosis, .unlock: true
    case .help, .export, .pin: false
    }
  }
}

extension State {
  fileprivate func drawTooSmall(_ frame: inout Frame) {
    let minimum = MainLayout.minimum
    let lines = words.tooSmall(
      "\(minimum.width)×\(minimum.height)", "\(size.width)×\(size.height)")
    for (index, line) in lines.enumerated() {
      let y = max(0, (size.height - lines.count) / 2) + index
      let x = max(0, (size.width - textWidth(line)) / 2)
      frame.text(fit(line, size.width), x: x, y: y, style: index == 1 ? .warning : .normal)
    }
  }

  fileprivate func drawMain(_ frame: inout Frame) {
    let layout = MainLayout(size)
    frame.box(layout.box)
    for y in 1..<layout.box.bottom - 1 { frame.text("│", x: layout.divider, y: y, style: .border) }
    frame.text("┬", x: layout.divider, y: 0, style: .border)
    frame.text("┴", x: layout.divider, y: layout.box.bottom - 1, style: .border)
    drawHeader(&frame)
    drawTree(&frame, layout)
    drawInfo(&frame, layout.info)
  }

  /// The title and the state of the reader service in the upper border.
  func drawHeader(_ frame: inout Frame) {
    let (symbol, text, style) = serviceWords
    let service = " " + words.service + " " + symbol + " " + text + " "
    let start = size.width - 2 - textWidth(service)
    frame.text(" " + words.service + " ", x: start, y: 0)
    frame.text(symbol + " " + text + " ", x: start + textWidth(words.service) + 2, y: 0, style: style)

    let tags = tags
    let x = frame.text(" " + fit(words.title, start - 5 - textWidth(tags)) + " ", x: 2, y: 0, style: .title)
    frame.text(tags, x: x, y: 0, style: .warning)
  }

  /// What must be seen on every screen: that the data is a demonstration, that the terminal cannot show all.
  var tags: String {
    (isDemo ? "[" + words.demo + "] " : "") + (isASCII ? "[" + words.asciiTag + "] " : "")
  }

  private var serviceWords: (symbol: String, text: String, style: Style) {
    switch service {
    case .starting: ("◐", words.serviceStarting, .dim)
    case .running: ("●", words.serviceRunning, .ok)
    case .embedded: ("●", words.serviceEmbedded, .ok)
    case .notNeeded: ("●", words.serviceNotNeeded, .ok)
    case .down(let failure):
      ("✕", failure.code == .serviceDenied ? words.serviceDenied : words.serviceDown, .error)
    }
  }

  private func drawTree(_ frame: inout Frame, _ layout: MainLayout) {
    frame.text(fit(words.keys, layout.tree.width - 2), x: 2, y: 1, style: .title)
    let rows = rows
    let top = max(0, min(treeTop, rows.count - layout.tree.height))
    for (offset, row) in rows.dropFirst(top).prefix(layout.tree.height).enumerated() {
      let y = layout.tree.y + offset
      let isSelected = row.id == selection
      if isSelected { frame.fill(Rect(x: layout.tree.x, y: y, width: layout.tree.width, height: 1), style: .selected) }
      drawRow(row, isSelected, &frame, Rect(x: layout.tree.x, y: y, width: layout.tree.width, height: 1))
    }
    let mark = positionMark(top: top, page: layout.tree.height, count: rows.count)
    frame.text(mark, x: layout.divider - textWidth(mark), y: layout.box.bottom - 1, style: .dim)
  }

  /// `▸ ● name … suffix mark`; the mark is at the right edge.
  private func drawRow(_ row: TreeRow, _ isSelected: Bool, _ frame: inout Frame, _ rect: Rect) {
    let base: Style = isSelected ? .selected : row.style
    var x = frame.text(isSelected ? "▸" : " ", x: rect.x, y: rect.y, style: isSelected ? .selected : .normal)
    x = frame.text(row.depth == 0 ? "" : "   ", x: x, y: rect.y, style: isSelected ? .selected : .normal)
    if !row.symbol.isEmpty {
      x = frame.text(row.symbol + " ", x: x, y: rect.y, style: base)
    }
    var right = rect.right
    if !row.mark.isEmpty {
      let style: Style =
        isSelected
        ? .selected : row.mark == Grade.error.symbol ? .error : row.mark == Grade.warning.symbol ? .warning : .dim
      frame.text(row.mark, x: rect.right - 1, y: rect.y, style: style)
      right -= 2
    }
    let room = right - x
    if row.suffix.isEmpty {
      frame.text(fit(row.text, room), x: x, y: rect.y, style: base)
    } else {
      // Of a long suffix (a serial number) the end tells keys apart.
      // A role is kept whole, the name of a key gives way by half.
      let kept = min(textWidth(row.text), row.depth == 0 ? room / 2 : room - 7)
      let tail = fitStart(row.suffix, max(4, room - kept - 1))
      x = frame.text(fit(row.text, room - textWidth(tail) - 1), x: x, y: rect.y, style: base)
      frame.text(tail, x: x + 1, y: rect.y, style: isSelected ? .selected : .dim)
    }
  }

  fileprivate func drawFooter(_ frame: inout Frame) {
    let y = size.height - 2
    if let message {
      frame.text(fit(message.text, size.width - 2), x: 1, y: y, style: message.style)
    }
    for item in hints {
      let x = frame.text(item.label, x: item.x, y: size.height - 1, style: item.isAvailable ? .key : .dim)
      frame.text(" " + item.word, x: x, y: size.height - 1, style: item.isAvailable ? .normal : .dim)
    }
  }

  /// The hint bar of the screen on top: folded to the width, the important ones staying.
  var hints: [Hint] {
    let candidates = screen.bindings.filter { $0.rank != nil }.map { binding in
      let isAvailable = availability(binding.action) == .available
      let word = binding.word(words)
      let label = binding.label.split(separator: " ").first.map(String.init) ?? binding.label
      return (
        rank: binding.rank ?? 0,
        hint: Hint(
          x: 0, label: label, word: isAvailable ? word : "(" + word + ")", isAvailable: isAvailable,
          action: binding.action)
      )
    }
    var kept = candidates
    func width() -> Int { kept.reduce(1) { $0 + $1.hint.width + 2 } }
    // What cannot be used now gives way first: the key that helps must not be pushed out by those that do not.
    func order(_ candidate: (rank: Int, hint: Hint)) -> Int { candidate.rank + (candidate.hint.isAvailable ? 0 : 100) }
    while width() > size.width, let worst = kept.map(order).max() { kept.removeAll { order($0) == worst } }
    var x = 1
    return kept.map { candidate in
      var hint = candidate.hint
      hint.x = x
      x += hint.width + 2
      return hint
    }
  }

  func hint(at point: Point) -> Action? {
    guard point.y == size.height - 1 else { return nil }
    return hints.first { point.x >= $0.x && point.x < $0.x + $0.width }?.action
  }
}

/// One key in the hint bar.
struct Hint {
  var x: Int
  var label: String
  var word: String
  var isAvailable: Bool
  var action: Action

  var width: Int { textWidth(label) + 1 + textWidth(word) }
}

/// The end of a text in at most `width` cells, with `…` before it when it was cut.
func fitStart(_ text: String, _ width: Int) -> String {
  if textWidth(text) <= width { return text }
  guard width > 0 else { return "" }
  var view: [Unicode.Scalar] = []
  var used = 1
  for scalar in text.unicodeScalars.reversed() {
    let step = textWidth(scalar)
    if used + step > width { break }
    view.append(scalar)
    used += step
  }
  var result = String.UnicodeScalarView()
  result.append(contentsOf: view.reversed())
  return "…" + String(result)
}
