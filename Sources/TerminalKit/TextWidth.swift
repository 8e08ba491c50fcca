/// Cells that a scalar takes on a terminal: 0 for a mark that joins the cell before it, 2 for East Asian wide and
/// full-width ones and for emoji, else 1. Ambiguous ones (box lines, `…`, `●`) take 1, as terminals outside legacy
/// East Asian modes draw them. Control characters count 1: they are drawn as a replacement, never sent.
public func textWidth(_ scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value < 0x300 { return 1 }
  if contains(WidthTables.zero, value) { return 0 }
  return contains(WidthTables.wide, value) ? 2 : 1
}

/// Cells that a text takes. Joined emoji count as their parts, as a terminal without cluster support draws them.
public func textWidth(_ text: some StringProtocol) -> Int {
  var width = 0
  for scalar in text.unicodeScalars { width += textWidth(scalar) }
  return width
}

/// The text cut to at most `width` cells on a whole cell; `…` in its last cell says that something is missing.
public func fit(_ text: String, _ width: Int) -> String {
  guard width > 0 else { return "" }
  if textWidth(text) <= width { return text }
  var result = String.UnicodeScalarView()
  var used = 0
  for scalar in text.unicodeScalars {
    let step = textWidth(scalar)
    if used + step > width - 1 { break }
    result.append(scalar)
    used += step
  }
  return String(result) + "…"
}

/// The text cut or filled with spaces to exactly `width` cells.
public func pad(_ text: String, _ width: Int) -> String {
  let cut = fit(text, width)
  return cut + String(repeating: " ", count: max(0, width - textWidth(cut)))
}

/// The text in lines of at most `width` cells. Breaks at spaces where it can, between any two East Asian wide
/// characters, and inside a word that is longer than a line; closing punctuation stays with its word. Never empty.
public func wrap(_ text: String, _ width: Int) -> [String] {
  guard width > 1 else { return [fit(text, width)] }
  var lines: [String] = []
  var line: [Unicode.Scalar] = []
  var used = 0
  var breakAt: Int?

  func emit(_ scalars: ArraySlice<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    while view.last == " " { view.removeLast() }
    lines.append(String(view))
  }

  for scalar in text.unicodeScalars {
    if scalar == "\n" {
      emit(line[...])
      line = []
      used = 0
      breakAt = nil
      continue
    }
    let step = textWidth(scalar)
    if used + step > width, !line.isEmpty {
      if scalar == " " {
        emit(line[...])
        line = []
        used = 0
        breakAt = nil
        continue
      }
      let canBreakHere = step == 2 && !noLineStart.contains(scalar)
      let cut = canBreakHere ? line.count : (breakAt ?? line.count)
      emit(line[..<cut])
      line = Array(line[cut...].drop { $0 == " " })
      used = line.reduce(0) { $0 + textWidth($1) }
      breakAt = nil
    }
    if line.isEmpty && scalar == " " && !lines.isEmpty { continue }
    if step == 2 && !noLineStart.contains(scalar) && !line.isEmpty { breakAt = line.count }
    line.append(scalar)
    used += step
    if scalar == " " || (step == 2 && used < width) && !noLineEnd.contains(scalar) { breakAt = line.count }
    if noLineStart.contains(scalar), let at = breakAt, at == line.count - 1 { breakAt = nil }
  }
  emit(line[...])
  return lines
}

/// Closing punctuation that may not begin a line.
private let noLineStart: Set<Unicode.Scalar> = [
  "，", "。", "、", "；", "：", "！", "？", "）", "」", "』", "》", "”", "’", ",", ".",
]
/// Opening punctuation that may not end a line.
private let noLineEnd: Set<Unicode.Scalar> = ["（", "「", "『", "《", "“", "‘"]

private func contains(_ ranges: [(UInt32, UInt32)], _ value: UInt32) -> Bool {
  var low = 0
  var high = ranges.count - 1
  while low <= high {
    let middle = (low + high) / 2
    let range = ranges[middle]
    if value < range.0 {
      high = middle - 1
    } else if value > range.1 {
      low = middle + 1
    } else {
      return true
    }
  }
  return false
}
