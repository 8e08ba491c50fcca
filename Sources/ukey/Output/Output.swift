import Failures
import Glibc
import StrictJSON

/// Everything that a command prints: one write a text, no escape codes, ever.
enum Output {
  /// Writes to standard output and adds a line feed.
  static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// Writes to standard error and adds a line feed.
  static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { offset += count } else if errno != EINTR { return }
    }
  }
}

/// A failure as the commands print it: words and remedy for people, an object for scripts.
struct FailureReport {
  var failure: Failure
  var language: Language

  /// `{"error":{"code","message","remedy","detail"}}` of the contract, or the inner object for one reader.
  var inner: JSONValue {
    let words = failure.words(language)
    let details = ([failure] + failure.causes).map(\.description)
    return .object([
      ("code", .string(failure.code.rawValue)), ("message", .string(words.title)), ("remedy", .string(words.remedy)),
      ("detail", .string(details.joined(separator: "; "))),
    ])
  }

  var json: JSONValue { .object([("error", inner)]) }

  /// Two lines: what happened with its numbers, what to do.
  var text: String {
    let words = failure.words(language)
    let about = failure.context.map { "  " + displaySafe($0) } ?? ""
    return failure.line(language) + about + "\n  → " + words.remedy
  }
}
