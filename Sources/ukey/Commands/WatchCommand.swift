import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import StrictJSON
import Synchronization
import TokenKit
import Wording

/// `ukey watch`: one line for each thing that happens, until interrupted.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Print one line for each reader and key event until interrupted.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Flag(help: "Also a notification on the desktop for each key that is read, by notify-send.")
  var notify = false

  func run() throws {
    let hub: any KeyEventSource
    do throws(Failure) {
      hub = try keys.selection.events()
    } catch {
      throw common.fail(error)
    }
    let notifier = notify ? Notifier(language: common.language) : nil
    let words = WatchWords[common.language]
    if notify, notifier == nil { Output.note(Symbol.warning.before(words.noNotifier)) }
    if !common.json, let reader = keys.reader, keys.selection.hasNoReaderNow {
      Output.note(words.waitingFor(displaySafe(reader)))
    }
    // The signals are taken by sigwait below, in this thread; the threads of the hub have all of them blocked.
    var ending = sigset_t()
    sigemptyset(&ending)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&ending, signal) }
    pthread_sigmask(SIG_BLOCK, &ending, nil)

    let printer = EventPrinter(json: common.json, language: common.language)
    hub.start { event in
      printer.print(event)
      notifier?.tell(event) { printer.warnings($0) }
    }
    var signal: Int32 = 0
    while sigwait(&ending, &signal) != 0 {}
    hub.stop()
    throw ExitCode(signal == SIGINT ? ProgramExit.interrupted.rawValue : 0)
  }
}

/// Prints events as they come, one at a time.
private final class EventPrinter: Sendable {
  private let json: Bool
  private let language: Language
  /// Events come from several threads; a line is written whole.
  private let order = Mutex(())

  init(json: Bool, language: Language) {
    self.json = json
    self.language = language
  }

  func warnings(_ snapshot: TokenSnapshot) -> [KeyWarning] {
    KeyWarning.all(snapshot, now: Int64(time(nil)), days: Settings.current.reminderDays, language)
  }

  func print(_ event: KeyEvent) {
    guard let line = json ? jsonLine(event) : plainLine(event) else { return }
    order.withLock { _ in Output.line(line) }
    // The signal of a broken pipe is for this thread alone, and a full disk sends none.
    if Output.isLost { kill(getpid(), SIGPIPE) }
  }

  private func jsonLine(_ event: KeyEvent) -> String? {
    let now = Int64(time(nil))
    var members: [(String, JSONValue?)] = [("schema", "ukey.watch/1"), ("time", .string(isoTime(now)))]
    if let source = event.source {
      members += [("provider", .string(source.provider)), ("reader", .string(source.reader))]
    }
    switch event {
    case .service(.starting): return nil
    case .service(.running): members.append(("event", "serviceUp"))
    case .service(.embedded): members.append(("event", "embedded"))
    case .asking: return nil
    case .service(.notNeeded): members.append(("event", "serviceNotNeeded"))
    case .service(.down(let failure)):
      members += [("event", "serviceDown"), ("error", FailureReport(failure: failure, language: language).inner)]
    case .readerAdded: members.append(("event", "readerAdded"))
    case .readerRemoved: members.append(("event", "readerRemoved"))
    case .sameKey(_, let shown):
      members += [
        ("event", "sameKey"), ("shownProvider", .string(shown.provider)), ("shownReader", .string(shown.reader)),
      ]
    case .unreached(let failures):
      members += [
        ("event", "unreached"),
        ("keys", .array(failures.map { FailureReport(failure: $0, language: language).inner })),
      ]
    case .inserted(_, let atr): members += [("event", "inserted"), ("atr", .string(hexText(atr)))]
    case .removed: members.append(("event", "removed"))
    case .read(_, let snapshot):
      guard snapshot.isComplete else { return nil }
      let json = StatusJSON(now: now, reminderDays: Settings.current.reminderDays, language: language)
      members += [("event", "read"), ("key", json.key(snapshot))]
    case .failed(_, let failure):
      members += [("event", "failed"), ("error", FailureReport(failure: failure, language: language).inner)]
    }
    return JSONValue.object(members).line
  }

  private func plainLine(_ event: KeyEvent) -> String? {
    let reader = event.source.map { displaySafe($0.reader) } ?? ""
    let words = Words[language]
    let what: String
    switch event {
    case .service(.starting), .asking: return nil
    case .service(.running): what = "+ " + words.service + " " + words.serviceRunning
    case .service(.embedded): what = "+ " + words.demo
    case .service(.notNeeded): return nil
    case .service(.down(let failure)): what = "! " + failure.line(language)
    case .unreached(let failures):
      if failures.isEmpty { return nil }
      what = failures.map { "! " + $0.line(language) + "  " + ($0.context.map { displaySafe($0) } ?? "") }
        .joined(separator: "; ")
    case .readerAdded: what = "+ " + words.linkReader + "  " + reader
    case .readerRemoved: what = "- " + words.linkReader + "  " + reader
    case .sameKey(_, let shown): what = "~ " + reader + "  = " + displaySafe(shown.reader)
    case .inserted(_, let atr): what = "> " + words.inserted(reader) + (atr.isEmpty ? "" : "  ATR " + hexText(atr))
    case .removed: what = "< " + words.removed(reader)
    case .read(_, let snapshot):
      guard snapshot.isComplete else { return nil }
      // Each once: a key mostly holds several certificates of one owner.
      var owners: [String] = []
      for owner in snapshot.filledPlaces.compactMap(\.certificate.value?.owner) where !owners.contains(owner) {
        owners.append(owner)
      }
      let serial =
        (snapshot.device.serial.value.map { displaySafe($0) } ?? "-")
        + (KeyNames.current[snapshot].map { Punctuation[language].paren($0) } ?? "")
      what =
        "= " + words.readDone(reader) + "  " + serial + "  "
        + (owners.isEmpty ? "-" : owners.map { displaySafe($0) }.joined(separator: ", "))
        + warnings(snapshot).map { "  " + $0.text }.joined()
    case .failed(_, let failure): what = "! " + reader + "  " + failure.line(language)
    }
    return isoTime(Int64(time(nil))) + "  " + what
  }
}
