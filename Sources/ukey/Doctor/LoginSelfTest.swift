import CertificateKit
import DiagnosisKit
import Failures
import Glibc
import ManagerApp
import TokenKit

/// The login without the web: a fresh challenge signed with the key and verified with the certificate.
///
/// The PIN is asked before the diagnosis begins, after the tries left have been shown; it is sent at most once.
final class LoginSelfTest: @unchecked Sendable {
  // Unchecked: made before the diagnosis begins, then used by its one thread.
  /// Until it is sent; then it is wiped.
  private var pin: PIN?
  private let consent: TryConsent
  private let application: String
  private let providers: [any TokenProvider]

  /// - Throws: as finding the one key and asking for its PIN do.
  init(
    _ providers: [any TokenProvider], _ keys: KeySelection, asking: PINOptions, common: CommonOptions
  ) throws(Failure) {
    let key = try OneKey.find(keys, among: providers)
    let application = try key.application(asking.application)
    let words = PINWords[common.language]
    let reference = PINReference(
      application: application.name, role: .user, keySerial: key.snapshot.device.serial.value)
    let session = PINSession(token: key.token, words: words, asking: asking, common: common)
    switch try session.begin(reference) {
    case .ended(let outcome): throw Failure(Self.code(outcome))
    case .ready(let policy, let consent):
      self.consent = consent
      let pin = try session.pin(DoctorWords[common.language].pin, policy)
      if policy.refusal(current: pin) != nil { throw Failure(.pinRule) }
      self.pin = consume pin
    }
    self.application = application.name
    self.providers = providers
  }

  private static func code(_ outcome: PINOutcome) -> FailureCode {
    switch outcome {
    case .locked: .pinLocked
    case .notSent(.tries): .pinTries
    default: .pinProfile
    }
  }

  func run(_ snapshot: TokenSnapshot) -> LoginResult {
    let containers = (snapshot.applications.value ?? []).filter { $0.name == application }
      .flatMap { $0.containers.value ?? [] }
    let wanted: [ContainerSnapshot.Role] = [.signature, .authentication]
    for role in wanted {
      for container in containers {
        guard let certificate = container.entries.first(where: { $0.role == role })?.certificate.value else { continue }
        return sign(
          snapshot,
          SigningKey(
            application: application, container: container.name, certificate: certificate,
            keySerial: snapshot.device.serial.value))
      }
    }
    return .failed(Failure(.certificateMissing))
  }

  private func sign(_ snapshot: TokenSnapshot, _ key: SigningKey) -> LoginResult {
    var challenge = Array("ukey login self-test\n".utf8)
    var random = [UInt8](repeating: 0, count: 32)
    guard getentropy(&random, random.count) == 0 else { return .failed(Failure(.crypto, function: "getentropy")) }
    challenge += random
    do throws(Failure) {
      guard let provider = providers.first(where: { $0.name == snapshot.source.provider }) else {
        return .failed(Failure(.keyChanged))
      }
      let token = try provider.open(snapshot.source.reader)
      guard let pin = self.pin.take() else { return .failed(Failure(.internalError)) }
      switch token.sign(challenge, with: key, pin: pin, consent: consent) {
      case .pin(let outcome): return .pin(outcome)
      case .signed(let signature):
        do throws(Failure) {
          try key.certificate.verify(signature, of: challenge)
        } catch {
          return error.code == .signatureInvalid ? .mismatch : .failed(error)
        }
        return .verified(algorithm: key.certificate.publicKey.name, challengeBytes: challenge.count)
      }
    } catch {
      return .failed(error)
    }
  }
}
