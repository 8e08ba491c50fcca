import Failures
import Synchronization
import TokenKit
import UnlockKit

/// A response that was checked, and the key that is held for it.
struct UnlockAnswer: Sendable, Equatable {
  var session: UnlockSession
  /// A file, or the line itself.
  var given: String
}

/// Such a response to be sent, with the PIN that the holder wants. It owns the PIN, which is wiped when it has been.
struct UnlockApplyJob: Sendable, Equatable {
  var query: PINQuery
  var answer: UnlockAnswer
  var consent: TryConsent
  let pins: PINFields

  static func == (left: UnlockApplyJob, right: UnlockApplyJob) -> Bool {
    left.query == right.query && left.answer == right.answer && left.consent == right.consent
      && left.pins === right.pins
  }

  /// Sends it once; the PIN is wiped whatever becomes of it.
  func carryOut() -> PINReply {
    defer { pins.wipe() }
    let outcome = pins.use { _, new in answer.session.apply(answer.given, consent: consent, own: new) }
    guard let outcome else { return .answered(query, .notSent(.rule(.empty)), isHalf: false) }
    guard outcome.unlock == .unblocked, let change = outcome.change else {
      return .answered(query, outcome.unlock, isHalf: outcome.unlock == .unblocked)
    }
    return .answered(query, change, isHalf: change != .changed)
  }
}

extension UnlockSession {
  /// Checks it again and sends it, once, with the holder's own PIN. Waits for the card.
  func apply(_ given: String, consent: TryConsent, own: borrowing PIN) -> UnlockOutcome {
    contents.withLock { contents in
      guard let contents else { return UnlockOutcome(unlock: .notSent(.failure(Failure(.challengeGone)))) }
      do throws(Failure) {
        // The window applies answers that tell the temporary PIN; there is none else to be told.
        return try checked(given).apply(
          to: contents.token, reference, directory: directory, consent: consent, told: try PIN(), own: own)
      } catch {
        return UnlockOutcome(unlock: .notSent(.failure(error)))
      }
    }
  }
}
