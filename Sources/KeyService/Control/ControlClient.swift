internal import Base
package import Failures

/// Asks the running service one thing after the other, on the calling thread: for commands.
package final class ControlClient {
  private let stream: ControlStream

  /// - Throws: `UK-640` when none runs here, or there is no folder of the session in which it could be asked.
  package init(_ files: ServiceFiles) throws(Failure) {
    guard let path = files.control else { throw Failure(.keyServiceAbsent, context: "XDG_RUNTIME_DIR") }
    do throws(SystemError) {
      stream = try ControlStream(connecting: path)
    } catch {
      throw Failure(.keyServiceAbsent, error)
    }
    guard case .welcome = next() else { throw Failure(.keyServiceAbsent, function: "welcome", context: path) }
  }

  /// - Throws: `UK-640` when it ends meanwhile.
  package func status() throws(Failure) -> ServiceStatus {
    guard stream.send(ClientMessage.status(after: 0).json), case .status(let status) = next() else {
      throw Failure(.keyServiceAbsent, function: "status")
    }
    return status
  }

  /// Sends a command. - Returns: whether it was carried out.
  ///
  /// - Throws: `UK-640` when the service ends meanwhile.
  package func carryOut(_ command: ClientMessage) throws(Failure) -> Bool {
    guard stream.send(command.json), case .done(let isDone) = next() else {
      throw Failure(.keyServiceAbsent, function: "command")
    }
    return isDone
  }

  private func next() -> ServiceMessage? { stream.receive().flatMap { ServiceMessage($0) } }
}
