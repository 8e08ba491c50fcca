package import DiagnosisKit
import Failures
package import TokenKit

/// Which PIN of which key a screen is about, and which screen asked.
package struct PINQuery: Sendable, Equatable {
  /// Grows with each question, so that a late answer does not reach another screen.
  package var ticket: Int
  package var source: TokenSource
  package var reference: PINReference

  package init(ticket: Int, source: TokenSource, reference: PINReference) {
    self.ticket = ticket
    self.source = source
    self.reference = reference
  }
}

/// What must be known before a PIN is asked, read afresh from the key.
package enum PINAnswer: Sendable {
  case ready(PINReady)
  /// A link of the login before the PIN is broken: none is asked.
  case broken(LoginTrial)
  case ended(PINOutcome)
}

/// The key takes a PIN: what it may be, the tries left, and empty fields for it.
package struct PINReady: Sendable {
  package var policy: PINPolicy
  package var status: PINStatus
  package var fields: PINFields

  package init(policy: PINPolicy, status: PINStatus, fields: PINFields) {
    self.policy = policy
    self.status = status
    self.fields = fields
  }
}

/// A change to be carried out. It owns the PINs; they are wiped when it has been.
package struct PINChangeJob: Sendable, Equatable {
  package var query: PINQuery
  package var consent: TryConsent
  let pins: PINFields

  /// Seconds after which the user is told that the key does not answer, and may leave. An operation of ours with a card
  /// ends by itself after 10; this is for what has no such limit: connecting, a vendor's library.
  package static let limit = 15

  package static func == (left: PINChangeJob, right: PINChangeJob) -> Bool {
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
  func carryOut(_ job: PINChangeJob) -> PINOutcome {
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
