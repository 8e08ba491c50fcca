/// Cells that a scalar takes on a terminal: 0 for a mark that joins the cell before it, 2 for East Asian wide and
/// full-width ones and for emoji, else 1. Ambiguous ones (box lines, `…`, `●`) take 1, as terminals outside legacy
/// East Asian modes draw them. Control characters count 1: they are drawn as a replacement, never sent.
package func textWidth(_ scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value < 0x300 { return 1 }
  if contains(WidthTables.zero, value) { return 0 }
  return contains(WidthTables.wide, value) ? 2 : 1
}

/// Cells that a text takes. Joined emoji count as their parts, as a terminal without cluster support draws them.
package func textWidth(_ text: String) -> Int {
  var width = 0
  for scalar in text.unicodeScalars { width += textWidth(scalar) }
  return width
}

package func textWidth(_ text: Substring) -> Int { textWidth(String(text)) }

/// The text cut to at most `width` cells on a whole cell; `…` in its last cell says that something is missing.
package func fit(_ text: String, _ width: Int) -> String {
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
package func pad(_ text: String, _ width: Int) -> String {
  let cut = fit(text, width)
  return cut + String(repeating: " ", count: max(0, width - textWidth(cut)))
}

/// The text in lines of at most `width` cells. Breaks at spaces where it can, between any two East Asian wide
/// characters, and inside a word that is longer than a line; closing punctuation stays with its word. Never empty.
package func wrap(_ text: String, _ width: Int) -> [String] {
  guard width > 1 else { return [fit(text, width)] }
  var lines: [String] = []
  for paragraph in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
    var rest = Array(paragraph)[...]
    repeat {
      let end = lineEnd(rest, width)
      var line = rest[..<end]
      while line.last == " " { line.removeLast() }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: line)
      lines.append(String(view))
      rest = rest[end...].drop { $0 == " " }
    } while !rest.isEmpty
  }
  return lines
}

/// Where the first line of these scalars ends.
private func lineEnd(_ scalars: ArraySlice<Unicode.Scalar>, _ width: Int) -> Int {
  var used = 0
  var end = scalars.startIndex
  while end < scalars.endIndex {
    used += textWidth(scalars[end])
    if used > width { break }
    end += 1
  }
  // A space that does not fit is the end of its line.
  if end == scalars.endIndex || scalars[end] == " " { return end }
  var candidate = end
  while candidate > scalars.startIndex {
    if canBreak(scalars[candidate - 1], scalars[candidate]) { return candidate }
    candidate -= 1
  }
  return end
}

/// Whether a line may end between two neighbours.
private func canBreak(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
  if left == " " { return true }
  if noLineStart.contains(right) || noLineEnd.contains(left) || textWidth(right) == 0 { return false }
  return textWidth(left) == 2 || textWidth(right) == 2
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
