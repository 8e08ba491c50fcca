import Base
import KeyService
import Synchronization
import TokenKit

/// A holder by script: what to do with each prompt, in order, and what was asked.
final class ScriptedPrompt: PromptProvider {
  enum Step: Sendable {
    case grant
    case deny
    case type(String)
    case cancel
    case timeOut
    case unavailable
    /// Until the page or the key goes away.
    case wait
  }

  private struct State {
    var steps: [Step] = []
    var permissions: [PermissionQuestion] = []
    var pins: [PINQuestion] = []
    var wiped = 0
  }

  let name = "script"
  let isReady: Bool
  private let keys: any KeyOperations
  private let state = Mutex(State())

  init(_ keys: any KeyOperations, isReady: Bool = true) {
    self.keys = keys
    self.isReady = isReady
  }

  private let asked = Condition()

  func script(_ steps: Step...) { state.withLock { $0.steps = steps } }
  var permissions: [PermissionQuestion] { state.withLock { $0.permissions } }
  var pins: [PINQuestion] { state.withLock { $0.pins } }

  /// How many of the PINs that were typed have been wiped.
  var wiped: Int { state.withLock { $0.wiped } }

  func waitUntilWiped(_ count: Int) { asked.waitInTime { wiped >= count } }

  /// Until a prompt has been opened.
  func waitUntilAsked() { asked.waitInTime { !permissions.isEmpty || !pins.isEmpty } }

  private func note(_ change: (inout State) -> Void) {
    asked.withLock {
      state.withLock { change(&$0) }
      asked.broadcast()
    }
  }

  private func next() -> Step { state.withLock { $0.steps.isEmpty ? .cancel : $0.steps.removeFirst() } }

  func permit(_ question: PermissionQuestion, _ ticket: PromptTicket) -> PermissionAnswer {
    note { $0.permissions.append(question) }
    switch next() {
    case .grant: return .granted(question.permissions)
    case .deny: return .granted([])
    case .timeOut: return .ended(.timedOut)
    case .unavailable: return .ended(.unavailable)
    case .wait:
      Self.wait(ticket)
      return .ended(.withdrawn)
    case .cancel, .type: return .ended(.cancelled)
    }
  }

  func pin(_ question: PINQuestion, _ ticket: PromptTicket) -> PINAnswer {
    note { $0.pins.append(question) }
    switch next() {
    case .type(let text):
      guard var pin = try? PIN() else { return .ended(.unavailable) }
      for byte in text.utf8 { _ = pin.append(byte) }
      return .typed(NotedLease(LocalPINLease(pin, keys: keys)) { [self] in note { $0.wiped += 1 } })
    case .timeOut: return .ended(.timedOut)
    case .unavailable: return .ended(.unavailable)
    case .wait:
      Self.wait(ticket)
      return .ended(.withdrawn)
    case .grant, .deny, .cancel: return .ended(.cancelled)
    }
  }

  private static func wait(_ ticket: PromptTicket) {
    let ended = Condition()
    let isOver = Mutex(false)
    ticket.onWithdrawal {
      isOver.withLock { $0 = true }
      ended.withLock { ended.broadcast() }
    }
    ended.waitInTime { isOver.withLock { $0 } }
    ticket.onWithdrawal(nil)
  }
}

/// Tells of its end.
private final class NotedLease: PINLease {
  private let lease: LocalPINLease
  private let ended: @Sendable () -> Void

  init(_ lease: LocalPINLease, ended: @escaping @Sendable () -> Void) {
    self.lease = lease
    self.ended = ended
  }

  func verify(_ certificate: HolderCertificate, consent: TryConsent) -> PINOutcome {
    lease.verify(certificate, consent: consent)
  }

  func sign(_ message: [UInt8], with certificate: HolderCertificate, consent: TryConsent) -> SignOutcome {
    lease.sign(message, with: certificate, consent: consent)
  }

  func end() {
    lease.end()
    ended()
  }
}
