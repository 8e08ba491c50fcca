import DiagnosisKit
import Failures
import TokenKit

/// Which PIN of which key a screen asks about.
struct PINQuery: Sendable, Equatable {
  /// Grows with each question of a screen, so that the answer to an earlier one is not taken for this one's.
  var question: Int
  var source: TokenSource
  var reference: PINReference

  init(question: Int, source: TokenSource, reference: PINReference) {
    self.question = question
    self.source = source
    self.reference = reference
  }
}

/// What must be known before a PIN is asked, read afresh from the key.
enum PINAnswer: Sendable {
  case ready(PINReady)
  /// A link of the login before the PIN is broken: none is asked.
  case broken(LoginTrial)
  case ended(PINOutcome)
}

/// The key takes a PIN: what it may be, the tries left, and empty fields for it.
struct PINReady: Sendable {
  var policy: PINPolicy
  var status: PINStatus
  var fields: PINFields

  init(policy: PINPolicy, status: PINStatus, fields: PINFields) {
    self.policy = policy
    self.status = status
    self.fields = fields
  }
}

/// A change to be carried out. It owns the PINs; they are wiped when it has been.
struct PINChangeJob: Sendable, Equatable {
  var query: PINQuery
  var consent: TryConsent
  /// The PINs are entered at the key, within this time.
  var padLimit: Duration?
  let pins: PINFields

  /// Seconds after which the user is told that the key does not answer, and may leave. An operation of ours with a card
  /// ends by itself after 10; this is for what has no such limit: connecting, a vendor's library.
  static let limit = 15

  static func == (left: PINChangeJob, right: PINChangeJob) -> Bool {
    left.query == right.query && left.consent == right.consent && left.pins === right.pins
  }
}

extension KeyOperations {
  /// Support, tries left and empty fields, costing no try.
  func prepare(_ query: PINQuery) -> PINAnswer {
    do throws(Failure) {
      let token = try open(query.source)
      switch try token.pinSupport() {
      case .noProfile: return .ended(.notSent(.noProfile))
      case .supported(_, _, let policy):
        let status = try token.pinStatus(query.reference)
        if status.isLocked { return .ended(.locked) }
        return .ready(PINReady(policy: policy, status: status, fields: try PINFields()))
      }
    } catch {
      return .ended(.notSent(.failure(error)))
    }
  }

  /// Sends it once; the PINs are wiped whatever becomes of it.
  func changePIN(_ job: PINChangeJob) -> PINOutcome {
    defer { job.pins.wipe() }
    do throws(Failure) {
      let token = try open(job.query.source)
      let outcome = job.pins.use { old, new in
        token.changePIN(job.query.reference, from: old, to: new, consent: job.consent)
      }
      return outcome ?? .notSent(.rule(.empty))
    } catch {
      return .notSent(.failure(error))
    }
  }
}
