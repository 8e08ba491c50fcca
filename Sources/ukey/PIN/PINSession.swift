import Failures
import Glibc
import TokenKit
import Wording

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
  /// The key as it was just read: what it told of the PIN is not asked twice.
  var snapshot: TokenSnapshot?

  func begin(_ reference: PINReference) throws(Failure) -> Begun {
    guard case .supported(let name, let provenance, let policy) = try token.pinSupport() else {
      return .ended(.notSent(.noProfile))
    }
    let status = if let known = known(reference) { known } else { try token.pinStatus(reference) }
    if status.isLocked { return .ended(.locked) }
    if asking.profile != nil {
      Output.note(PINCommandWords[common.language].profileNote(name, provenance))
      // A script has agreed to the risk with the flag that accepts few tries.
      guard
        asking.pinFd == nil ? try confirmed(PINCommandWords[common.language].profileConfirm) : asking.consent >= .low
      else {
        throw asking.pinFd == nil ? Failure(.cancelled) : Failure(.profileUnconfirmed, context: asking.profile)
      }
    }
    Output.note(words.triesLeft(status.triesLeft, status.triesMax))
    let needed = status.consentNeeded
    if asking.consent >= needed { return .ready(policy, asking.consent) }
    // The last try is never asked for in words, and a script cannot be asked at all.
    guard needed == .low, asking.pinFd == nil else { return .ended(.notSent(.tries(status.triesLeft))) }
    guard try confirmed(words.confirmLow(status.triesLeft)) else { throw Failure(.cancelled) }
    return .ready(policy, .low)
  }

  /// The state of the PIN as it was read with the key; `nil` where that did not tell the tries.
  private func known(_ reference: PINReference) -> PINStatus? {
    let application = snapshot?.applications.value?.first { $0.name == reference.application }
    guard let application else { return nil }
    let status = (reference.role == .user ? application.userPIN : application.adminPIN).value
    return status?.triesLeft == nil ? nil : status
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
    if let limit = policy.padLimit { return try atPad(limit) }
    if let descriptor = asking.pinFd { return try PINPrompt.read(fd: descriptor) }
    return try PINPrompt.dialogue { terminal throws(PromptEnd) in
      try ask(prompt, on: terminal) { policy.refusal(current: $0) }
    }
  }

  /// Nothing is typed here, nor read from a descriptor: an empty one stands for what is entered at the key.
  func atPad(_ limit: Duration) throws(Failure) -> PIN {
    Output.note(PINCommandWords[common.language].atPad(Int(limit.components.seconds)))
    return try PIN()
  }

  /// From here to its end the program is not ended or stopped by a signal: a command with a PIN that has left is waited
  /// for, and its outcome is said. Whoever does not want to wait longer than ``KeyCollector/limit`` leaves by ``WaitNotice``.
  static func holdSignals() { mask(SIG_BLOCK) }

  /// For what goes on once the outcome has been said. A signal that came meanwhile does its work now.
  static func releaseSignals() { mask(SIG_UNBLOCK) }

  /// The signals among them that ask the program to end.
  static var ending: sigset_t { signals([SIGTERM, SIGHUP, SIGINT, SIGQUIT]) }

  private static func mask(_ how: Int32) {
    var held = signals([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGPIPE])
    pthread_sigmask(how, &held, nil)
  }

  private static func signals(_ numbers: [Int32]) -> sigset_t {
    var result = sigset_t()
    sigemptyset(&result)
    for number in numbers { sigaddset(&result, number) }
    return result
  }
}
