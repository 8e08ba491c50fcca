import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// A line of the right pane: a label and pieces of text.
struct InfoLine {
  var label = ""
  var pieces: [(text: String, style: Style)] = []
  /// A bar before the pieces, this part of it filled.
  var bar: Double?
  var barStyle = Style.normal
}

/// Collects lines, values wrapped to a width.
struct InfoBuilder {
  let width: Int
  /// A longer value is cut.
  let maxLines: Int
  private(set) var lines: [InfoLine] = []

  init(width: Int, maxLines: Int) {
    self.width = width
    self.maxLines = max(1, maxLines)
  }

  /// A value under its label; `tail` stands behind its end.
  mutating func add(
    _ label: String, _ text: String, style: Style = .normal, tail: String = "", tailStyle: Style = .normal,
    maxLines: Int? = nil
  ) {
    let maxLines = maxLines ?? self.maxLines
    var parts = wrap(text, width)
    if parts.count > maxLines {
      var rest = Substring(text).unicodeScalars.drop { $0 == " " }
      for part in parts[..<(maxLines - 1)] {
        rest = rest.dropFirst(part.unicodeScalars.count).drop { $0 == " " }
      }
      parts = Array(parts[..<(maxLines - 1)]) + [fit(String(rest), width)]
    }
    if !tail.isEmpty {
      let needed = textWidth(tail) + 1
      if let last = parts.last, textWidth(last) + needed > width {
        if parts.count < maxLines { parts.append("") } else { parts[parts.count - 1] = fit(last, width - needed) }
      }
    }
    for (index, part) in parts.enumerated() {
      var line = InfoLine(label: index == 0 ? label : "", pieces: [(part, style)])
      if index == parts.count - 1, !tail.isEmpty { line.pieces.append((part.isEmpty ? tail : " " + tail, tailStyle)) }
      lines.append(line)
    }
  }

  /// Bytes as `35:A1:…`, broken between bytes.
  mutating func addHex(_ label: String, _ text: String) {
    let perLine = max(1, (width + 1) / 3) * 3
    var rest = text[...]
    var count = 0
    repeat {
      count += 1
      let isLast = count == maxLines || rest.utf8.count < perLine
      let part = isLast ? fit(String(rest), width) : String(rest.prefix(perLine - 1))
      lines.append(InfoLine(label: count == 1 ? label : "", pieces: [(part, .normal)]))
      rest = isLast ? "" : rest.dropFirst(perLine)
    } while !rest.isEmpty
  }

  mutating func add(_ line: InfoLine) { lines.append(line) }
}

extension State {
  func drawInfo(_ frame: inout Frame, _ rect: Rect) {
    guard let slot = selectedSlot, !slot.isEmpty else {
      drawWaiting(&frame, rect)
      return
    }
    switch slot.card {
    case .empty: break
    case .reading:
      drawTitle(&frame, rect, slot.title)
      frame.text(words.readingKey, x: rect.x, y: rect.y + 2, style: .dim)
    case .failed(let failure):
      drawTitle(&frame, rect, slot.title)
      drawFailure(failure, &frame, Rect(x: rect.x, y: rect.y + 2, width: rect.width, height: rect.height - 2))
    case .key(let snapshot): drawKey(snapshot, &frame, rect)
    }
  }

  private func drawTitle(_ frame: inout Frame, _ rect: Rect, _ text: String) {
    frame.text(fit(text, rect.width), x: rect.x, y: rect.y, style: .title)
  }

  /// What happened, what to do, and the numbers.
  func drawFailure(_ failure: Failure, _ frame: inout Frame, _ rect: Rect) {
    let text = failure.words(language)
    var lines: [(String, Style)] = wrap("✕ " + text.title, rect.width).map { ($0, .error) }
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

  private func drawKey(_ snapshot: TokenSnapshot, _ frame: inout Frame, _ rect: Rect) {
    let view = selectedEntry
    var title = words.certificateInfo
    if let view { title += " · " + words.role(view.entry.role) }
    if isDemo { title += " [" + words.demo + "]" }
    drawTitle(&frame, rect, title)
    let body = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)

    if view == nil, let failure = firstFailure(snapshot) {
      drawFailure(failure, &frame, Rect(x: body.x, y: body.y + 1, width: body.width, height: body.height - 1))
      return
    }
    var labels = [
      words.owner, words.uscc, words.issuer, words.serial, words.validity, words.usageAndAlgorithm, words.keySerial,
      words.pin,
    ]
    if body.width >= 48 { labels += [words.organization, words.adminPIN, words.manufacturer, words.container] }
    let column = (labels.map { textWidth($0) }.max() ?? 10) + 2
    let width = max(8, body.width - column)

    // As much as fits: first all lines of the values with a gap above, then fewer.
    var lines: [InfoLine] = []
    for (ownerLines, maxLines, isCompact) in [
      (3, 3, false), (2, 2, false), (2, 2, true), (2, 1, true), (1, 1, true),
    ] {
      var builder = InfoBuilder(width: width, maxLines: maxLines)
      addMain(view, snapshot, to: &builder, ownerLines: ownerLines, isCompact: isCompact)
      lines = builder.lines
      if lines.count <= body.height - (isCompact ? 0 : 1) { break }
    }
    let extras = extraLines(view, snapshot, width: width)
    let hasGap = lines.count + 1 <= body.height
    let room = body.height - (hasGap ? 1 : 0)
    if !extras.isEmpty, lines.count + 2 <= room {
      lines.append(InfoLine())
      lines += extras.prefix(room - lines.count)
    }
    if lines.count > room {
      lines = Array(lines.prefix(max(0, room - 1))) + [InfoLine(pieces: [(words.moreFields, .dim)])]
    }
    for (index, line) in lines.enumerated() {
      draw(line, &frame, x: body.x, y: body.y + index + (hasGap ? 1 : 0), column: column, width: width)
    }
  }

  private func draw(_ line: InfoLine, _ frame: inout Frame, x: Int, y: Int, column: Int, width: Int) {
    frame.text(line.label, x: x, y: y, style: .dim)
    var position = x + column
    let right = position + width
    if let bar = line.bar {
      let text = line.pieces.reduce(0) { $0 + textWidth($1.text) }
      let length = min(24, width - text - 1)
      if length >= 4 {
        frame.progress(x: position, y: y, width: length, part: bar, style: line.barStyle)
        position += length + 1
      }
    }
    for piece in line.pieces {
      position = frame.text(fit(piece.text, right - position), x: position, y: y, style: piece.style)
    }
  }

  private func firstFailure(_ snapshot: TokenSnapshot) -> Failure? {
    snapshot.applications.failure ?? snapshot.applications.value?.lazy.compactMap(\.containers.failure).first
  }
}
