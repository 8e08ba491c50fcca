import DiagnosisKit
import Failures
import TokenKit

/// What a login is tried with.
enum LoginSubject: Sendable, Equatable {
  case certificate(LoginSelfTest)
  /// The key shows its certificates after a login only: the one that logs in is chosen then.
  case hidden(application: TokenName, now: Int64, reminderDays: Int)

  var test: LoginSelfTest? { if case .certificate(let test) = self { test } else { nil } }

  mutating func restart(now: Int64) {
    switch self {
    case .certificate(var test):
      test.now = now
      self = .certificate(test)
    case .hidden(let application, _, let days): self = .hidden(application: application, now: now, reminderDays: days)
    }
  }
}

/// A login to be tried. It owns the PIN, which is wiped when it has been.
struct LoginJob: Sendable, Equatable {
  var query: PINQuery
  var consent: TryConsent
  var subject: LoginSubject
  /// The PIN is entered at the key, within this time.
  var padLimit: Duration?
  let pins: PINFields

  static func == (left: LoginJob, right: LoginJob) -> Bool {
    left.query == right.query && left.consent == right.consent && left.subject == right.subject
      && left.pins === right.pins
  }
}

extension KeyOperations {
  /// The links before the PIN, and then, if they hold, what ``prepare(_:)`` reads; costs no try.
  func prepare(_ query: PINQuery, _ subject: LoginSubject) -> PINAnswer {
    guard let test = subject.test else { return prepare(query) }
    let trial = test.before { () throws(Failure) in try self.open(query.source) }
    return trial.first == nil ? prepare(query) : .broken(trial)
  }

  /// Tries it once; the PIN is wiped whatever becomes of it.
  ///
  /// - Parameter chosen: gets the test where the certificate is found after a login only. The PIN is then sent a second time, for
  ///   the signature, where it was right.
  func tryLogin(
    _ job: LoginJob, chosen: (LoginSelfTest) -> Void = { _ in }, _ deliver: (LoginEvent) -> Void
  ) -> LoginTrial {
    defer { job.pins.wipe() }
    let trial = job.pins.use { pin, _ in tried(job, pin, chosen, deliver) }
    return trial ?? .failed(Failure(.internalError, function: "PINFields"))
  }

  private func tried(
    _ job: LoginJob, _ pin: borrowing PIN, _ chosen: (LoginSelfTest) -> Void, _ deliver: (LoginEvent) -> Void
  ) -> LoginTrial {
    let source = job.query.source
    let test: LoginSelfTest
    switch job.subject {
    case .certificate(let known): test = known
    case .hidden(let application, let now, let days):
      do throws(Failure) {
        switch try open(source).readLoggedIn(pin, job.query.reference, consent: job.consent) {
        case .pin(let outcome): return .ended(outcome, after: LoginTrial())
        case .read(let snapshot):
          guard let key = snapshot.loginCertificate(application: application)?.signingKey else {
            return .failed(Failure(.certificateMissing))
          }
          test = LoginSelfTest(key: key, now: now, reminderDays: days, seen: snapshot)
        }
      } catch {
        return .failed(error)
      }
      chosen(test)
    }
    return test.run({ () throws(Failure) in try self.open(source) }, pin: pin, consent: job.consent, deliver)
  }
}
