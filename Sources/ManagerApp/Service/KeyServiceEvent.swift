import DiagnosisKit
import Failures
import KeyService
import LoginToken
import TokenKit

/// What the key service tells the manager.
enum KeyServiceEvent: Sendable {
  case connected
  case disconnected
  case permit(Int, PermissionQuestion)
  /// With an empty field for the PIN.
  case pin(Int, PINQuestion, PINFields)
  case withdrawn(Int)
  case used(Int, WebOrigin, SignOutcome)
  case ended(Int)
  case openPINChange(Int, WebOrigin)
  /// With who has the ports that the service does not get.
  case status(ServiceStatus, holders: [Int: [PortHolder]])
}

/// What is to be done with the key service.
enum KeyServiceEffect: Sendable, Equatable {
  case say(ClientMessage)
  /// A PIN was typed: it is held until the service has used it.
  case typed(PromptJob)
  case start
}

/// A PIN that was typed for a page, and what it is for.
struct PromptJob: Sendable, Equatable {
  var id: Int
  var question: PINQuestion
  /// With the source by which this process reaches the key.
  var certificate: HolderCertificate
  let pins: PINFields

  static func == (left: PromptJob, right: PromptJob) -> Bool {
    left.id == right.id && left.question == right.question && left.certificate == right.certificate
      && left.pins === right.pins
  }
}
