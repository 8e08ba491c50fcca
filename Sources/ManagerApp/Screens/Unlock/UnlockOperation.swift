internal import Base
package import Failures
import Glibc
package import TokenKit
package import UnlockKit

/// A request to be made and written.
package struct UnlockRequestJob: Sendable, Equatable {
  /// Tells the screen that asked, so that a late answer does not reach another.
  package var ticket: Int
  package var source: TokenSource
  /// Of the key that was shown.
  package var keySerial: String?
  package var application: String
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
  // The token is used by one operation after the other, never by two.
  private nonisolated(unsafe) let token: any Token
  private let keySerial: String
  private let directory: StateDirectory
  private let held: HeldChallenge

  init(token: any Token, keySerial: String, directory: StateDirectory, held: HeldChallenge) {
    self.token = token
    self.keySerial = keySerial
    self.directory = directory
    self.held = held
  }

  package static func == (left: UnlockSession, right: UnlockSession) -> Bool { left === right }

  /// Checks a response and sends it, once. Waits for the card.
  func apply(_ file: String, consent: TryConsent) -> UnlockApplied {
    do throws(Failure) {
      let bytes = try Failure.mapping(.fileRead, try readFile(file, limit: SealedDocument.limit))
      let checked = try ResponseCheck(directory: directory).check(bytes, keySerial: keySerial, now: Int64(time(nil)))
      return .ended(try checked.apply(to: token, directory: directory, consent: consent))
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
    let token = try open(job.source)
    let snapshot = try token.read(ReadOptions(), progress: { _ in })
    let serial = snapshot.device.serial.value
    guard serial == job.keySerial else { throw Failure(.keyChanged) }
    var challenge: UnlockChallenge?
    if job.kind == .unlock {
      do throws(Failure) {
        challenge = try token.unlockChallenge(application: job.application, keySerial: serial)
      } catch {
        guard error.code == .unlockNotRemote else { throw error }
      }
    }
    let request = try UnlockRequest(
      kind: job.kind, snapshot: snapshot, application: job.application, challenge: challenge,
      applicant: job.applicant, program: "ukey", now: Int64(time(nil)))
    let document = try request.sealed()
    var session: UnlockSession?
    if let challenge, let serial {
      let open = OpenChallenge(
        request: document.digest, keySerial: serial, challenge: challenge, created: request.created)
      session = UnlockSession(
        token: token, keySerial: serial, directory: directory, held: try open.hold(in: directory))
    }
    let file = try write(document.bytes, job.file)
    let stem = job.file.hasSuffix(".ukreq") ? String(job.file.dropLast(6)) : job.file
    let form = try write(Array(UnlockForm(request: request, document: document).html.utf8), stem + ".html")
    if job.remember { try directory.remember(job.applicant) }
    return UnlockMade(
      file: file, form: form, checkCode: document.checkCode,
      compact: CompactRequest(request, digest: document.digest).text, adminTries: request.adminPIN?.left,
      session: session)
  }

  private func write(_ bytes: [UInt8], _ path: String) throws(Failure) -> String {
    switch writeFile(bytes, to: path, overwrite: false, mode: 0o600) {
    case .written(let path): return path
    case .exists: throw Failure(.fileExists, context: displaySafe(path))
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }
}
