import Base
import Failures
import Glibc
import TokenKit
import UnlockKit
import Wording

/// A request to be made and written.
struct UnlockRequestJob: Sendable, Equatable {
  var source: TokenSource
  /// Of the key that was shown.
  var keySerial: TokenName?
  var application: TokenName
  var kind: UnlockKind
  var applicant: Applicant
  /// Where the request goes; the form beside it, with `.html` at the end.
  var file: String
  var remember: Bool
}

/// A response to be applied to the key whose request is open.
struct UnlockApplyJob: Sendable, Equatable {
  var session: UnlockSession
  var file: String
  var consent: TryConsent
}

/// What became of making a request.
enum UnlockRequested: Sendable {
  case made(UnlockMade)
  case failed(Failure)
}

/// A request that was written.
struct UnlockMade: Sendable {
  var file: String
  var form: String
  var checkCode: String
  var compact: String
  /// Tries of the administrator PIN: an answer that does not fit costs one.
  var adminTries: Int?
  /// Holds the key while its challenge is open; `nil` for a key that has none.
  var session: UnlockSession?
  /// ``compact`` for a camera.
  let code: QRCode?

  init(
    file: String, form: String, checkCode: String, compact: String, adminTries: Int?, session: UnlockSession?
  ) {
    self.file = file
    self.form = form
    self.checkCode = checkCode
    self.compact = compact
    self.adminTries = adminTries
    self.session = session
    code = QRCode(compact)
  }
}

/// What became of applying a response.
enum UnlockApplied: Sendable {
  /// Nothing was sent, and another file may be tried.
  case refused(Failure)
  case ended(PINOutcome)
}

extension KeyOperations {
  /// Reads the key afresh, takes a challenge where it has one, and writes request and form.
  func make(_ job: UnlockRequestJob) -> UnlockRequested {
    do throws(Failure) {
      return .made(try makeRequest(job))
    } catch {
      return .failed(error)
    }
  }

  private func makeRequest(_ job: UnlockRequestJob) throws(Failure) -> UnlockMade {
    let directory = try StateDirectory.ofUser()
    let form = RequestMaking.formName(beside: job.file)
    let making = RequestMaking(
      kind: job.kind, application: job.application, applicant: job.applicant, file: job.file, form: form,
      remembers: job.remember)
    try making.checkNames()
    let token = try open(job.source)
    let snapshot = try token.read(ReadOptions(), progress: { _ in })
    let serial = snapshot.device.serial.value
    guard serial == job.keySerial else { throw Failure(.keyChanged) }
    let sealed = try making.seal(snapshot, by: token, now: Int64(time(nil)))
    let held = try sealed.write(keeping: directory) { UnlockForm(request: $0.request, document: $0.document).html }
    var session: UnlockSession?
    if let held {
      session = UnlockSession(
        token: token, reference: PINReference(application: job.application, role: .admin, keySerial: serial),
        directory: directory, held: held)
    }
    return UnlockMade(
      file: making.file, form: making.form ?? form, checkCode: sealed.document.checkCode, compact: sealed.compact,
      adminTries: sealed.request.adminPIN?.left, session: session)
  }
}
