import DiagnosisKit
package import Failures
package import KeyService
package import TokenKit

/// The key service as the manager reaches it.
package final class ManagerService: Sendable {
  private let link: ManagerLink
  private let launch: @Sendable () -> Failure?
  private let operations: any KeyOperations

  /// - Parameter launch: starts the program of the service; on a thread that may wait.
  package init(
    link: ManagerLink, operations: any KeyOperations, launch: @escaping @Sendable () -> Failure?
  ) {
    self.link = link
    self.operations = operations
    self.launch = launch
  }

  func begin(_ deliver: @escaping @Sendable (KeyServiceEvent) -> Void) {
    link.start { [link] event in
      switch event {
      case .connected: deliver(.connected)
      case .disconnected: deliver(.disconnected)
      case .permit(let id, let question): deliver(.permit(id, question))
      case .pin(let id, let question):
        do throws(Failure) {
          deliver(.pin(id, question, try PINFields()))
        } catch {
          // Without locked memory there is nowhere to type it.
          link.say(.ended(id, .unavailable))
        }
      case .withdrawn(let id): deliver(.withdrawn(id))
      case .used(let id, let origin, let outcome): deliver(.used(id, origin, outcome))
      case .ended(let id): deliver(.ended(id))
      case .openPINChange(let id, let origin): deliver(.openPINChange(id, origin))
      case .status(let status):
        let foreign = status.ports.filter { $0.state == .taken }.compactMap { UInt16(exactly: $0.number) }
        let holders = foreign.isEmpty ? [:] : PortHolder.of(Set(foreign))
        deliver(.status(status, holders: Dictionary(uniqueKeysWithValues: holders.map { (Int($0.key), $0.value) })))
      }
    }
  }

  func end() { link.stop() }

  func say(_ message: ClientMessage) { link.say(message) }

  func typed(_ job: PromptJob) {
    link.typed(
      job.id, job.question, job.certificate, job.question.consent, FieldsLease(job.pins, operations))
  }

  /// - Returns: why it did not start.
  func start() -> Failure? { launch() }
}

/// A PIN in the fields of a prompt, in the locked memory in which it was typed.
private final class FieldsLease: PINLease {
  private let pins: PINFields
  private let operations: any KeyOperations

  init(_ pins: PINFields, _ operations: any KeyOperations) {
    self.pins = pins
    self.operations = operations
  }

  func verify(_ certificate: HolderCertificate, consent: TryConsent) -> PINOutcome {
    do throws(Failure) {
      let token = try operations.open(certificate.source)
      return pins.use { pin, _ in token.verify(pin, certificate.reference, consent: consent) }
        ?? .notSent(.rule(.empty))
    } catch {
      return .notSent(.failure(error))
    }
  }

  func sign(_ message: [UInt8], with certificate: HolderCertificate, consent: TryConsent) -> SignOutcome {
    do throws(Failure) {
      let token = try operations.open(certificate.source)
      return pins.use { pin, _ in token.sign(message, with: certificate.key, pin: pin, consent: consent) }
        ?? .pin(.notSent(.rule(.empty)))
    } catch {
      return .pin(.notSent(.failure(error)))
    }
  }

  func end() { pins.wipe() }
}
