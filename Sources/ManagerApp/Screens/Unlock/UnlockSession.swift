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
  private final class Contents: @unchecked Sendable {
    let token: any Token
    let held: HeldChallenge

    init(_ token: any Token, _ held: HeldChallenge) {
      self.token = token
      self.held = held
    }
  }

  /// The administrator PIN that the answer is made with.
  private let reference: PINReference
  private let directory: StateDirectory
  /// `nil` once it has ended.
  private let contents: Mutex<Contents?>

  init(token: any Token, reference: PINReference, directory: StateDirectory, held: HeldChallenge) {
    self.reference = reference
    self.directory = directory
    contents = Mutex(Contents(token, held))
  }

  static func == (left: UnlockSession, right: UnlockSession) -> Bool { left === right }

  /// Gives the key back and forgets its challenge. Waits for an operation under way, and for the card.
  func end() {
    contents.withLock { $0 = nil }
  }

  /// Checks a response and sends it, once. Waits for the card.
  func apply(_ file: String, consent: TryConsent) -> UnlockApplied {
    contents.withLock { contents in
      guard let contents else { return .refused(Failure(.challengeGone)) }
      do throws(Failure) {
        let bytes = try Failure.mapping(.fileRead, try readFile(file, limit: SealedDocument.limit))
        let checked = try ResponseCheck(directory: directory).check(
          bytes, keySerial: reference.keySerial?.text ?? "", now: Int64(time(nil)))
        return .ended(try checked.apply(to: contents.token, reference, directory: directory, consent: consent))
      } catch {
        return .refused(error)
      }
    }
  }
}
