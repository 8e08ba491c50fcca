import Base
import Failures
import Glibc
import Synchronization
import TokenKit
import UnlockKit

/// Keeps the connection to a key, and with it the key's power and its challenge, until ``end()``. It is ended by an
/// effect (``Effect/release(_:)``): closing the connection waits for the card, which the UI loop never does.
final class UnlockSession: Sendable, Equatable {
  /// Unchecked because a token is not Sendable: it is touched only under the session's lock, by one operation after the
  /// other.
  final class Contents: @unchecked Sendable {
    let token: any Token
    let held: HeldChallenge

    init(_ token: any Token, _ held: HeldChallenge) {
      self.token = token
      self.held = held
    }
  }

  /// The administrator PIN that the answer is made with.
  let reference: PINReference
  let directory: StateDirectory
  private let watching = Mutex<FolderWatch?>(nil)
  /// `nil` once it has ended.
  let contents: Mutex<Contents?>

  init(token: any Token, reference: PINReference, directory: StateDirectory, held: HeldChallenge) {
    self.reference = reference
    self.directory = directory
    contents = Mutex(Contents(token, held))
  }

  static func == (left: UnlockSession, right: UnlockSession) -> Bool { left === right }

  /// Whoever waits for what comes from outside is stopped with the session. - Returns: `false` when it has ended.
  func watch(by watch: FolderWatch) -> Bool {
    watching.withLock { $0 = watch }
    if contents.withLock({ $0 != nil }) { return true }
    stopWatching()
    return false
  }

  private func stopWatching() {
    watching.withLock { watch in
      watch?.stop()
      watch = nil
    }
  }

  /// Gives the key back and forgets its challenge. Waits for an operation under way, and for the card.
  func end() {
    stopWatching()
    contents.withLock { $0 = nil }
  }

  /// Whether a response may be sent. Touches no key.
  ///
  /// - Parameter given: a file, or the line itself.
  func check(_ given: String) -> UnlockChecked {
    contents.withLock { contents in
      guard contents != nil else { return .refused(Failure(.challengeGone)) }
      do throws(Failure) {
        _ = try checked(given)
        return .good
      } catch {
        return .refused(error)
      }
    }
  }

  func checked(_ given: String) throws(Failure) -> CheckedResponse {
    let bytes =
      SealedResponse.isMeant(by: given)
      ? Array(given.utf8) : try Failure.mapping(.fileRead, try readFile(typedPath(given), limit: SealedDocument.limit))
    let desks = DeskCertificates(folders: DeskCertificates.folders)
    return try ResponseCheck(directory: directory, desks: desks).check(
      bytes, keySerial: reference.keySerial?.text ?? "", now: Int64(time(nil)))
  }
}
