import Base
import DiagnosisKit
import Failures
import TerminalKit
import Wording

/// The head of the screen: the question what is the matter, and what is to be read when only one thing is read.
extension DiagnosisPicture {
  /// What to read when only one thing is read.
  func conclusionLines(width: Int) -> [(text: String, style: Style)] {
    var lines = choices(width)
    if let result = diagnosis.result {
      let said = DiagnosisText(language).complaint(DiagnosisDocument(result, full: true)).joined()
      lines += wrap(said, width).filter { !$0.isEmpty }.map { ($0, .title) }
    }
    if diagnosis.result == nil {
      let count = diagnosis.found.count
      lines.append(("◐ " + phrases.running + " \(count)/\(CheckID.allCases.count)", .dim))
    }
    guard let (id, finding) = diagnosis.first, let cause = finding.cause else {
      if diagnosis.result != nil { lines.append((Verdict.ok.symbol + " " + phrases.allWell, .ok)) }
      return lines
    }
    let unknown = diagnosis.result.map { DiagnosisDocument($0, full: true).unknown.count } ?? 0
    if unknown > 0 {
      lines += wrap(Verdict.unknown.symbol + " " + phrases.notWhole(unknown), width).map { ($0, .warning) }
    } else if finding.verdict == .warning {
      lines.append((Verdict.ok.symbol + " " + phrases.noFault, .ok))
    }
    let head = phrases.head(finding.verdict)
    let title = finding.verdict.symbol + " " + head + colon + id.title(language)
    let words = cause.words(language)
    lines.append((title, finding.verdict.style))
    lines += wrap(phrases.cause + colon + words.title, width).map { ($0, .normal) }
    lines += wrap(phrases.remedy + colon + words.remedy, width).map { ($0, .normal) }
    lines += repair(finding, width)
    return lines + others(width, room: size.height / 2 - 1 - lines.count)
  }

  private func repair(_ finding: Finding, _ width: Int) -> [(text: String, style: Style)] {
    guard let fix = finding.fix else { return [] }
    let label = fix.needsRoot && !world.isRoot ? phrases.fixRoot : phrases.fix
    return wrap(label + colon + displaySafe(fix.command), width).map { ($0, .key) }
  }

  /// What else is broken, not known or worth a look, most telling first, each with its remedy as far as there is room: the
  /// chain needs the other half of the screen. How many are left is said.
  private func others(_ width: Int, room: Int) -> [(text: String, style: Style)] {
    guard let result = diagnosis.result else { return [] }
    var lines: [(text: String, style: Style)] = []
    let rest = result.telling.dropFirst()
    for (index, (id, finding)) in rest.enumerated() {
      guard let cause = finding.cause else { continue }
      let words = cause.words(language)
      let head = finding.verdict.symbol + " " + phrases.alsoNamed + colon + id.title(language) + " · " + words.title
      let block =
        wrap(head, width).map { (text: $0, style: finding.verdict.style) }
        + wrap(phrases.remedy + colon + words.remedy, width).map { (text: $0, style: .normal) } + repair(finding, width)
      let isLast = index == rest.count - 1
      guard lines.count + block.count <= room - (isLast ? 0 : 1) else {
        return room > lines.count ? lines + [(phrases.moreBelow(rest.count - index), .dim)] : lines
      }
      lines += block
    }
    return lines
  }

  /// The question what is the matter, with its answers: the chosen one is marked.
  private func choices(_ width: Int) -> [(String, Style)] {
    var items = Symptom.allCases.enumerated().map { index, symptom in
      let mark = symptom == diagnosis.symptom ? "▸" : " "
      return mark + "\(index + 1) " + symptom.words(language).title
    }
    items.append((diagnosis.symptom == nil ? "▸" : " ") + "0 " + phrases.wholeChain)
    // Where lines are few the conclusion needs them more: what is chosen, and which keys choose.
    guard size.height >= 20 else {
      let chosen = diagnosis.symptom?.words(language).title ?? phrases.wholeChain
      return [(fit(phrases.askSymptom + " 0–4 ▸" + chosen, width), .key)]
    }
    // Whole answers: a line is not broken inside one.
    var lines = [phrases.askSymptom]
    for item in items {
      let longer = (lines.last ?? "") + " " + item
      if textWidth(longer) <= width { lines[lines.count - 1] = longer } else { lines.append(item) }
    }
    return lines.map { ($0, .key) }
  }
}
