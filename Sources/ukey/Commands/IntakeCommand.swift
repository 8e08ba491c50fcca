import ArgumentParser
import Base
import Failures
import Glibc
import StrictJSON
import Synchronization
import TokenKit
import Wording

/// `ukey intake`: key after key, each told on a page and recorded in a line before the next.
struct IntakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intake", abstract: "Record key after key: plug one in, read its page, pull it out, the next.",
    discussion: """
      Each key is one JSON line at the end of the file, on disk before it is said to be. A key that cannot be read is a line \
      with its error. No PIN is asked.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Option(help: ArgumentHelp("The file that lines are put at the end of.", valueName: "file.jsonl"))
  var out: String

  @Option(help: ArgumentHelp("End after so many keys.", valueName: "number"))
  var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a number from 1") }
  }

  func run() throws {
    let hub: any KeyEventSource
    let book: IntakeBook
    do throws(Failure) {
      book = try IntakeBook(out)
      hub = try keys.selection.events()
    } catch {
      throw common.fail(error)
    }
    // Taken by sigwait below, as in `ukey watch`.
    var ending = sigset_t()
    sigemptyset(&ending)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1] { sigaddset(&ending, signal) }
    pthread_sigmask(SIG_BLOCK, &ending, nil)

    let clerk = IntakeClerk(
      book: book, json: common.json, language: common.language, limit: count)
    if !common.json { Output.note(IntakeWords[common.language].plugIn) }
    hub.start { clerk.take($0) }
    var signal: Int32 = 0
    while sigwait(&ending, &signal) != 0 {}
    hub.stop()
    let (number, failure) = clerk.end
    if !common.json { Output.note(IntakeWords[common.language].sum(number, displaySafe(book.path))) }
    if let failure { throw common.fail(failure) }
    throw ExitCode(signal == SIGINT ? ProgramExit.interrupted.rawValue : 0)
  }
}

/// The file: lines at its end, each on disk when `write` comes back.
final class IntakeBook: Sendable {
  let path: String
  private let descriptor: Int32

  /// - Throws: `UK-611` when it cannot be opened, or is no file.
  init(_ file: String) throws(Failure) {
    path = absolutePath(file)
    // Not through a link that another user laid: what it points to would be written.
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    var status = stat()
    guard descriptor >= 0 else {
      throw Failure(.fileWrite, function: "open", number: .errno(errno), context: displaySafe(path))
    }
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      // All is set: the throw runs `deinit`, which closes.
      throw Failure(.fileWrite, function: "open", number: .errno(EINVAL), context: displaySafe(path))
    }
    // A line that was cut off by a crash stays by itself.
    var last: UInt8 = 0
    if status.st_size > 0, pread(descriptor, &last, 1, status.st_size - 1) == 1, last != 0x0A {
      try put([0x0A])
    }
  }

  deinit { close(descriptor) }

  func write(_ line: String) throws(Failure) { try put(Array((line + "\n").utf8)) }

  private func put(_ bytes: [UInt8]) throws(Failure) {
    try Failure.mapping(.fileWrite, try writeAll(bytes[...], to: descriptor))
    guard fdatasync(descriptor) == 0 else {
      throw Failure(.fileWrite, function: "fdatasync", number: .errno(errno), context: displaySafe(path))
    }
  }
}

/// Takes the events of the hub: of each key its line and its page, once.
private final class IntakeClerk: Sendable {
  private struct State {
    var number = 0
    var failure: Failure?
    /// Readers whose key is recorded and still in.
    var done: Set<TokenSource> = []
  }

  private let book: IntakeBook
  private let json: Bool
  private let language: Language
  private let limit: Int?
  /// Events come from several threads; one key after the other is recorded.
  private let state = Mutex(State())

  init(book: IntakeBook, json: Bool, language: Language, limit: Int?) {
    self.book = book
    self.json = json
    self.language = language
    self.limit = limit
  }

  /// How many were recorded, and why no more can be.
  var end: (Int, Failure?) { state.withLock { ($0.number, $0.failure) } }

  func take(_ event: KeyEvent) {
    switch event {
    case .read(let source, let snapshot) where snapshot.isComplete:
      record(ReaderReport(source: source, content: .key(snapshot)))
    case .failed(let source, let failure): record(ReaderReport(source: source, content: .failed(failure)))
    case .removed(let source), .readerRemoved(let source): state.withLock { _ = $0.done.remove(source) }
    case .service, .readerAdded, .inserted, .read, .sameKey, .unreached, .asking: break
    }
  }

  private func record(_ report: ReaderReport) {
    state.withLock { state in
      guard state.failure == nil, limit.map({ state.number < $0 }) ?? true,
        state.done.insert(report.source).inserted
      else { return }
      let line = line(report, state.number + 1)
      do throws(Failure) {
        try book.write(line)
        state.number += 1
        tell(report, state.number, line)
      } catch {
        state.failure = error
      }
      if state.failure != nil || state.number == limit || Output.isLost { kill(getpid(), SIGUSR1) }
    }
  }

  private func line(_ report: ReaderReport, _ number: Int) -> String {
    let now = Int64(time(nil))
    let status = StatusJSON(now: now, reminderDays: Settings.current.reminderDays, language: language)
    return JSONValue.object([
      ("schema", "ukey.intake/1"), ("time", .string(isoTime(now))), ("number", .int(number)),
      ("provider", .string(report.source.provider)), ("reader", .string(report.source.reader)),
      ("key", report.snapshot.map(status.key)),
      ("error", report.failure.map { FailureReport(failure: $0, language: language).inner }),
    ]).line
  }

  private func tell(_ report: ReaderReport, _ number: Int, _ line: String) {
    if json {
      Output.line(line)
      return
    }
    let page = StatusText(
      now: Int64(time(nil)), reminderDays: Settings.current.reminderDays, language: language
    ).document([report], isDemo: report.source.kind == .demo)
    let words = IntakeWords[language]
    Output.line(page + "\n" + (report.snapshot == nil ? words.failed(number) : words.recorded(number)) + "\n")
  }
}
