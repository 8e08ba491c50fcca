import Failures
import ManagerApp
import TokenKit

/// Changing a PIN from the shell: tries, old PIN, new PIN twice, then once to the key.
struct PINChange {
  var token: any Token
  /// Texts about this key that others know.
  var identities: [String]
  var asking: PINOptions
  /// Where the new PIN is read from; `nil` asks on the terminal.
  var newPinFd: Int32?
  var common: CommonOptions

  func run(_ reference: PINReference) throws(Failure) -> PINOutcome {
    let words = PINWords.of(common.language)
    let session = PINSession(token: token, words: words, asking: asking, common: common)
    let policy: PINPolicy
    let consent: TryConsent
    switch try session.begin(reference) {
    case .ended(let outcome): return outcome
    case .ready(let readyPolicy, let readyConsent): (policy, consent) = (readyPolicy, readyConsent)
    }
    if !common.json, newPinFd == nil {
      Output.note(words.willHappen)
      Output.note(words.policy(policy.minimum, policy.maximum))
    }
    let old = try asking.pin(words.oldPIN)
    if let rule = policy.refusal(current: old) { return .notSent(.rule(rule)) }
    switch try NewPIN(words: words, policy: policy, identities: identities, fd: newPinFd).get() {
    case .refused(let rule): return .notSent(.rule(rule))
    case .ready(let new):
      if PIN.isEqual(old, new) { return .notSent(.rule(.sameAsOld)) }
      return token.changePIN(reference, from: old, to: new, consent: consent)
    }
  }
}

/// A new PIN from the terminal, twice, or from a descriptor, checked against the rules.
struct NewPIN {
  enum Got: ~Copyable {
    case ready(PIN)
    case refused(PINRule)
  }

  var words: PINWords
  var policy: PINPolicy
  var identities: [String]
  var fd: Int32?

  /// - Throws: `UK-411`, `UK-902` when a weak one was not confirmed.
  func get() throws(Failure) -> Got {
    let new = try read()
    if let rule = policy.refusal(new: new) { return .refused(rule) }
    let warnings = policy.warnings(new: new, identities: identities)
    for rule in warnings { Output.note("⚠ " + words.rule(rule)) }
    if fd == nil {
      if !warnings.isEmpty, !PINPrompt.confirm(words.weakConfirm, word: words.confirmWord) {
        throw Failure(.cancelled)
      }
      let again = try PINPrompt.ask(words.repeatPIN)
      guard PIN.isEqual(new, again) else { return .refused(.repeatDiffers) }
    }
    return .ready(new)
  }

  private func read() throws(Failure) -> PIN {
    if let fd { return try PINPrompt.read(fd: fd) }
    return try PINPrompt.ask(words.newPIN)
  }
}
