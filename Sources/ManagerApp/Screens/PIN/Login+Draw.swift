import Base
import DiagnosisKit
import Failures
import TerminalKit
import TokenKit
import Wording

extension PINPicture {
  private var phrases: DiagnosisPhrases { _read { yield DiagnosisPhrases[language] } }
  private var colon: String { Punctuation[language].colon }

  /// The links, each with its mark; those not come to yet are there without one.
  ///
  /// - Parameter isNarrow: links that hold stand side by side, those not come to are left out, and of a broken one the
  ///   words that stand below anyway.
  func loginRows(_ login: LoginProgress, _ width: Int, isNarrow: Bool) -> [PINRow] {
    let column = (LoginStep.allCases.map { textWidth($0.title(language)) }.max() ?? 0) + 4
    var rows: [PINRow] = []
    var line = ""
    func flush() {
      if !line.isEmpty { rows.append(.pieces(label: "", [(line, .ok)])) }
      line = ""
    }
    for step in LoginStep.allCases {
      let finding = login.found[step]
      let symbol = finding?.verdict.symbol ?? (login.current == step ? "◐" : "·")
      let style = finding?.verdict.style ?? (login.current == step ? .title : .dim)
      let text = symbol + " " + step.title(language)
      if isNarrow {
        if finding == nil, login.current != step { continue }
        if finding?.verdict == .ok || finding?.verdict == .warning {
          let held = finding?.verdict == .ok ? text : text + " " + remark(step, finding, login)
          let joined = line.isEmpty ? held : line + "  " + held
          if textWidth(joined) > width { flush() }
          line = line.isEmpty ? held : joined
          continue
        }
        flush()
        rows.append(.pieces(label: "", [(text, style)]))
        continue
      }
      let gap = String(repeating: " ", count: max(1, column - textWidth(text)))
      rows.append(.pieces(label: "", [(text + gap, style), (remark(step, finding, login), style)]))
    }
    flush()
    return rows
  }

  /// What stands behind a link.
  private func remark(_ step: LoginStep, _ finding: Finding?, _ login: LoginProgress) -> String {
    guard let finding else { return login.trial == nil ? "" : loginWords.notTried }
    if let certificate = login.subject.test?.key.certificate {
      if step == .validity { return daysText(certificate.validity, width: 40) }
      if finding.verdict == .ok, step == .verification { return certificate.publicKey.name }
    }
    guard let cause = finding.cause else { return "" }
    return cause.words(language).title
  }

  /// The links, the verdict, and what it does not prove; or the first broken link with its cause and what to do.
  func triedRows(_ login: LoginProgress, _ width: Int, isNarrow: Bool) -> [PINRow] {
    guard let trial = login.trial else { return [] }
    var rows = loginRows(login, width, isNarrow: isNarrow)
    func lines(_ text: String, _ style: Style = .normal) {
      rows += wrap(text, width).map { .pieces(label: "", [($0, style)]) }
    }
    rows.append(.blank)
    guard let (step, finding) = trial.first else {
      lines(Verdict.ok.symbol + " " + phrases.loginPassed, .ok)
      lines(phrases.loginPassedMeans)
      let (service, style) = serviceText(login)
      if isNarrow { rows += wrap(service, width).map { .aside($0) } } else { lines(service, style) }
      rows.append(.blank)
      lines(phrases.loginNotProved, .dim)
      return rows
    }
    lines(finding.verdict.symbol + " " + phrases.firstFault + colon + step.title(language), finding.verdict.style)
    let words = explanation(finding, step, trial)
    lines(phrases.cause + colon + words.title)
    lines(phrases.remedy + colon + words.next)
    return rows
  }

  /// Whether the page's button would get this far: what it calls.
  private func serviceText(_ login: LoginProgress) -> (String, Style) {
    if world.isKeyServiceThere { return (Symbol.present.before(loginWords.serviceRuns), .ok) }
    if login.isServiceStarting { return ("◐ " + ServiceWords[language].starting, .dim) }
    let key = world.mayStartKeyService ? "  x " + ServiceWords[language].start : ""
    return (Symbol.absent.before(loginWords.serviceMissing + key), .warning)
  }

  /// Of what became of the PIN in the words of the other PIN screens, of all else in those of the diagnosis.
  private func explanation(_ finding: Finding, _ step: LoginStep, _ trial: LoginTrial) -> OutcomeText {
    if step == .pin, let outcome = trial.outcome { return PINWords[language].text(outcome, language, on: pin.family) }
    let words = finding.cause?.words(language)
    let title = [words?.title, finding.failure?.reference].compactMap { $0 }.joined(separator: " · ")
    return OutcomeText(title: title, next: words?.remedy ?? "")
  }
}
