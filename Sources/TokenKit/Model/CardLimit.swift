internal import Synchronization

/// How long a key may take for one piece of work: being found and read, or one operation with a PIN, with its waiting for
/// another program's transaction.
///
/// Ten seconds for every user. Shortened only by the tests that let a card fall silent at each of its commands.
package enum CardLimit {
  private static let milliseconds = Atomic<Int>(10_000)

  package static var duration: Duration { .milliseconds(milliseconds.load(ordering: .relaxed)) }

  /// How much of it is waited for another program that keeps the key: a little less, so that whoever waits for the whole
  /// is told of that and not of a key that does not answer.
  package static var turn: Duration {
    let value = milliseconds.load(ordering: .relaxed)
    return .milliseconds(value - value / 10)
  }

  /// `10 s`, for failures.
  package static var text: String {
    let value = milliseconds.load(ordering: .relaxed)
    return value % 1000 == 0 ? "\(value / 1000) s" : "\(value) ms"
  }

  /// - Parameter value: milliseconds, at least 1; never longer than it is.
  package static func shorten(to value: Int) {
    milliseconds.store(max(1, min(value, 10_000)), ordering: .relaxed)
  }
}
