internal import Failures
internal import Synchronization
package import TokenKit

/// A PIN that was typed for one purpose, wherever it is: here in locked memory, or in the manager's process, from where
/// only the outcome crosses.
package protocol PINLease: AnyObject, Sendable {
  /// Checks the PIN with the key.
  func verify(_ certificate: HolderCertificate, consent: TryConsent) -> PINOutcome
  func sign(_ message: [UInt8], with certificate: HolderCertificate, consent: TryConsent) -> SignOutcome
  /// Overwrites the PIN. It is of no use any more.
  func end()
}

/// A PIN typed into a prompt of this process.
package final class LocalPINLease: PINLease {
  private let pin: Mutex<PIN>
  private let keys: any KeyOperations

  package init(_ pin: consuming sending PIN, keys: any KeyOperations) {
    self.pin = Mutex(pin)
    self.keys = keys
  }

  package func verify(_ certificate: HolderCertificate, consent: TryConsent) -> PINOutcome {
    pin.withLock { pin in
      do throws(Failure) {
        return try keys.open(certificate.source).verify(pin, certificate.reference, consent: consent)
      } catch {
        return .notSent(.failure(error))
      }
    }
  }

  package func sign(_ message: [UInt8], with certificate: HolderCertificate, consent: TryConsent) -> SignOutcome {
    pin.withLock { pin in
      do throws(Failure) {
        return try keys.open(certificate.source).sign(message, with: certificate.key, pin: pin, consent: consent)
      } catch {
        return .pin(.notSent(.failure(error)))
      }
    }
  }

  package func end() { pin.withLock { $0.wipe() } }
}
