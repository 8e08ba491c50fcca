internal import Base

/// A page of ``Guide``: the little of Markdown that those pages use, for a terminal and for paper.
package struct GuidePage: Sendable, Equatable {
  enum Block: Sendable, Equatable {
    case heading(level: Int, String)
    case paragraph(String)
    /// `marker` with its blank: `- ` or `2. `.
    case item(marker: String, String)
    /// Lines as they stand: a screen, or commands.
    case lines([String])
  }

  /// As it stands in `Docs`, without what only a program reads.
  package private(set) var markdown: String
  let blocks: [Block]

  init(markdown: String) {
    var blocks: [Block] = []
    var kept: [Substring] = []
    var fenced: [String]?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let lines = fenced { blocks.append(.lines(lines)) }
        fenced = fenced == nil ? [] : nil
        // Behind the kind of a block stands where a test finds its screen.
        kept.append(line.prefix { $0 != " " })
        continue
      }
      kept.append(line)
      if fenced != nil {
        fenced?.append(String(line))
      } else if let block = Self.block(line) {
        blocks.append(block)
      } else if let last = blocks.last, !line.isEmpty, kept.dropLast().last?.isEmpty == false {
        blocks[blocks.count - 1] = last.going(on: line)
      } else if !line.isEmpty {
        blocks.append(.paragraph(String(line)))
      }
    }
    self.markdown = kept.joined(separator: "\n")
    self.blocks = blocks
  }

  private static func block(_ line: Substring) -> Block? {
    let hashes = line.prefix { $0 == "#" }.count
    if (1...3).contains(hashes), line.dropFirst(hashes).first == " " {
      return .heading(level: hashes, String(line.dropFirst(hashes + 1)))
    }
    if line.hasPrefix("- ") { return .item(marker: "- ", String(line.dropFirst(2))) }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    guard (1...2).contains(digits.count), line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return .item(marker: digits + ". ", String(line.dropFirst(digits.count + 2)))
  }

  /// For a terminal: no line wider than `width` cells, but for screens and commands.
  package func plain(width: Int) -> String {
    var lines: [String] = []
    var before: Block?
    for block in blocks {
      if block.opensGap(after: before) { lines.append("") }
      before = block
      switch block {
      case .heading(let level, let text):
        let title = wrap(GuideText(text).plain, width)
        lines += title
        if level == 1 { lines.append(String(repeating: "=", count: title.map { textWidth($0) }.max() ?? 0)) }
      case .paragraph(let text):
        lines += wrap(GuideText(text).plain, width)
      case .item(let marker, let text):
        let blank = String(repeating: " ", count: marker.count + 1)
        for (index, line) in wrap(GuideText(text).plain, width - blank.count).enumerated() {
          lines.append((index == 0 ? " " + marker : blank) + line)
        }
      case .lines(let own):
        lines += [""] + own.map { $0.isEmpty ? "" : "    " + $0 } + [""]
      }
    }
    var result: [String] = []
    for line in lines where !(line.isEmpty && result.last?.isEmpty != false) { result.append(line) }
    if result.last?.isEmpty == true { result.removeLast() }
    return result.joined(separator: "\n")
  }

  /// For paper: one file with nothing outside itself.
  package func html(_ language: Language) -> String {
    var body = ""
    var list: String?
    func close() {
      if let tag = list { body += "</\(tag)>\n" }
      list = nil
    }
    for block in blocks {
      if case .item(let marker, let text) = block {
        let tag = marker == "- " ? "ul" : "ol"
        if list != tag {
          close()
          body += tag == "ol" ? "<ol start=\"\(marker.dropLast(2))\">\n" : "<ul>\n"
          list = tag
        }
        body += "<li>" + GuideText(text).html + "</li>\n"
        continue
      }
      close()
      switch block {
      case .heading(let level, let text): body += "<h\(level)>" + GuideText(text).html + "</h\(level)>\n"
      case .paragraph(let text): body += "<p>" + GuideText(text).html + "</p>\n"
      case .lines(let lines): body += "<pre>" + lines.map(escape).joined(separator: "\n") + "</pre>\n"
      case .item: break
      }
    }
    close()
    var title = ""
    if case .heading(_, let text)? = blocks.first { title = GuideText(text).plain }
    return """
      <!DOCTYPE html>
      <html lang="\(Punctuation[language].tag)"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(escape(title))</title><style>\(Self.style)</style></head><body>
      \(body)</body></html>

      """
  }

  // Fonts for Chinese seldom have a bold face, and on paper Chromium makes none of its own: strong words get an outline.
  private static let style = """
    @page{size:A4;margin:11mm 15mm} body{font:9.5pt/1.36 "Noto Sans CJK SC","WenQuanYi Zen Hei","Microsoft YaHei",sans-serif;\
    color:#111;max-width:46em;margin:auto} h1{font-size:15pt;margin:0 0 .3em} h2{font-size:11.5pt;margin:.65em 0 .15em;\
    border-bottom:1px solid #bbb} h3{font-size:10.5pt;margin:.7em 0 .1em} h2,h3{break-after:avoid} p,ul,ol{margin:.3em 0}\
    ul,ol{padding-left:1.5em} code,pre{font-family:"Noto Sans Mono CJK SC","WenQuanYi Zen Hei Mono","DejaVu Sans Mono",monospace}\
    code{font-size:.95em} pre{font-size:8.5pt;line-height:1.3;background:#f4f5f7;border:1px solid #ccc;padding:.4em .8em;\
    margin:.4em 0;break-inside:avoid;white-space:pre-wrap} strong{-webkit-text-stroke:.02em}
    """
}

extension GuidePage.Block {
  /// With another line of its paragraph or item.
  fileprivate func going(on line: Substring) -> Self {
    switch self {
    case .paragraph(let text): .paragraph(Self.join(text, line))
    case .item(let marker, let text): .item(marker: marker, Self.join(text, line))
    case .heading, .lines: .paragraph(String(line))
    }
  }

  /// Between Chinese a line's end is no blank.
  private static func join(_ text: String, _ line: Substring) -> String {
    let next = String(line.drop { $0 == " " })
    func isWide(_ character: Character?) -> Bool { character.map { textWidth(String($0)) == 2 } ?? false }
    return text + (isWide(text.last) || isWide(next.first) ? "" : " ") + next
  }

  /// Items of a list stand close to each other.
  fileprivate func opensGap(after before: Self?) -> Bool {
    guard let before else { return false }
    if case .item = self, case .item = before { return false }
    return true
  }
}
