internal import CNcurses
import Glibc

/// What the locale lets a terminal show.
package enum Charset: Sendable, Equatable {
  case utf8
  /// Only ASCII; `codeset` is what the locale says (`ANSI_X3.4-1968` for the C locale).
  case ascii(codeset: String)

  /// Takes the locale from the environment (`setlocale`), for the whole process. Call once, before threads start.
  ///
  /// A UTF-8 locale that is named but not installed (common on servers reached by ssh) falls back to `C.UTF-8`.
  package static func fromEnvironment() -> Charset {
    setlocale(LC_ALL, "")
    if currentCodeset == "UTF-8" { return .utf8 }
    let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
    let named = names.map { name in getenv(name).map { String(cString: $0) } ?? "" }.first { !$0.isEmpty }
    let folded = (named ?? "").lowercased()
    if folded.hasSuffix("utf-8") || folded.hasSuffix("utf8") {
      setlocale(LC_CTYPE, "C.UTF-8")
      if currentCodeset == "UTF-8" { return .utf8 }
    }
    return .ascii(codeset: currentCodeset)
  }

  private static var currentCodeset: String {
    nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } ?? ""
  }
}

/// The ASCII characters that stand for one cell on a terminal without UTF-8, always of the same width.
func transliterated(_ cell: Cell) -> [Unicode.Scalar] {
  if cell.scalar.isASCII { return [cell.scalar] }
  if cell.width == 2 { return asciiWide[cell.scalar] ?? ["?", "?"] }
  return [asciiNarrow[cell.scalar] ?? "?"]
}

private let asciiNarrow: [Unicode.Scalar: Unicode.Scalar] = [
  "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
  "█": "#", "░": ".", "▲": "^", "▼": "v", "▸": ">", "▾": "v", "●": "*", "○": "o", "◐": "*", "✓": "v", "✕": "x",
  "⚠": "!", "…": "~", "·": "-", "→": ">", "←": "<", "↑": "^", "↓": "v", "■": "#", "□": "o", "–": "-", "—": "-",
  "‘": "'", "’": "'", "“": "\"", "”": "\"", "×": "x", "≠": "!", "\u{FFFD}": "?",
]

private let asciiWide: [Unicode.Scalar: [Unicode.Scalar]] = [
  "（": [" ", "("], "）": [")", " "], "，": [",", " "], "。": [".", " "], "：": [":", " "], "；": [";", " "],
  "！": ["!", " "], "？": ["?", " "], "、": [",", " "],
]
