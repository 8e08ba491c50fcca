package import CertificateKit
package import Failures

/// The kinds of key pair that a key can make for a new certificate.
package enum RenewalKeyKind: String, Sendable, CaseIterable {
  case sm2
  case rsa2048
  case p256

  /// The kind that follows a certificate's: a renewal keeps what sites know. `nil` where there is none.
  package init?(_ key: PublicKey) {
    switch key {
    case .sm2: self = .sm2
    case .rsa: self = .rsa2048
    case .ec("prime256v1", _): self = .p256
    case .ec, .other: return nil
    }
  }
}

/// What a key offers for a new certificate on it.
package struct RenewalOffer: Sendable, Equatable {
  package var kinds: [RenewalKeyKind]
  /// Whether it takes the private half of an encryption pair that an authority made.
  package var takesEncryptionPair: Bool
  /// What it rests on that the key is written so.
  package enum Basis: Sendable, Equatable {
    /// A library of its maker by a published interface.
    case library(interface: String, name: String)
    /// Facts gathered in public, by the profile of this name, where they stand with their sources.
    case published(profile: String)
  }

  package var basis: Basis
  /// A container is called by the hexadecimal digits of the order's number: it has no other name on such a key.
  package var namesAreNumbers = false
  /// The only containers that there may be, of which these are empty; `nil`: any name will do.
  package var places: [TokenName]?
  /// Whether the old certificate's container can be removed.
  package var removesOld = true
}

/// A container as a renewal sees it.
package struct RenewalContainer: Sendable, Equatable {
  /// A pair of the role is there, whether or not it can be told.
  package var hasSignaturePair: Bool
  package var hasEncryptionPair: Bool
}

/// The steps by which a new certificate comes onto a key, on an application whose user PIN has been accepted, with nobody
/// in between. Each either is done when it returns or throws; what a failure has left is found by looking again.
///
/// None writes over a key pair: ``generate(_:in:)`` and ``importPair(_:in:)`` are called only where there is none.
package protocol RenewalSession: AnyObject {
  /// Whether containers are made before what is in them; elsewhere they come and go with it.
  var hasContainers: Bool { get }
  /// - Throws: `UK-536` when the key says that it has no room for another container with `bytes` of certificates.
  func checkRoom(for bytes: Int) throws(Failure)
  /// `nil`: no container of that name.
  func container(_ name: TokenName) throws(Failure) -> RenewalContainer?
  func createContainer(_ name: TokenName) throws(Failure)
  /// Makes the signature pair in the key.
  func generate(_ kind: RenewalKeyKind, in container: TokenName) throws(Failure)
  /// As the key tells it now; `nil` when there is no such pair.
  func publicKey(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> PublicKeyInfo?
  /// As ``SignOutcome/signed(_:)``, by a signature pair that has no certificate yet; checked with its public key.
  func sign(_ message: [UInt8], in container: TokenName, by key: PublicKeyInfo) throws(Failure) -> [UInt8]
  /// The same by the key of a certificate.
  func sign(_ message: [UInt8], with key: SigningKey) throws(Failure) -> [UInt8]
  func importPair(_ pair: EnvelopedKey, in container: TokenName) throws(Failure)
  func importCertificate(
    _ certificate: Certificate, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure)
  /// DER as it lies on the key; `nil` when there is none.
  func certificate(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> [UInt8]?
  /// Whether the encryption pair opens what was encrypted to its public key; `nil` when this key has no way to tell.
  func opens(_ key: PublicKeyInfo, in container: TokenName) throws(Failure) -> Bool?
  /// Destroys a container with its keys (GM/T 0016 §8.3 i).
  func deleteContainer(_ name: TokenName) throws(Failure)
  /// The PIN that was accepted, for as long as the steps take: a key may want it once more for every signature. `nil`: the
  /// steps are over.
  func lend(_ pin: UnsafeRawBufferPointer?)
}

extension RenewalSession {
  package func lend(_ pin: UnsafeRawBufferPointer?) {}

  package var hasContainers: Bool { true }
}

/// How a session for a renewal ended.
package enum RenewalEnd<Value> {
  case done(Value)
  /// It ended at the PIN.
  case pin(PINOutcome)
  /// After the PIN was accepted. What the key holds now is found by looking.
  case failed(Failure)
}

extension Token {
  /// What the key offers for a new certificate on it, as far as that is known without a PIN.
  ///
  /// - Throws: `UK-535` with the reason when it takes none from this program.
  package func renewalOffer() throws(Failure) -> RenewalOffer {
    guard let token = self as? any RenewalToken else { throw Failure(.renewalNotOffered) }
    return try token.offer()
  }

  /// Logs in with the user PIN, sent once, runs `body`, and logs out.
  package func renewing<Value>(
    _ reference: PINReference, pin: borrowing PIN, consent: TryConsent,
    _ body: (any RenewalSession) throws(Failure) -> Value
  ) -> RenewalEnd<Value> {
    guard let token = self as? any RenewalToken else { return .failed(Failure(.renewalNotOffered)) }
    return token.run(reference, pin, consent, body)
  }
}

/// A kind of key that takes new certificates. Those without are refused by name before a PIN is asked for.
protocol RenewalToken: PINToken {
  func offer() throws(Failure) -> RenewalOffer
  /// As ``PINToken/withPINTarget(_:)``, for as long as making a pair takes.
  func withRenewalTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value
}

extension RenewalToken {
  func withRenewalTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try withPINTarget(body)
  }

  func run<Value>(
    _ reference: PINReference, _ pin: borrowing PIN, _ consent: TryConsent,
    _ body: (any RenewalSession) throws(Failure) -> Value
  ) -> RenewalEnd<Value> {
    var end: RenewalEnd<Value>?
    func work(_ target: any PINTarget, _ pin: borrowing PIN) -> PINOutcome {
      target.carryOut(
        .sign, reference, consent, rule: { $0.refusal(current: pin) },
        send: {
          guard let session = target as? any RenewalSession else {
            return .notSent(.failure(Failure(.renewalNotOffered)))
          }
          let outcome = target.verify(.user, pin)
          guard outcome == .verified else { return outcome }
          pin.withBytes { bytes in
            session.lend(bytes)
            defer { session.lend(nil) }
            do throws(Failure) {
              end = .done(try body(session))
            } catch {
              end = .failed(error)
            }
          }
          return outcome
        })
    }
    do throws(Failure) {
      let outcome = try withRenewalTarget { target throws(Failure) in work(target, pin) }
      return end ?? .pin(outcome)
    } catch {
      return end ?? .pin(.notSent(.failure(error)))
    }
  }
}
