package import DiagnosisKit
import Failures

extension DiagnosisDocument {
  /// The report as Markdown.
  package func markdown(_ language: Language) -> String {
    let phrases = DiagnosisPhrases[language]
    var lines = ["# " + phrases.report, ""]
    if isDemo { lines += ["**" + phrases.demo + "**", ""] }
    lines += ["ukey " + Self.plain(programVersion) + " · " + timeText + " · " + note(phrases), ""]
    lines += DiagnosisText(language).conclusion(self).map { Self.plain($0) + "  " }
    lines += ["", "## " + phrases.chain, "", "| | | | |", "|---|---|---|---|"]
    for row in rows.flatMap({ [$0] + $0.steps }) {
      let cells = [
        row.verdict.symbol + " " + row.verdict.title(language), row.title(language), row.id, row.reason(language),
      ]
      lines.append("| " + cells.map(Self.plain).joined(separator: " | ") + " |")
    }
    lines += ["", "## " + phrases.facts, ""]
    for row in rows where !row.evidence.isEmpty {
      lines += ["### " + Self.plain(row.title(language)), ""]
      lines += row.evidence.map { "- " + Self.plain($0.title(language)) + ": " + Self.plain($0.shown(language)) }
      lines.append("")
    }
    lines.append(DiagnosisText(language).end(self))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The report as one page with nothing outside itself: no script, no picture, no address that is fetched.
  package func html(_ language: Language) -> String {
    let phrases = DiagnosisPhrases[language]
    let text = DiagnosisText(language)
    var page = """
      <!DOCTYPE html>
      <html lang="\(Punctuation[language].tag)"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(phrases.report)</title><style>
      body{font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1d2733}
      h1{font-size:1.4em} h2{font-size:1.1em;margin-top:2em} h3{font-size:1em;margin:1.2em 0 .2em}
      .box{border-left:6px solid #1a7f4b;background:#f3f8f5;padding:.8em 1.2em}
      .box.fault{border-color:#b3261e;background:#fcf1f0} .box.warning{border-color:#9a6700;background:#fdf7e7}
      .box p{margin:.2em 0} table{border-collapse:collapse;width:100%} td{border-bottom:1px solid #dde3ea;padding:.35em .6em;vertical-align:baseline} td:first-child,td.id{white-space:nowrap}
      .ok{color:#1a7f4b} .fault{color:#b3261e} .warning{color:#8a5a00} .skipped,.unknown,.meta{color:#5b6875}
      code{background:#eef1f5;padding:.1em .3em} td.id{font-family:monospace;font-size:.85em;color:#5b6875} dl{margin:0 0 0 1em} dt{float:left;clear:left;color:#5b6875;min-width:9em} dd{margin:0 0 0 9.5em;overflow-wrap:anywhere}
      @media print{body{font-size:9pt;margin:0;padding:0} td{padding:.1em .5em} tr{break-inside:avoid} h2,h3{break-after:avoid}}
      </style></head><body>

      """
    page += "<h1>" + phrases.report + (isDemo ? " [" + phrases.demo + "]" : "") + "</h1>\n"
    page += "<p class=\"meta\">ukey " + escape(programVersion) + " · " + escape(timeText) + " · "
    page += note(phrases) + "</p>\n<div class=\"box " + (first?.verdict.rawValue ?? "ok") + "\">"
    page += text.conclusion(self).map { "<p>" + escape(displaySafe($0)) + "</p>" }.joined() + "</div>\n"
    page += "<h2>" + phrases.chain + "</h2>\n<table>\n"
    for row in rows.flatMap({ [$0] + $0.steps }) {
      page += "<tr><td class=\"\(row.verdict.rawValue)\">" + row.verdict.symbol + " " + row.verdict.title(language)
      page +=
        "</td><td>" + escape(row.title(language)) + "</td><td class=\"id\">" + escape(displaySafe(row.id))
      page += "</td><td>" + escape(row.reason(language)) + "</td></tr>\n"
    }
    page += "</table>\n<h2>" + phrases.facts + "</h2>\n"
    for row in rows where !row.evidence.isEmpty {
      page += "<h3>" + escape(row.title(language)) + "</h3><dl>"
      for item in row.evidence {
        page +=
          "<dt>" + escape(item.title(language)) + "</dt><dd>" + escape(item.shown(language)) + "</dd>"
      }
      page += "</dl>\n"
    }
    return page + "<p class=\"meta\">" + escape(text.end(self)) + "</p>\n</body></html>\n"
  }

  private func note(_ phrases: DiagnosisPhrases) -> String { isRedacted ? phrases.redacted : phrases.full }

  /// Text that Markdown takes as text: no markup, and no address that a viewer makes a link of by itself.
  private static func plain(_ text: String) -> String {
    var result = ""
    for character in displaySafe(text) {
      let isAddress = (character == "/" && result.hasSuffix(":")) || (character == "." && result.hasSuffix("www"))
      if isAddress || "\\`*_[]<>|#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
