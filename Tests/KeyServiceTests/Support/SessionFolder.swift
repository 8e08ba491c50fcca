import Base
import Foundation
import KeyService
import Synchronization
import TokenKit

/// The folders of a service, for one test.
final class SessionFolder {
  let files: ServiceFiles
  private let path: String

  init() throws {
    // Short: a Unix socket's path has 107 bytes.
    path = "/tmp/uk-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    files = ServiceFiles(state: path + "/state", runtime: path + "/run")
    try files.make()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What a manager is told, one after the other.
final class Heard: Sendable {
  private let condition = Condition()
  private let events = Mutex<[LinkEvent]>([])

  func put(_ event: LinkEvent) {
    condition.withLock {
      events.withLock { $0.append(event) }
      condition.broadcast()
    }
  }

  func next() -> LinkEvent {
    var found: LinkEvent?
    condition.waitInTime {
      found = events.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      return found != nil
    }
    guard let found else { preconditionFailure() }
    return found
  }
}

/// A service with its control socket, and a manager's link to it.
final class Window {
  let session: SessionFolder
  let control: ServiceControl
  let counter: Counter
  let link: ManagerLink
  let heard = Heard()

  init() throws {
    session = try SessionFolder()
    control = try ServiceControl(path: try require(session.files.control)) { _ in }
    counter = try Counter(prompts: [ManagerPrompt(control)])
    link = try ManagerLink(session.files)
    control.start(counter.desk)
    let heard = heard
    link.start { heard.put($0) }
    guard case .connected = heard.next() else { throw Missing() }
    // It counts as a manager once the service has read so.
    link.say(.status(after: 0))
    guard case .status(let status) = heard.next(), status.prompt == "manager" else { throw Missing() }
  }

  deinit {
    link.stop()
    control.stop()
  }

  func lease(_ text: String) throws -> any PINLease {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return LocalPINLease(pin, keys: counter.hub)
  }

  /// The next question, shown, and answered with this PIN.
  func type(_ text: String) throws -> (id: Int, question: PINQuestion) {
    guard case .pin(let id, let question) = heard.next() else { throw Missing() }
    link.say(.shown(id))
    link.typed(id, question, question.certificate, question.consent, try lease(text))
    return (id, question)
  }
}
