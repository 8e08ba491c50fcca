/// A place where the holder is asked: the manager's window, pinentry, a terminal.
///
/// Calls come on a thread that may wait; one at a time.
package protocol PromptProvider: AnyObject, Sendable {
  /// For the log: `manager`, `pinentry`, `terminal`.
  var name: String { get }
  /// Whether it can ask now. Asked before each prompt.
  var isReady: Bool { get }
  /// - Parameter ticket: ends the prompt when the page or the key goes away.
  func permit(_ question: PermissionQuestion, _ ticket: PromptTicket) -> PermissionAnswer
  func pin(_ question: PINQuestion, _ ticket: PromptTicket) -> PINAnswer
}

package enum PermissionAnswer: Sendable, Equatable {
  /// What is allowed of what was asked, perhaps less.
  case granted(Permissions)
  case ended(PromptEnd)
}

package enum PINAnswer: Sendable {
  /// The PIN was typed; the lease uses it.
  case typed(any PINLease)
  case ended(PromptEnd)
}

/// How a prompt ended without an answer.
package enum PromptEnd: String, Error, Sendable, Equatable {
  case cancelled
  case timedOut
  /// The page or the key went away.
  case withdrawn
  /// It could not ask after all; the next provider is tried.
  case unavailable
}
