import ArgumentParser
import Failures
import Glibc
import StrictJSON
import TokenKit
import Wording

/// What every command with a PIN takes.
struct PINOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read the PIN from this file descriptor.", valueName: "fd"))
  var pinFd: Int32?

  @Flag(help: "Go on with 3 tries or fewer (scripts; people are asked).")
  var lowTries = false

  @Flag(help: "Go on even with the last try.")
  var lastTry = false

  @Option(help: ArgumentHelp("The application on the key, when it has several.", valueName: "name"))
  var application: String?

  @Option(
    help: ArgumentHelp(
      "Use this GM/T 0017 profile whatever the key says. A wrong profile costs tries: confirmed in words.",
      valueName: "name"))
  var profile: String?

  /// What the flags agree to.
  var consent: TryConsent { lastTry ? .last : lowTries ? .low : .normal }
}

/// What stands before every PIN: is it supported, is it locked, how many tries are left, does the user agree.
struct PINSession {
  enum Begun {
    case ready(PINPolicy, TryConsent)
    case ended(PINOutcome)
  }

  var token: any Token
  var words: PINWords
  var asking: PINOptions
  var common: CommonOptions

  func begin(_ reference: PINReference) throws(Failure) -> Begun {
    let policy: PINPolicy
    switch try token.pinSupport() {
    case .noProfile: return .ended(.notSent(.noProfile))
    case .supported(let name, let provenance, let supported):
      policy = supported
      if asking.profile != nil {
        Output.note(words.profileNote(name, provenance))
        // A script has agreed to the risk with the flag that accepts few tries.
        guard asking.pinFd == nil ? try confirmed(words.profileConfirm) : asking.consent >= .low else {
          throw asking.pinFd == nil ? Failure(.cancelled) : Failure(.pinTries, context: "--profile, --low-tries")
        }
      }
    }
    let status = try token.pinStatus(reference)
    if status.isLocked { return .ended(.locked) }
    Output.note(words.triesLeft(status.triesLeft, status.triesMax))
    let needed = status.consentNeeded
    if asking.consent >= needed { return .ready(policy, asking.consent) }
    // The last try is never asked for in words, and a script cannot be asked at all.
    guard needed == .low, asking.pinFd == nil else { return .ended(.notSent(.tries(status.triesLeft))) }
    guard try confirmed(words.confirmLow(status.triesLeft)) else { throw Failure(.cancelled) }
    return .ready(policy, .low)
  }

  /// Asks for the word that confirms; `false` when another was typed.
  func confirmed(_ question: String) throws(Failure) -> Bool {
    try PINPrompt.dialogue { terminal throws(PromptEnd) in
      try PINPrompt.confirm(question, word: words.confirmWord, on: terminal)
    }
  }

  /// Asks for a PIN until it breaks no rule, saying which one it broke: nothing is sent meanwhile.
  func ask(
    _ prompt: String, on terminal: borrowing QuietTerminal, _ refusal: (borrowing PIN) -> PINRule?
  ) throws(PromptEnd) -> PIN {
    while true {
      let pin = try PINPrompt.ask(prompt, on: terminal)
      guard let rule = refusal(pin) else { return pin }
      terminal.write(words.notSent + words.rule(rule) + "\n")
    }
  }

  /// Takes the PIN from its descriptor, or asks for it.
  func pin(_ prompt: String, _ policy: PINPolicy) throws(Failure) -> PIN {
    if let descriptor = asking.pinFd { return try PINPrompt.read(fd: descriptor) }
    return try PINPrompt.dialogue { terminal throws(PromptEnd) in
      try ask(prompt, on: terminal) { policy.refusal(current: $0) }
    }
  }

  /// From here to its end the program is not ended or stopped by a signal: a command with a PIN that has left is waited
  /// for, at most ``KeyCollector/limit``, and its outcome is said.
  static func holdSignals() { mask(SIG_BLOCK) }

  /// For what goes on once the outcome has been said. A signal that came meanwhile does its work now.
  static func releaseSignals() { mask(SIG_UNBLOCK) }

  private static func mask(_ how: Int32) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGPIPE] { sigaddset(&signals, signal) }
    pthread_sigmask(how, &signals, nil)
  }
}

extension CommonOptions {
  /// Prints what became of it and ends the program with its exit code.
  func finish(_ outcome: PINOutcome, schema: String) throws {
    let code = ProgramExit(outcome)
    let text = PINWords[language].text(outcome, language)
    if json {
      Output.outcome(outcome.json(schema: schema, text).text)
    } else if code == .ok {
      Output.outcome([text.title, text.next].filter { !$0.isEmpty }.joined(separator: "\n"))
    } else {
      Output.note([text.title, "  → " + text.next].joined(separator: "\n"))
    }
    if code != .ok { throw ExitCode(code.rawValue) }
  }
}

extension ProgramExit {
  init(_ outcome: PINOutcome) {
    self =
      switch outcome {
      case .verified, .changed, .unblocked: .ok
      case .wrong: .pinWrong
      case .locked: .pinLocked
      case .refused(let failure): failure.code == .commandRefused ? .notSent : ProgramExit(failure)
      case .unknown: .outcomeUnknown
      case .notSent(.failure(let failure)): ProgramExit(failure)
      case .notSent: .notSent
      }
  }
}

extension PINOutcome {
  /// `outcome` with `triesLeft`, `reason` or `error` as they apply.
  func json(schema: String, _ text: OutcomeText) -> JSONValue {
    var members: [(String, JSONValue?)] = [("schema", .string(schema))]
    switch self {
    case .verified: members.append(("outcome", "verified"))
    case .changed: members.append(("outcome", "changed"))
    case .unblocked: members.append(("outcome", "unblocked"))
    case .wrong(let left): members += [("outcome", "wrong"), ("triesLeft", left.map { .int($0) })]
    case .locked: members += [("outcome", "locked"), ("triesLeft", .int(0))]
    case .refused(let failure): members += [("outcome", "refused"), ("detail", .string(failure.description))]
    case .unknown(let uncertain, let failure):
      members += [
        ("outcome", "unknown"), ("uncertain", .string("\(uncertain)")), ("detail", .string(failure.description)),
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
