import Base
import Failures
import Glibc
import Synchronization
import TokenKit
import Wording

/// Desktop notifications by notify-send: of each key that was read, whose it is, until when, and what needs care.
final class Notifier: Sendable {
  private static let program = "notify-send"
  /// A session without a desktop may not answer.
  private static let limit = Duration.seconds(5)

  private let language: Language
  private let path: String
  /// What was said of each reader's key: the same is not said twice while it stays in.
  private let said = Mutex<[TokenSource: String]>([:])

  /// `nil` where the program is not there.
  init?(language: Language) {
    let folders = getenv("PATH").map { String(cString: $0) } ?? ""
    let places = folders.split(separator: ":").map { $0 + "/" + Self.program }
    guard let found = places.first(where: { $0.hasPrefix("/") && access($0, X_OK) == 0 }) else { return nil }
    self.language = language
    path = found
  }

  /// Does not wait for the desktop.
  func tell(_ event: KeyEvent, warnings: (TokenSnapshot) -> [KeyWarning]) {
    switch event {
    case .read(let source, let snapshot) where snapshot.isComplete:
      let found = warnings(snapshot)
      let key = KeyNames.current[snapshot] ?? snapshot.subjects.compactMap(\.certificate.value?.owner).first
      let serial = snapshot.device.serial.value.map { displaySafe($0) }
      let title = [key.map { displaySafe($0) }, serial].compactMap { $0 }.joined(separator: " · ")
      send(source, title, found.map(\.text).joined(separator: "\n"), isUrgent: found.contains(where: \.isUrgent))
    case .failed(let source, let failure):
      send(source, failure.line(language), failure.words(language).remedy, isUrgent: true)
    case .removed(let source), .readerRemoved(let source): said.withLock { $0[source] = nil }
    case .read, .service, .readerAdded, .inserted, .sameKey, .unreached, .asking: break
    }
  }

  private func send(_ source: TokenSource, _ title: String, _ body: String, isUrgent: Bool) {
    let isNew = said.withLock { said in
      let text = title + "\n" + body
      defer { said[source] = text }
      return said[source] != text
    }
    guard isNew else { return }
    let arguments = [
      path, "--app-name=ukey", "--category=device", "--urgency=" + (isUrgent ? "critical" : "normal"), "--",
      title, Self.escaped(body),
    ]
    _ = WorkerThread.start { _ = FinishedProgram.run(arguments, limit: Self.limit) }
  }

  /// A body may hold markup by the specification of desktop notifications: nothing of a certificate's is taken for it.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }
}
