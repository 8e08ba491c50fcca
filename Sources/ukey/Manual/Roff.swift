import Base

/// Lines of a page for man(7), readable by groff and mandoc.
struct Roff {
  private(set) var text = ""
  /// Nothing stands under the last title yet.
  private var isFresh = false

  mutating func title(_ name: String, _ manual: String) {
    // No date of today: the same source makes the same page.
    line(
      ".TH \"\(Self.escape(name.uppercased()))\" 1 \"\" \"\(Self.escape(ProgramVersion.text))\" \"\(Self.escape(manual))\""
    )
    line(".nh")
    line(".ad l")
  }

  mutating func section(_ title: String) {
    line(".SH \"" + Self.escape(title) + "\"")
    isFresh = true
  }

  /// Escaped already.
  mutating func text(_ roff: String) { line(Self.guarded(roff)) }

  /// `ukey pin change [--json] …`, its first words strong.
  mutating func usage(_ usage: String, command count: Int) {
    let words = usage.split(separator: " ")
    let head = words.prefix { !$0.hasPrefix("[") && !$0.hasPrefix("<") && !$0.hasPrefix("-") }.joined(separator: " ")
    let rest = words.dropFirst(head.split(separator: " ").count).joined(separator: " ")
    gap()
    line("\\fB" + Self.escape(head) + "\\fR" + (rest.isEmpty ? "" : " " + Self.escape(rest)))
  }

  mutating func paragraphs(_ paragraphs: [ManualHelp.Paragraph]) {
    for paragraph in paragraphs {
      switch paragraph {
      case .text(let text):
        gap()
        line(Self.guarded(Self.escape(text)))
      case .lines(let lines):
        gap()
        line(".nf")
        for own in lines { line(Self.guarded("    " + Self.escape(own))) }
        line(".fi")
      }
    }
  }

  mutating func item(_ label: String, _ words: String) {
    line(".TP")
    line(label)
    line(words.isEmpty ? "\\&" : Self.guarded(Self.escape(words)))
  }

  private mutating func gap() { if !isFresh { line(".PP") } }

  private mutating func line(_ line: String) {
    text += line + "\n"
    isFresh = false
  }

  /// Names of options strong, what stands for a value slanted: `--reader <name>`.
  static func label(_ label: String) -> String {
    label.split(separator: " ").map { word in
      (word.hasPrefix("<") ? "\\fI" : "\\fB") + escape(String(word)) + "\\fR"
    }.joined(separator: " ")
  }

  /// Between any two characters of Chinese a line may end, which neither groff nor mandoc knows.
  static func escape(_ text: String) -> String {
    var result = ""
    var before: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if let left = before, mayBreak(left, scalar) { result += "\\:" }
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      default: result.unicodeScalars.append(scalar)
      }
      before = scalar
    }
    return result
  }

  private static func mayBreak(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
    func isWide(_ scalar: Unicode.Scalar) -> Bool { textWidth(scalar) == 2 }
    let closing: Set<Unicode.Scalar> = ["，", "。", "、", "；", "：", "！", "？", "）", "」", "》", "”", ",", ".", ")"]
    let opening: Set<Unicode.Scalar> = ["（", "「", "《", "“", "("]
    if left == " " || right == " " || closing.contains(right) || opening.contains(left) { return false }
    return isWide(left) || isWide(right)
  }

  /// A line that begins like a request is none.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }
}
