import ArgumentParser
import Failures
import UnlockKit
import Wording

extension UnlockKind: ExpressibleByArgument {}
extension Applicant.Delivery: ExpressibleByArgument {}

/// 经办人 from options, from what was remembered, and asked for the rest.
struct ApplicantOptions: ParsableArguments {
  @Option(help: "Name of the contact person (经办人).")
  var name: String?

  @Option(help: "Mobile number of the contact person, 11 digits.")
  var mobile: String?

  @Option(help: "Why: for example 忘记密码.")
  var reason: String?

  @Option(help: "How it is handed over: collect (现场领取) or post (邮寄).")
  var delivery: Applicant.Delivery?

  @Option(help: "Where to send it, for --delivery post.")
  var address: String?

  @Option(help: "Credit code of the organisation; by default that of the certificate.")
  var uscc: String?

  @Flag(help: "Keep these data for the next request.")
  var remember = false

  @Flag(help: "Delete the data kept by an earlier --remember.")
  var forget = false

  /// - Parameters:
  ///   - suggestedReason: offered where one is asked for; may be empty.
  ///   - interactive: ask on the terminal for what is missing or wrong.
  /// - Throws: `UK-505` naming the fields, when they cannot be asked for.
  func applicant(
    _ kind: UnlockKind, remembered: Applicant?, certificateUSCC: String?, suggestedReason: String, interactive: Bool,
    words: UnlockWords
  ) throws(Failure) -> Applicant {
    var applicant = remembered ?? Applicant()
    if let name { applicant.name = name }
    if let mobile { applicant.mobile = mobile }
    if let reason { applicant.reason = reason }
    if let delivery { applicant.delivery = delivery }
    if let address { applicant.address = address }
    if let uscc { applicant.uscc = uscc }
    // Three rounds: who cannot answer by then is helped by the message and not by a fourth.
    for round in 0..<3 where interactive {
      let errors = applicant.problems(certificateUSCC: certificateUSCC).filter(\.isError)
      if errors.isEmpty { break }
      for problem in errors {
        // What was not asked for yet is no mistake.
        if problem.issue != .missing || round > 0 { Output.note(Symbol.warning.before(words.problem(problem, kind))) }
        Self.ask(problem.field, kind, &applicant, suggestedReason, words)
      }
    }
    let problems = applicant.problems(certificateUSCC: certificateUSCC)
    let errors = problems.filter(\.isError)
    guard errors.isEmpty else {
      throw Failure(.unlockField, context: errors.map { words.problem($0, kind) }.joined(separator: "; "))
    }
    for problem in problems { Output.note(Symbol.warning.before(words.problem(problem, kind))) }
    return applicant.normalized
  }

  private static func ask(
    _ field: FieldProblem.Field, _ kind: UnlockKind, _ applicant: inout Applicant, _ suggestedReason: String,
    _ words: UnlockWords
  ) {
    switch field {
    case .name: applicant.name = LinePrompt.ask(words.name + ": ") ?? applicant.name
    case .mobile: applicant.mobile = LinePrompt.ask(words.mobile + ": ") ?? applicant.mobile
    case .reason:
      let offered = suggestedReason.isEmpty ? "" : " [\(suggestedReason)]"
      applicant.reason = LinePrompt.ask(words.reason(kind) + offered + ": ") ?? applicant.reason
      if applicant.reason.isEmpty { applicant.reason = suggestedReason }
    case .address: applicant.address = LinePrompt.ask(words.address + ": ") ?? applicant.address
    case .uscc: applicant.uscc = LinePrompt.ask(words.uscc + ": ") ?? applicant.uscc
    }
  }
}
