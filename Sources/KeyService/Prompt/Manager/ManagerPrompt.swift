internal import Failures
package import LoginToken
internal import Synchronization
internal import TokenKit

/// Asks in the window of the manager that is open. The PIN is typed and used there; here arrives what became of it.
package final class ManagerPrompt: PromptProvider {
  package let name = "manager"
  private let control: ServiceControl

  /// A manager that is stopped, or that does not see the key, does not show a question: the next provider is then tried.
  private static let patience = Duration.seconds(2)

  package init(_ control: ServiceControl) { self.control = control }

  package var isReady: Bool { control.manager != nil }

  package func permit(_ question: PermissionQuestion, _ ticket: PromptTicket) -> PermissionAnswer {
    switch ask(ticket, .seconds(ServiceDesk.permissionTime), { .permit($0, question) }) {
    case .answer(.granted(let permissions), let connection, let id):
      connection.finish(id)
      return .granted(permissions)
    case .answer(_, let connection, let id):
      connection.finish(id)
      return .ended(.unavailable)
    case .ended(let end): return .ended(end)
    }
  }

  package func pin(_ question: PINQuestion, _ ticket: PromptTicket) -> PINAnswer {
    switch ask(ticket, .seconds(ServiceDesk.pinTime), { .pin($0, question) }) {
    case .answer(.typed, let connection, let id):
      guard let exchange = connection.exchange(id) else { return .ended(.cancelled) }
      return .typed(ManagerPINLease(connection, id, exchange))
    case .answer(_, let connection, let id):
      connection.finish(id)
      return .ended(.unavailable)
    case .ended(let end): return .ended(end)
    }
  }

  /// Has the manager show its dialog for changing the PIN.
  ///
  /// - Returns: `false` when there is none, or it is busy with something else.
  package func openPINChange(for origin: WebOrigin) -> Bool {
    guard let connection = control.manager, let (id, exchange) = connection.begin() else { return false }
    defer { connection.finish(id) }
    guard connection.stream.send(ServiceMessage.openPINChange(id, origin).json) else { return false }
    return exchange.next(within: Self.patience) == .answer(.shown)
  }

  private enum Result {
    case answer(ManagerAnswer, ControlConnection, id: Int)
    case ended(PromptEnd)
  }

  private func ask(_ ticket: PromptTicket, _ limit: Duration, _ message: (Int) -> ServiceMessage) -> Result {
    guard let connection = control.manager, let (id, exchange) = connection.begin() else { return .ended(.unavailable) }
    ticket.onWithdrawal { exchange.put(.ended(.withdrawn)) }
    defer { ticket.onWithdrawal(nil) }
    func end(_ end: PromptEnd, withdrawing: Bool) -> Result {
      if withdrawing { connection.stream.send(ServiceMessage.withdraw(id).json) }
      connection.finish(id)
      return .ended(end)
    }
    guard connection.stream.send(message(id).json) else { return end(.unavailable, withdrawing: false) }
    switch exchange.next(within: Self.patience) {
    case .answer(.shown): break
    case .answer(.ended(let why)): return end(why, withdrawing: why == .withdrawn)
    case .answer, .late: return end(.unavailable, withdrawing: true)
    case .closed: return end(.unavailable, withdrawing: false)
    }
    switch exchange.next(within: limit) {
    case .answer(.ended(.withdrawn)):
      // Where it was not the page that went, the manager saw the key go before the service did.
      ticket.withdraw(isKeyGone: true)
      return end(.withdrawn, withdrawing: true)
    case .answer(.ended(let why)): return end(why, withdrawing: false)
    case .answer(let answer): return .answer(answer, connection, id: id)
    case .late: return end(.timedOut, withdrawing: true)
    // The holder closed the window on it.
    case .closed: return end(.cancelled, withdrawing: false)
    }
  }
}

/// A PIN that was typed in the manager and stays there.
final class ManagerPINLease: PINLease {
  private let connection: ControlConnection
  private let id: Int
  private let exchange: Exchange
  private let isEnded = Atomic(false)

  /// Longer than any operation with a key: the manager tells how that ended, late or not.
  private static let limit = Duration.seconds(90)

  init(_ connection: ControlConnection, _ id: Int, _ exchange: Exchange) {
    self.connection = connection
    self.id = id
    self.exchange = exchange
  }

  func verify(_ certificate: HolderCertificate, consent: TryConsent) -> PINOutcome {
    switch use(.verify(id)) {
    case .pin(let outcome): outcome
    case .signed: .refused(Failure(.internalError, function: "verify"))
    }
  }

  func sign(_ message: [UInt8], with certificate: HolderCertificate, consent: TryConsent) -> SignOutcome {
    use(.sign(id, message))
  }

  func end() {
    guard !isEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
    connection.stream.send(ServiceMessage.end(id).json)
    connection.finish(id)
  }

  private func use(_ message: ServiceMessage) -> SignOutcome {
    guard connection.stream.send(message.json) else {
      return .pin(.notSent(.failure(Failure(.cancelled, function: "manager"))))
    }
    while true {
      switch exchange.next(within: Self.limit) {
      case .answer(.outcome(let outcome)): return outcome
      // What was said before, or of the page that went away meanwhile.
      case .answer: continue
      case .closed, .late: return .pin(.unknown(.verify, Failure(.pinUnknown, function: "manager")))
      }
    }
  }
}
