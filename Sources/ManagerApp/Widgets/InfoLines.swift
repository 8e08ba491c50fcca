import Base
import TerminalKit

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
