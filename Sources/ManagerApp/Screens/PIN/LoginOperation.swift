import DiagnosisKit
import Failures
import TokenKit

/// A login to be tried. It owns the PIN, which is wiped when it has been.
struct LoginJob: Sendable, Equatable {
  var query: PINQuery
  var consent: TryConsent
  var test: LoginSelfTest
  /// The PIN is entered at the key, within this time.
  var padLimit: Duration?
  let pins: PINFields

  static func == (left: LoginJob, right: LoginJob) -> Bool {
    left.query == right.query && left.consent == right.consent && left.test == right.test && left.pins === right.pins
  }
}

extension KeyOperations {
  /// The links before the PIN, and then, if they hold, what ``prepare(_:)`` reads; costs no try.
  func prepare(_ query: PINQuery, _ test: LoginSelfTest) -> PINAnswer {
    let trial = test.before { () throws(Failure) in try self.open(query.source) }
    return trial.first == nil ? prepare(query) : .broken(trial)
  }

  /// Tries it once; the PIN is wiped whatever becomes of it.
  func tryLogin(_ job: LoginJob, _ deliver: (LoginEvent) -> Void) -> LoginTrial {
    defer { job.pins.wipe() }
    let source = job.query.source
    let trial = job.pins.use { pin, _ in
      job.test.run({ () throws(Failure) in try self.open(source) }, pin: pin, consent: job.consent, deliver)
    }
    return trial ?? .failed(Failure(.internalError, function: "PINFields"))
  }
}
