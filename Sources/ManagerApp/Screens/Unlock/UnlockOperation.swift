internal import Base
package import Failures
import Glibc
import Synchronization
package import TokenKit
package import UnlockKit
import Wording

/// A request to be made and written.
package struct UnlockRequestJob: Sendable, Equatable {
  /// Tells the screen that asked, so that a late answer does not reach another.
  package var ticket: Int
  package var source: TokenSource
  /// Of the key that was shown.
  package var keySerial: TokenName?
  package var application: TokenName
  package var kind: UnlockKind
  package var applicant: Applicant
  /// Where the request goes; the form beside it, with `.html` at the end.
  package var file: String
  package var remember: Bool
}

/// A response to be applied to the key whose request is open.
package struct UnlockApplyJob: Sendable, Equatable {
  package var ticket: Int
  package var session: UnlockSession
  package var file: String
  package var consent: TryConsent
}

/// What became of making a request.
package enum UnlockRequested: Sendable {
  case made(UnlockMade)
  case failed(Failure)
}

/// A request that was written.
package struct UnlockMade: Sendable {
  package var file: String
  package var form: String
  package var checkCode: String
  package var compact: String
  /// Tries of the administrator PIN: an answer that does not fit costs one.
  package var adminTries: Int?
  /// Holds the key while its challenge is open; `nil` for a key that has none.
  package var session: UnlockSession?
}

/// What became of applying a response.
package enum UnlockApplied: Sendable {
  /// Nothing was sent, and another file may be tried.
  case refused(Failure)
  case ended(PINOutcome)
}

/// Keeps the connection to a key, and with it the key's power and its challenge, as long as it lives.
package final class UnlockSession: Sendable, Equatable {
  // Made on the thread that makes the request, used on those that apply responses: one after the other, by `turn`.
  private nonisolated(unsafe) let token: any Token
  /// The administrator PIN that the answer is made with.
  private let reference: PINReference
  private let directory: StateDirectory
  private let held: HeldChallenge
  private let turn = Mutex(())

  init(token: any Token, reference: PINReference, directory: StateDirectory, held: HeldChallenge) {
    self.token = token
    self.reference = reference
    self.directory = directory
    self.held = held
  }

  package static func == (left: UnlockSession, right: UnlockSession) -> Bool { left === right }

  /// Checks a response and sends it, once. Waits for the card.
  func apply(_ file: String, consent: TryConsent) -> UnlockApplied {
    do throws(Failure) {
      let bytes = try Failure.mapping(.fileRead, try readFile(file, limit: SealedDocument.limit))
      let checked = try ResponseCheck(directory: directory).check(
        bytes, keySerial: reference.keySerial?.text ?? "", now: Int64(time(nil)))
      return .ended(
        try turn.withLock { _ throws(Failure) in
          try checked.apply(to: token, reference, directory: directory, consent: consent)
        })
    } catch {
      return .refused(error)
    }
  }
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
