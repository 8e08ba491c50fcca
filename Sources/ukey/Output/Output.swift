import Failures
import Glibc
import StrictJSON
import Synchronization
import TokenKit
import Wording

/// Everything that a command prints: one write a text, no escape codes, ever.
enum Output {
  /// `errno` of the first write to standard output that failed (a full disk, a closed descriptor); 0: none did.
  private static let lost = Atomic<Int32>(0)

  /// Writes to standard output and adds a line feed.
  static func line(_ text: String) { bytes(Array((text + "\n").utf8)) }

  /// Writes to standard error and adds a line feed.
  static func note(_ text: String) { _ = write(Array((text + "\n").utf8), to: STDERR_FILENO) }

  /// Writes to standard error as it is: a line that is written over.
  static func errorText(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

  static func bytes(_ bytes: [UInt8]) { noteLoss(write(bytes, to: STDOUT_FILENO)) }

  /// Says what became of a PIN, on standard error where standard output takes nothing. The exit code stays that of the
  /// outcome: a script that takes a change for a failure would send the old PIN again.
  static func outcome(_ text: String) {
    if write(Array((text + "\n").utf8), to: STDOUT_FILENO) != 0 { note(text) }
  }

  /// Nothing that is written from now on would be read.
  static var isLost: Bool { lost.load(ordering: .relaxed) != 0 }

  /// - Parameter number: `errno` of a write; 0 is none.
  static func noteLoss(_ number: Int32) {
    if number != 0 { _ = lost.compareExchange(expected: 0, desired: number, ordering: .relaxed) }
  }

  /// What to end with: an answer that did not get out is no success, whatever it was. Says so on standard error. A reader
  /// that has enough (`| head -1`, where SIGPIPE is ignored) is no failure.
  static func code(_ code: Int32, language: Language) -> Int32 {
    let number = lost.load(ordering: .relaxed)
    guard number != 0, number != EPIPE else { return code }
    let failure = Failure(.fileWrite, function: "write", number: .errno(number), context: "stdout")
    note(FailureReport(failure: failure, language: language).text)
    switch ProgramExit(rawValue: code) {
    case .ok, .expiring, .expired: return ProgramExit.unexpected.rawValue
    default: return code
    }
  }

  /// Gives the numbers 0 to 2 to something where the caller left them closed: else the next file or socket that is opened
  /// would get one, and what is meant for people would be written into it. Writing to them still fails.
  static func reserveStandardDescriptors() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number: this one, as those below are taken.
      _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// - Returns: 0, or `errno`.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        offset += count
      } else if count < 0, errno == EAGAIN {
        // A pipe that its other end made non-blocking.
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// A failure as the commands print it: words and remedy for people, an object for scripts.
struct FailureReport {
  var failure: Failure
  var language: Language

  /// `{"code","message","remedy","detail"}`: the error of one reader, key or item.
  var inner: JSONValue {
    let words = failure.words(language)
    let details = ([failure] + failure.causes).map(\.description)
    return .object([
      ("code", .string(failure.code.rawValue)), ("message", .string(words.title)), ("remedy", .string(words.remedy)),
      ("detail", .string(details.joined(separator: "; "))),
    ])
  }

  /// `{"schema":"ukey.error/1","error":{…}}`: what a command prints that has nothing else to say.
  var json: JSONValue { .object([("schema", "ukey.error/1"), ("error", inner)]) }

  /// Two lines: what happened with its numbers, what to do.
  var text: String {
    let words = failure.words(language)
    // What a foreign card is, and what reads it, is in its words already.
    let context = ForeignCard(failure) == nil ? failure.context : nil
    // Those that are to be told apart stand below each other.
    let isList = failure.code == .certificateAmbiguous
    let about =
      context.map { context in
        isList
          ? context.split(separator: ";").map { "\n    " + displaySafe(String($0.drop { $0 == " " })) }.joined()
          : "  " + displaySafe(context)
      } ?? ""
    return failure.line(language) + about + "\n  " + Symbol.next.before(words.remedy)
  }
}
