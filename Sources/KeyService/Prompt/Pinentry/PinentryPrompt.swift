internal import Base
internal import Failures
internal import Glibc
package import TokenKit

/// Asks by the system's pinentry, in a window where there is a display, else on a terminal that the holder registered.
package final class PinentryPrompt: PromptProvider {
  /// Where a prompt can appear.
  package struct Place: Sendable, Equatable {
    /// What pinentry gets in place of our own variables.
    package var environment: [String: String]
    /// Device of the terminal and its kind (`TERM`); `nil` for a display.
    package var terminal: (path: String, kind: String)?

    package init(environment: [String: String], terminal: (path: String, kind: String)? = nil) {
      self.environment = environment
      self.terminal = terminal
    }

    package static func == (left: Place, right: Place) -> Bool {
      left.environment == right.environment && left.terminal?.path == right.terminal?.path
        && left.terminal?.kind == right.terminal?.kind
    }
  }

  package let name = "pinentry"
  private let path: String?
  private let place: @Sendable () -> Place?
  private let keys: any KeyOperations
  private let words: any PromptWording

  /// Where Debian and others put it. Never looked for along PATH: what asks for a PIN is not chosen by an environment.
  package static let paths = ["/usr/bin/pinentry", "/usr/local/bin/pinentry"]

  /// - Parameters:
  ///   - path: of the program; `nil`: the first of ``paths`` that is there.
  ///   - place: asked before each prompt.
  package init(
    path: String? = nil, keys: any KeyOperations, words: any PromptWording, place: @escaping @Sendable () -> Place?
  ) {
    self.path = path ?? Self.paths.first { access($0, X_OK) == 0 }
    self.place = place
    self.keys = keys
    self.words = words
  }

  package var isReady: Bool { path != nil && place() != nil }

  package func permit(_ question: PermissionQuestion, _ ticket: PromptTicket) -> PermissionAnswer {
    let limit = ServiceDesk.permissionTime
    guard let pipe = start(limit, ticket) else { return .ended(.unavailable) }
    defer { ticket.onWithdrawal(nil) }
    let (words, lines) = (words, words.lines(question))
    guard set(pipe, lines, ok: words.allow, cancel: words.refuse, limit) else { return .ended(.unavailable) }
    switch pipe.command("CONFIRM") {
    case .ok: return .granted(question.permissions)
    case .error(let number) where !Self.isTimeout(number) && Self.isCancel(number):
      // A clear no is an answer; the cool-down applies to it as to a cancelled prompt.
      return .ended(.cancelled)
    case let reply: return .ended(end(reply, ticket))
    }
  }

  package func pin(_ question: PINQuestion, _ ticket: PromptTicket) -> PINAnswer {
    let limit = ServiceDesk.pinTime
    guard let pipe = start(limit, ticket) else { return .ended(.unavailable) }
    defer { ticket.onWithdrawal(nil) }
    if question.consent > .normal {
      guard set(pipe, words.fewTries(question), ok: words.confirm, cancel: words.cancel, limit) else {
        return .ended(.unavailable)
      }
      let reply = pipe.command("CONFIRM")
      guard reply == .ok else { return .ended(end(reply, ticket)) }
    }
    guard set(pipe, words.lines(question), ok: words.confirm, cancel: words.cancel, limit),
      pipe.command("SETPROMPT " + AssuanPipe.encoded(words.pinLabel)) == .ok
    else { return .ended(.unavailable) }
    do throws(Failure) {
      var pin = try PIN()
      let reply = pipe.getPIN(into: &pin)
      guard reply == .ok else { return .ended(end(reply, ticket)) }
      return .typed(LocalPINLease(pin, keys: keys))
    } catch {
      return .ended(.unavailable)
    }
  }

  private func start(_ limit: Int, _ ticket: PromptTicket) -> AssuanPipe? {
    guard let path, let place = place() else { return nil }
    // A pinentry whose terminal is gone may spin for ever: it ends when its own time and a little more is over.
    let deadline = Instant.now + .seconds(limit + 5)
    guard let pipe = AssuanPipe(path: path, environment: place.environment, deadline: deadline) else { return nil }
    ticket.onWithdrawal(pipe.ender)
    guard pipe.greeting() == .ok else { return nil }
    if let terminal = place.terminal {
      guard pipe.command("OPTION ttyname=" + AssuanPipe.encoded(terminal.path)) == .ok,
        pipe.command("OPTION ttytype=" + AssuanPipe.encoded(terminal.kind)) == .ok
      else { return nil }
    }
    // Not every flavour knows it; without it Chinese comes out as question marks on a terminal.
    _ = pipe.command("OPTION lc-ctype=C.UTF-8")
    return pipe
  }

  private func set(_ pipe: AssuanPipe, _ lines: [String], ok: String, cancel: String, _ limit: Int) -> Bool {
    let commands = [
      "SETTITLE " + AssuanPipe.encoded(words.title), "SETDESC " + AssuanPipe.encoded(lines.joined(separator: "\n")),
      "SETOK " + AssuanPipe.encoded(ok), "SETCANCEL " + AssuanPipe.encoded(cancel), "SETTIMEOUT \(limit)",
    ]
    return commands.allSatisfy { pipe.command($0) == .ok }
  }

  private func end(_ reply: AssuanPipe.Reply, _ ticket: PromptTicket) -> PromptEnd {
    if ticket.isWithdrawn { return .withdrawn }
    return switch reply {
    case .error(let number) where Self.isTimeout(number): .timedOut
    case .error(let number) where Self.isCancel(number): .cancelled
    case .ok, .error, .broken: .unavailable
    }
  }

  /// The lower half is the error, the upper half where it came from (libgpg-error).
  private static func isTimeout(_ number: UInt32) -> Bool { number & 0xFFFF == 62 }
  /// Cancelled, and "not confirmed", which is the button beside OK.
  private static func isCancel(_ number: UInt32) -> Bool { [99, 114].contains(number & 0xFFFF) }
}
