import Base
import Failures
import RenewalKit
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// What the commands of a renewal share: the PIN asked for once, one session with the key, its steps said as they come.
struct RenewalRun {
  enum Ended<Value> {
    case done(Value)
    case pin(PINOutcome)
  }

  var key: OneKey
  var asking: PINOptions
  var common: CommonOptions

  var words: RenewalWords { _read { yield RenewalWords[common.language] } }

  /// Finds the key, and ends the command as what the body came to wants it.
  ///
  /// - Parameter body: what ended it at the PIN, and in which document that is told.
  static func perform(
    _ keys: KeyOptions, _ asking: PINOptions, _ common: CommonOptions,
    _ body: (RenewalRun) throws(Failure) -> (outcome: PINOutcome, schema: String)?
  ) throws {
    let run: RenewalRun
    let ended: (outcome: PINOutcome, schema: String)?
    do throws(Failure) {
      run = RenewalRun(key: try OneKey.find(keys.selection(profile: asking.profile)), asking: asking, common: common)
      ended = try body(run)
    } catch {
      throw common.fail(error)
    }
    if let ended { try run.finish(ended.outcome, schema: ended.schema) }
  }

  /// Says a step on standard error, which JSON leaves alone.
  var progress: (RenewalStep) -> Void {
    let (language, isQuiet) = (common.language, common.json)
    return { step in if !isQuiet { Output.note("· " + RenewalWords[language].step(step)) } }
  }

  /// - Parameters:
  ///   - isRemoving: the old certificate goes: who ends it in the middle knows less.
  ///   - stopped: how things are when it was stopped on the way.
  /// - Throws: what ended the session after the PIN was accepted, with the hint how to go on.
  func session<Value>(
    _ application: TokenName, isRemoving: Bool = false, stopped: (RenewalWords) -> String = { $0.interrupted },
    _ body: (any RenewalSession) throws(Failure) -> Value
  ) throws(Failure) -> Ended<Value> {
    let reference = PINReference(
      application: application, role: .user, keySerial: key.snapshot.device.serial.value)
    let pinWords = PINWords[common.language]
    let session = PINSession(
      token: key.token, words: pinWords, asking: asking, common: common, snapshot: key.snapshot)
    switch try session.begin(reference) {
    case .ended(let outcome): return .pin(outcome)
    case .ready(let policy, let consent):
      let pin = try session.pin(pinWords.pin, policy)
      if let rule = policy.refusal(current: pin) { return .pin(.notSent(.rule(rule))) }
      // A step that has begun is brought to its end: a signal then finds the key as the journal says.
      PINSession.holdSignals()
      defer { PINSession.releaseSignals() }
      let language = common.language
      let notice = WaitNotice(language, atPad: policy.padLimit != nil) {
        let words = RenewalWords[language]
        Output.note(isRemoving ? words.interruptedRemoving : words.interrupted)
        return .outcomeUnknown
      }
      defer { notice.end() }
      switch key.token.renewing(reference, pin: pin, consent: consent, body) {
      case .done(let value): return .done(value)
      case .pin(let outcome): return .pin(outcome)
      case .failed(let failure):
        if !common.json { Output.note(stopped(words)) }
        throw failure
      }
    }
  }

  /// How a PIN that was not accepted ends the command.
  func finish(_ outcome: PINOutcome, schema: String) throws {
    try common.finish(PINEnd(outcome: outcome, role: .user, key: key.snapshot), schema: schema)
  }

  /// The order that is meant on this key.
  ///
  /// - Throws: `UK-539` when several are meant, `UK-545` when none is, with how the latest of this key stands, `UK-406` when it is
  ///   of another key.
  func journal(
    _ number: String?, in directory: StateDirectory, _ stages: [RenewalStage]
  ) throws(Failure) -> RenewalJournal {
    let serial = key.snapshot.device.serial.value?.text
    var journal: RenewalJournal
    do throws(Failure) {
      journal = try RenewalJournal.find(number, in: directory) { $0.keySerial == serial && stages.contains($0.stage) }
    } catch {
      guard error.code == .renewalNone,
        let latest = RenewalJournal.all(in: directory).journals.first(where: { $0.keySerial == serial })
      else { throw error }
      throw Failure(.renewalNone, context: latest.numberText + " · " + words.stage(latest.stage), causes: error.causes)
    }
    guard journal.keySerial == serial else { throw Failure(.keyChanged, context: displaySafe(journal.keySerial)) }
    try journal.closeWhereOldIsGone(key.snapshot, in: directory)
    return journal
  }
}

extension RenewalJournal {
  /// What every document tells of an order.
  var json: [(String, JSONValue?)] {
    [
      ("order", .string(numberText)), ("kind", .string(kind.rawValue)), ("stage", .string(stage.rawValue)),
      ("container", .string(container.text)), ("oldContainer", oldContainer.map { .string($0.text) }),
    ]
  }
}
