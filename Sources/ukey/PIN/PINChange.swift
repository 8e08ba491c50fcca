import Failures
import TokenKit
import Wording

/// Changing a PIN from the shell: tries, old PIN, new PIN twice, then once to the key.
struct PINChange {
  var key: OneKey
  var asking: PINOptions
  /// Where the new PIN is read from; `nil` asks on the terminal.
  var newPinFd: Int32?
  var common: CommonOptions
  /// ``OneKey/snapshot`` while what it says of the PIN is still so.
  var snapshot: TokenSnapshot?

  func run(_ reference: PINReference) throws(Failure) -> PINOutcome {
    let words = PINWords[common.language]
    let session = PINSession(
      token: key.token, words: words, asking: asking, common: common, snapshot: snapshot)
    switch try session.begin(reference) {
    case .ended(let outcome): return outcome
    case .ready(let policy, let consent):
      let fields = NewPIN(
        session: session, policy: policy.of(reference.role), identities: key.identities,
        name: words.named(PINName(reference.role, on: key.snapshot.family)))
      switch try given(fields) {
      case .refused(let rule): return .notSent(.rule(rule))
      case .pins(let pins):
        PINSession.holdSignals()
        let (language, name, family) = (
          common.language, PINName(reference.role, on: key.snapshot.family), key.snapshot.family
        )
        let notice = WaitNotice(common, .change, schema: "ukey.pin-change/1", atPad: policy.padLimit != nil) {
          PINWords[language].text($0, language, of: name, on: family)
        }
        defer { notice.end() }
        return key.token.changePIN(reference, from: pins.old, to: pins.new, consent: consent)
      }
    }
  }

  private struct Pins: ~Copyable {
    let old: PIN
    let new: PIN
  }

  private enum Given: ~Copyable {
    case pins(Pins)
    case refused(PINRule)
  }

  private func given(_ fields: NewPIN) throws(Failure) -> Given {
    if let limit = fields.policy.padLimit {
      return .pins(Pins(old: try fields.session.atPad(limit), new: try PIN()))
    }
    return try asking.pinFd == nil ? ask(fields) : read(fields)
  }

  private func read(_ fields: NewPIN) throws(Failure) -> Given {
    guard let pinFd = asking.pinFd, let newPinFd else { throw Failure(.pinNotGiven) }
    let old = try PINPrompt.read(fd: pinFd)
    if let rule = fields.policy.refusal(current: old) { return .refused(rule) }
    switch try fields.read(fd: newPinFd) {
    case .refused(let rule): return .refused(rule)
    case .ready(let new):
      return PIN.isEqual(old, new) ? .refused(.sameAsOld) : .pins(Pins(old: old, new: new))
    }
  }

  private func ask(_ fields: NewPIN) throws(Failure) -> Given {
    let words = fields.session.words
    let policy = fields.policy
    if !common.json {
      Output.note(PINCommandWords[common.language].willHappen)
      Output.note(words.policy(policy.minimum, policy.maximum))
    }
    return try PINPrompt.dialogue { terminal throws(PromptEnd) in
      let old = try fields.session.ask(words.old(fields.name), on: terminal) { policy.refusal(current: $0) }
      let new = try fields.ask(on: terminal) { PIN.isEqual(old, $0) ? .sameAsOld : nil }
      return .pins(Pins(old: old, new: new))
    }
  }
}

/// A new PIN from the terminal, twice, or from a descriptor, checked against the rules.
struct NewPIN {
  enum Got: ~Copyable {
    case ready(PIN)
    case refused(PINRule)
  }

  var session: PINSession
  var policy: PINPolicy
  /// Texts that others know: a PIN that is part of one is weak.
  var identities: [String]
  /// What the PIN is called inside a sentence.
  var name: String

  /// From the descriptor, or, without one, asked for in a dialogue of its own.
  func get(fd: Int32?) throws(Failure) -> Got {
    if policy.padLimit != nil { return .ready(try PIN()) }
    if let fd { return try read(fd: fd) }
    return .ready(
      try PINPrompt.dialogue { terminal throws(PromptEnd) in
        try ask(on: terminal) { _ in nil }
      })
  }

  /// - Throws: `UK-411`.
  func read(fd: Int32) throws(Failure) -> Got {
    let new = try PINPrompt.read(fd: fd)
    if let rule = policy.refusal(new: new) { return .refused(rule) }
    for rule in policy.warnings(new: new, identities: identities) {
      Output.note(Symbol.warning.before(session.words.rule(rule)))
    }
    return .ready(new)
  }

  /// Asks until it breaks no rule, is confirmed where it is weak, and was typed alike twice.
  ///
  /// - Parameter further: a rule of the caller's.
  func ask(
    on terminal: borrowing QuietTerminal, _ further: (borrowing PIN) -> PINRule?
  ) throws(PromptEnd) -> PIN {
    let words = session.words
    while true {
      let new = try session.ask(words.new(name), on: terminal) { policy.refusal(new: $0) ?? further($0) }
      let warnings = policy.warnings(new: new, identities: identities)
      for rule in warnings { terminal.write(Symbol.warning.before(words.rule(rule)) + "\n") }
      if !warnings.isEmpty,
        try !PINPrompt.confirm(
          PINCommandWords[session.common.language].weakConfirm, word: words.confirmWord, on: terminal)
      {
        continue
      }
      let again = try PINPrompt.ask(words.again(name), on: terminal)
      guard PIN.isEqual(new, again) else {
        terminal.write(words.notSent + words.rule(.repeatDiffers) + "\n")
        continue
      }
      return new
    }
  }
}
