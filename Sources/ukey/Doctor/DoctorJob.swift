import DiagnosisKit
import Failures
import Glibc
import StrictJSON
import TokenKit
import Wording

/// One run of the diagnosis from the command line, however it was asked for.
struct DoctorJob {
  var language: Language
  var json = false
  /// Lines that are only ever added, as each link is found: for screen readers and logs.
  var plain = false
  /// Keeps personal data in what is printed.
  var full = false
  var options: DiagnosisOptions
  var providers: [any TokenProvider]
  var report: ReportFile?
  /// Offers the repair also without a terminal: the yes is then read from standard input.
  var offersFix = false

  /// A report that cannot be written is told before the walk, and the diagnosis printed all the same.
  ///
  /// - Throws: only what a repair throws; the diagnosis itself never does.
  func run() throws(Failure) -> ProgramExit {
    var problem = report?.obstacle
    if let problem { note(problem) }
    let diagnosis = Diagnosis(options: options, providers: providers)
    let text = DiagnosisText(language)
    let result = diagnosis.run { event in
      if plain, !json, case .found(let id, let finding) = event {
        for line in text.lines(DiagnosisDocument.Row(id, finding)) { Output.line(line) }
      }
    }
    let document = DiagnosisDocument(result, full: full)
    if let report, problem == nil {
      do throws(Failure) {
        try report.write(DiagnosisDocument(result, full: report.full), language)
      } catch {
        problem = error
        note(error)
      }
    }
    if json {
      Output.line(document.json(language).text)
    } else if plain {
      let facts = document.first.map(text.facts) ?? []
      let note = document.isRedacted ? [DiagnosisPhrases[language].redacted + DiagnosisPhrases[language].seeAll] : []
      let lines = text.conclusion(document) + facts + text.loginVerdict(document) + note + ["", text.end(document)]
      Output.line("\n" + lines.joined(separator: "\n"))
    } else {
      Output.line(text.document(document))
    }
    if let report, problem == nil, !json { Output.note(DoctorWords[language].written(report.path)) }
    let code = try offerFix(result) ?? ProgramExit(document)
    return problem == nil ? code : .unexpected
  }

  private func note(_ failure: Failure) {
    Output.note(FailureReport(failure: failure, language: language).text)
  }

  /// Shows the command, asks, runs it, and looks at the link again. `nil` when nothing was run.
  private func offerFix(_ result: DiagnosisResult) throws(Failure) -> ProgramExit? {
    guard !json, let first = result.first, let fix = first.finding.fix else { return nil }
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    guard offersFix || (isTerminal && !plain) else { return nil }
    PINSession.releaseSignals()
    let words = DoctorWords[language]
    if fix.needsRoot, geteuid() != 0 {
      Output.line(words.forAdministrator("sudo sh -c " + shellWord(fix.command)))
      return nil
    }
    Output.line(words.offer(displaySafe(fix.command)))
    guard let answer = readLine(), Answer.isYes(answer) else { return nil }
    let status = Repair.runOnTerminal(fix)
    Output.line(words.ran(status))
    var again = options
    again.only = first.id
    again.now = Int64(time(nil))
    let second = Diagnosis(options: again, providers: providers).run()
    let document = DiagnosisDocument(second, full: true)
    let text = DiagnosisText(language)
    for row in document.rows where row.id == first.id.rawValue { Output.line(text.line(row)) }
    return ProgramExit(document)
  }
}

extension ProgramExit {
  /// The exit code of a diagnosis: that of the first broken link; without one, that a link is not
  /// known; then what the certificates warn of.
  init(_ document: DiagnosisDocument) {
    if let row = document.rows.first(where: { $0.verdict == .fault }) {
      self = row.cause.flatMap(Cause.init(rawValue:)).map(ProgramExit.init(fault:)) ?? .serviceFault
      return
    }
    if document.rows.contains(where: { $0.cause == Cause.cancelled.rawValue }) {
      self = .interrupted
      return
    }
    // Never "well" while a link is not known.
    if document.rows.contains(where: { $0.verdict == .unknown }) {
      self = .outcomeUnknown
      return
    }
    let warnings = document.rows.filter { $0.verdict == .warning }.compactMap {
      $0.cause.flatMap(Cause.init(rawValue:))
    }
    if warnings.contains(.expired) || warnings.contains(.notYetValid) {
      self = .expired
    } else if warnings.contains(.expiring) {
      self = .expiring
    } else {
      self = .ok
    }
  }

  /// What a diagnosis ends with that finds this and nothing worse. `nil`: such a link is passed over.
  init?(gravest cause: Cause) {
    switch cause.gravest {
    case .fault: self.init(fault: cause)
    case .unknown: self = cause == .cancelled ? .interrupted : .outcomeUnknown
    case .warning, .ok: self = cause == .expiring ? .expiring : .ok
    case .skipped: return nil
    }
  }

  init(fault cause: Cause) {
    self =
      switch cause {
      case .expired, .notYetValid: .expired
      case .nothingPluggedIn, .noReader, .noCard, .readerNameUnknown: .noKey
      case .noApplication, .noContainer, .noCertificate, .signatureMissing, .loginNoCertificate: .noCertificate
      case .loginPIN: .pinWrong
      case .pinLocked, .pinLockedHere, .pinBothLocked: .pinLocked
      case .loginFewTries, .loginNoProfile, .loginOtherKey, .loginNoPIN, .loginExpired, .loginNotCompared: .notSent
      case .loginUnknown: .outcomeUnknown
      default: .serviceFault
      }
  }
}
