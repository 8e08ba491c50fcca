import CertificateKit
package import Failures
import Glibc
package import TokenKit

/// The login without the web: a fresh challenge signed with the key and verified with the certificate, link by link. The
/// one place of it, for the command and the screen.
///
/// What needs no PIN is looked at first, and the PIN is sent only when all of it holds: an expired certificate costs no
/// try. Sends the PIN at most once.
package struct LoginSelfTest: Sendable, Equatable {
  /// With which key it is tried; its serial is that of the key that the user was shown.
  package var key: SigningKey
  /// Seconds since 1970-01-01 UTC.
  package var now: Int64
  package var reminderDays: Int
  /// The key as it was read a moment ago, where that is to be relied on: it is not read a second time then. That it is
  /// still the same key is found out where the PIN is sent.
  package var seen: TokenSnapshot?

  package init(key: SigningKey, now: Int64, reminderDays: Int, seen: TokenSnapshot? = nil) {
    self.key = key
    self.now = now
    self.reminderDays = reminderDays
    self.seen = seen
  }

  /// Opens the key, on a thread that is not waited for longer than ``CardLimit/duration``.
  package typealias Opening = @Sendable () throws(Failure) -> any Token

  /// The links before the PIN, on what was read of the key a moment ago.
  package func before(in snapshot: TokenSnapshot) -> LoginTrial {
    var trial = LoginTrial()
    _ = holds(snapshot, &trial) { _ in }
    return trial
  }

  /// The links before the PIN on the key as it is now; nothing that costs a try is sent.
  package func before(_ open: @escaping Opening, _ deliver: (LoginEvent) -> Void = { _ in }) -> LoginTrial {
    var trial = LoginTrial()
    _ = begin(open, &trial, deliver)
    return trial
  }

  /// All links. The caller has shown the tries left and has the consent for them; they are read once more before the PIN
  /// is sent.
  package func run(
    _ open: @escaping Opening, pin: borrowing PIN, consent: TryConsent, _ deliver: (LoginEvent) -> Void = { _ in }
  ) -> LoginTrial {
    var trial = LoginTrial()
    guard let (token, family) = begin(open, &trial, deliver) else { return trial }
    deliver(.started(.pin))
    let challenge: [UInt8]
    do throws(Failure) {
      challenge = try Self.challenge()
    } catch {
      trial.take(.pin, Finding(.fault, .loginNotSent, error), deliver)
      return trial
    }
    switch token.sign(challenge, with: key, pin: pin, consent: consent) {
    case .signed(let signature):
      trial.outcome = .verified
      trial.take(.pin, .ok(), deliver)
      trial.take(.signature, .ok(), deliver)
      deliver(.started(.verification))
      trial.take(.verification, verify(signature, challenge), deliver)
    case .pin(let outcome): Self.judge(outcome, on: family, &trial, deliver)
    }
    return trial
  }

  private static func challenge() throws(Failure) -> [UInt8] {
    var random = [UInt8](repeating: 0, count: 32)
    guard getentropy(&random, random.count) == 0 else {
      throw Failure(.crypto, function: "getentropy", number: .errno(errno))
    }
    return Array("ukey login self-test\n".utf8) + random
  }

  // MARK: Before the PIN

  /// - Returns: the key to go on with; `nil` when a link is broken.
  private func begin(
    _ open: @escaping Opening, _ trial: inout LoginTrial, _ deliver: (LoginEvent) -> Void
  ) -> (token: any Token, family: TokenFamily)? {
    deliver(.started(.key))
    let key: (token: any Token, snapshot: TokenSnapshot)
    let seen = seen
    do throws(Failure) {
      // A card that falls silent here has had no PIN: it is told as a key that does not answer, in its own time and not
      // as a login that hangs.
      key = try Bounded.run { () throws(Failure) in
        let token = try open()
        if let seen { return (token, seen) }
        return (token, try token.read(ReadOptions(), progress: { _ in }))
      }
    } catch {
      trial.take(.key, Finding(.fault, .loginKeyLost, error), deliver)
      return nil
    }
    return holds(key.snapshot, &trial, deliver) ? (key.token, key.snapshot.family) : nil
  }

  /// Whether all links before the PIN hold on what was read; the first that does not is the last looked at.
  private func holds(_ snapshot: TokenSnapshot, _ trial: inout LoginTrial, _ deliver: (LoginEvent) -> Void) -> Bool {
    guard snapshot.device.serial.value == key.keySerial else {
      trial.take(.key, Finding(.fault, .loginOtherKey), deliver)
      return false
    }
    trial.take(.key, .ok(), deliver)
    for step in LoginStep.beforePIN.dropFirst() {
      deliver(.started(step))
      let finding =
        switch step {
        case .certificate: certificate(in: snapshot)
        case .validity: validity
        default: usage(in: snapshot)
        }
      trial.take(step, finding, deliver)
      if !finding.holds { return false }
    }
    return true
  }

  private func certificate(in snapshot: TokenSnapshot) -> Finding {
    let places = snapshot.places.filter {
      $0.application.name == key.application && $0.container.name == key.container && $0.isForLogin
    }
    if places.contains(where: { $0.certificate.value?.der == key.certificate.der }) { return .ok() }
    if let failure = places.lazy.compactMap(\.certificate.failure).first ?? snapshot.applications.failure {
      return Finding(.fault, .certificateBroken, failure)
    }
    // Another one in its place was put there after the screen was drawn: it is not what the user chose.
    return Finding(.fault, .signatureMissing)
  }

  private var validity: Finding {
    let validity = key.certificate.validity
    let facts = [
      Evidence(.notBefore, validity.notBeforeText), Evidence(.notAfter, validity.notAfterText),
      Evidence(.daysLeft, String(validity.daysLeft(now: now))),
    ]
    return switch validity.state(now: now, reminderDays: reminderDays) {
    case .valid: .ok(facts)
    case .expiring: Finding(.warning, .expiring, facts)
    case .expired: Finding(.fault, .expired, facts)
    case .notYetValid: Finding(.fault, .notYetValid, facts)
    }
  }

  private func usage(in snapshot: TokenSnapshot) -> Finding {
    guard key.certificate.maySign else { return Finding(.fault, .wrongUsage) }
    let place = snapshot.places.first { $0.application.name == key.application && $0.container.name == key.container }
    // Not the key's fault, and no reason to ask for a PIN.
    if let obstacle = place?.container.signingObstacle { return Finding(.unknown, .loginUntestable, obstacle) }
    return .ok()
  }

  // MARK: With the PIN

  private func verify(_ signature: [UInt8], _ challenge: [UInt8]) -> Finding {
    do throws(Failure) {
      try key.certificate.verify(signature, of: challenge)
      return .ok([
        Evidence(.algorithm, key.certificate.publicKey.name), Evidence(.challenge, String(challenge.count)),
      ])
    } catch {
      return Finding(.fault, error.code == .signatureInvalid ? .loginMismatch : .loginRefused, error)
    }
  }

  /// - Parameter family: of the key, where it is known: it tells how a locked PIN is unlocked.
  fileprivate static func judge(
    _ outcome: PINOutcome, on family: TokenFamily?, _ trial: inout LoginTrial, _ deliver: (LoginEvent) -> Void
  ) {
    trial.outcome = outcome
    func left(_ count: Int?) -> [Evidence] { count.map { [Evidence(.triesLeft, String($0))] } ?? [] }
    let finding: Finding
    switch outcome {
    case .wrong(let count): finding = Finding(.fault, .loginPIN, left(count))
    case .locked:
      finding = Finding(.fault, family?.traits.unlocksRemotely == false ? .pinLockedHere : .pinLocked)
    case .unknown(_, let failure): finding = Finding(.fault, .loginUnknown, failure)
    case .notSent(.tries(let count)): finding = Finding(.fault, .loginFewTries, left(count))
    case .notSent(.otherKey): finding = Finding(.fault, .loginOtherKey)
    case .notSent(.noProfile): finding = Finding(.fault, .loginNoProfile)
    case .notSent(.failure(let failure)):
      finding = Finding(.fault, failure.code == .pinNotSet ? .loginNoPIN : .loginNotSent, failure)
    case .notSent(.rule): finding = Finding(.fault, .loginNotSent)
    case .refused(let failure) where failure.isOfLogin:
      let cause: Cause =
        switch PINRefusal(failure) {
        case .expired: .loginExpired
        case .notSet: .loginNoPIN
        case .otherPIN, .again: .loginNotCompared
        }
      finding = Finding(.fault, cause, failure)
    case .refused(let failure):
      // The PIN had been accepted; then the key did not sign, or what it signed does not fit.
      trial.take(.pin, .ok(), deliver)
      if failure.code == .signatureInvalid {
        trial.take(.signature, .ok(), deliver)
        trial.take(.verification, Finding(.fault, .loginMismatch, failure), deliver)
      } else {
        let cause = failure.code == .privateKeyMissing ? Cause.loginNoPrivateKey : .loginRefused
        trial.take(.signature, Finding(.fault, cause, failure), deliver)
      }
      return
    case .verified, .changed, .unblocked: finding = Finding(.fault, .loginRefused)
    }
    trial.take(.pin, finding, deliver)
  }
}

extension LoginTrial {
  fileprivate mutating func take(_ step: LoginStep, _ finding: Finding, _ deliver: (LoginEvent) -> Void) {
    set(step, finding)
    deliver(.found(step, finding))
  }

  /// A trial that ended before its first link: no key to try it with.
  package static func failed(_ failure: Failure) -> LoginTrial {
    var trial = LoginTrial()
    // The key was reached: it holds nothing to log in with.
    if failure.code == .certificateMissing {
      trial.set(.key, .ok())
      trial.set(.certificate, Finding(.fault, .loginNoCertificate, failure))
    } else {
      trial.set(.key, Finding(.fault, .loginKeyLost, failure))
    }
    return trial
  }

  /// A trial that ended at the PIN, or where it would have been asked: it is locked, or the key takes none.
  package static func ended(
    _ outcome: PINOutcome, after before: LoginTrial, on family: TokenFamily? = nil
  ) -> LoginTrial {
    var trial = before
    LoginSelfTest.judge(outcome, on: family, &trial) { _ in }
    return trial
  }
}

extension Finding {
  /// A finding with the failure that it comes from.
  fileprivate init(_ verdict: Verdict, _ cause: Cause, _ failure: Failure) {
    self.init(verdict, cause, [Evidence(.error, failure.reference)], failure: failure)
  }
}
