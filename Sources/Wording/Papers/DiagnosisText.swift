import Base
package import DiagnosisKit
import Failures

/// A diagnosis as lines of text: the conclusion first, then the chain, then the facts.
package struct DiagnosisText: Sendable {
  package var language: Language
  private var phrases: DiagnosisPhrases { _read { yield DiagnosisPhrases[language] } }

  package init(_ language: Language) { self.language = language }

  /// What to read when only one thing is read.
  package func conclusion(_ document: DiagnosisDocument) -> [String] {
    var lines = complaint(document)
    guard let row = document.first else { return lines + [Verdict.ok.symbol + " " + phrases.allWell] }
    let unknown = document.unknown.count
    if unknown > 0 {
      lines.append(Verdict.unknown.symbol + " " + phrases.notWhole(unknown))
    } else if row.verdict == .warning {
      lines.append(Verdict.ok.symbol + " " + phrases.noFault)
    }
    lines += named(row, phrases.head(row.verdict))
    for other in document.telling.dropFirst() { lines += named(other, phrases.alsoNamed) }
    return lines
  }

  /// What is complained of, and what the chain says of that.
  package func complaint(_ document: DiagnosisDocument) -> [String] {
    guard let symptom = document.symptom.flatMap(Symptom.init(rawValue:)) else { return [] }
    let words = symptom.words(language)
    let row = document.firstOfSymptom
    let own = row?.verdict
    let said =
      switch (own, document.first?.verdict) {
      case (.fault, _): phrases.explains
      // What was not looked at is not well.
      case (.unknown, _): ""
      case _ where document.symptomIsHidden: document.first?.verdict == .fault ? phrases.keeps : ""
      case (.warning, .fault):
        // What needs a look there is nearer to the complaint than what is broken elsewhere.
        phrases.elsewhere + marks.sentenceGap
          + (row.map { phrases.lookFirst($0.title(language), $0.reason(language)) } ?? "")
      case (_, .fault): phrases.elsewhere
      default: phrases.symptomWell + marks.sentenceGap + words.whenWell
      }
    return [phrases.complaint + colon + words.title + (said.isEmpty ? "" : marks.semicolon + said)]
  }

  /// A link with its cause and what to do about it.
  private func named(_ row: DiagnosisDocument.Row, _ head: String) -> [String] {
    var lines = [row.verdict.symbol + " " + head + colon + row.title(language) + "  [" + row.id + "]"]
    lines.append("  " + phrases.cause + colon + row.reason(language))
    if let remedy = row.remedy(language) { lines.append("  " + phrases.remedy + colon + remedy) }
    if let fix = row.fix {
      lines.append("  " + (row.fixNeedsRoot ? phrases.fixRoot : phrases.fix) + colon + displaySafe(fix))
    }
    return lines
  }

  /// Of a login that was tried and passed: the verdict and what it does not prove. Empty otherwise.
  package func loginVerdict(_ document: DiagnosisDocument) -> [String] {
    let row = document.rows.first { $0.id == CheckID.login.rawValue }
    guard let row, row.verdict == .ok else { return [] }
    return [
      "", row.verdict.symbol + " " + phrases.loginPassed + marks.sentenceGap + phrases.loginPassedMeans,
      "  " + phrases.loginNotProved,
    ]
  }

  /// One line for a link.
  package func line(_ row: DiagnosisDocument.Row) -> String {
    let reason = row.reason(language)
    let id = "[" + row.id + "]"
    return row.verdict.symbol + " " + Self.pad(row.verdict.title(language), phrases.verdictWidth)
      + Self.pad(row.title(language), phrases.titleWidth) + (reason.isEmpty ? id : Self.pad(id, 24) + reason)
  }

  /// The line of a link, and under it those of the links inside it.
  package func lines(_ row: DiagnosisDocument.Row) -> [String] { [line(row)] + row.steps.map { "  " + line($0) } }

  /// The evidence of a link, indented.
  package func facts(_ row: DiagnosisDocument.Row) -> [String] {
    row.evidence.map { "    " + $0.title(language) + colon + $0.shown(language) }
  }

  package func document(_ document: DiagnosisDocument) -> String {
    var lines = conclusion(document) + loginVerdict(document)
    if document.isDemo { lines.insert("[" + phrases.demo + "]", at: 0) }
    if document.isRedacted { lines.append(phrases.redacted + phrases.seeAll) }
    lines += ["", phrases.chain + "  (" + phrases.seconds(seconds(document.microseconds)) + ")"]
    lines += document.rows.flatMap(self.lines)
    lines += ["", phrases.facts]
    for row in document.rows where !row.evidence.isEmpty {
      lines.append("  " + row.title(language))
      lines += facts(row)
    }
    lines.append("")
    lines.append(end(document))
    return lines.joined(separator: "\n")
  }

  /// A cut-off copy is noticed by the lack of it.
  package func end(_ document: DiagnosisDocument) -> String {
    "--- " + phrases.end + " · ukey " + displaySafe(document.programVersion) + " · " + document.timeText + " ---"
  }

  /// The text with at least one blank behind it.
  private static func pad(_ text: String, _ cells: Int) -> String {
    text + String(repeating: " ", count: max(1, cells - textWidth(text)))
  }

  private var marks: Punctuation { _read { yield Punctuation[language] } }
  private var colon: String { marks.colon }
}
