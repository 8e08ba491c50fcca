import ArgumentParser
import Failures
import StrictJSON
import TokenKit
import Wording

extension CommonOptions {
  /// Prints what became of it and ends the program with its exit code.
  func finish(_ end: PINEnd, schema: String) throws {
    let text = PINWords[language].text(
      end.outcome, language, of: PINName(end.role, on: end.key.family), on: end.key.family)
    try finish(end.outcome, text, schema: schema, key: end.key)
  }

  /// The same in words of the caller's.
  func finish(_ outcome: PINOutcome, _ text: OutcomeText, schema: String, key: TokenSnapshot? = nil) throws {
    try finish(ProgramExit(outcome), json ? outcome.json(schema: schema, text, key: key).text : text.lines)
  }

  /// Prints what became of it, a failure to people on standard error, and ends the program.
  func finish(_ code: ProgramExit, _ text: String) throws {
    if json || code == .ok { Output.outcome(text) } else { Output.note(text) }
    if code != .ok { throw ExitCode(code.rawValue) }
  }
}

/// What became of which PIN of what kind of key.
struct PINEnd {
  var outcome: PINOutcome
  var role: PINReference.Role
  var key: TokenSnapshot
}

extension ProgramExit {
  init(_ outcome: PINOutcome) {
    self =
      switch outcome {
      case .verified, .changed, .unblocked: .ok
      case .wrong: .pinWrong
      case .locked: .pinLocked
      case .refused(let failure):
        [.commandRefused, .libraryRefused].contains(failure.code) ? .notSent : ProgramExit(failure)
      case .unknown: .outcomeUnknown
      case .notSent(.failure(let failure)): ProgramExit(failure)
      case .notSent: .notSent
      }
  }
}

extension PINOutcome {
  /// `outcome` with `triesLeft`, `reason` or `error` as they apply.
  func json(schema: String, _ text: OutcomeText, key: TokenSnapshot? = nil) -> JSONValue {
    var members: [(String, JSONValue?)] = [
      ("schema", .string(schema)), ("time", documentTime()), ("key", key.map { KeyReference($0).json }),
    ]
    switch self {
    case .verified: members.append(("outcome", "verified"))
    case .changed: members.append(("outcome", "changed"))
    case .unblocked: members.append(("outcome", "unblocked"))
    case .wrong(let left): members += [("outcome", "wrong"), ("triesLeft", left.map { .int($0) })]
    case .locked: members += [("outcome", "locked"), ("triesLeft", .int(0))]
    case .refused(let failure): members += [("outcome", "refused"), ("detail", .string(failure.description))]
    case .unknown(let uncertain, let failure):
      members += [
        ("outcome", "unknown"), ("uncertain", .string(uncertain.name)), ("detail", .string(failure.description)),
      ]
    case .notSent(let reason):
      members += [("outcome", "notSent"), ("reason", .string(reason.name))]
      if case .failure(let failure) = reason { members.append(("detail", .string(failure.description))) }
    }
    members += [("message", .string(text.title)), ("remedy", .string(text.next))]
    return .object(members)
  }
}

extension PINOutcome.NotSent {
  fileprivate var name: String {
    switch self {
    case .rule: "rule"
    case .tries: "tries"
    case .noProfile: "noProfile"
    case .otherKey: "otherKey"
    case .failure: "failure"
    }
  }
}

extension PINOutcome.Uncertain {
  fileprivate var name: String {
    switch self {
    case .verify: "verify"
    case .change: "change"
    case .unblock: "unblock"
    }
  }
}
