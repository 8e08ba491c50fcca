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

  func run() throws {
    let hub: KeyHub
    do throws(Failure) {
      hub = try keys.selection.hub()
    } catch {
      throw common.fail(error)
    }
    // The signals are taken by sigwait below, in this thread; the threads of the hub have all of them blocked.
    var ending = sigset_t()
    sigemptyset(&ending)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&ending, signal) }
    pthread_sigmask(SIG_BLOCK, &ending, nil)

    let printer = EventPrinter(json: common.json, language: common.language, only: keys.reader)
    hub.start { printer.print($0) }
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
  /// Only events of this reader.
  private let only: String?
  /// Events come from several threads; a line is written whole.
  private let order = Mutex(())

  init(json: Bool, language: Language, only: String?) {
    self.json = json
    self.language = language
    self.only = only
  }

  func print(_ event: KeyEvent) {
    if let only, let source = event.source, source.reader != only { return }
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
      let serial = snapshot.device.serial.value.map { displaySafe($0) } ?? "-"
      what =
        "= " + words.readDone(reader) + "  " + serial + "  "
        + (owners.isEmpty ? "-" : owners.map { displaySafe($0) }.joined(separator: ", ")) + urgent(snapshot)
    case .failed(_, let failure): what = "! " + reader + "  " + failure.line(language)
    }
    return isoTime(Int64(time(nil))) + "  " + what
  }
}

extension EventPrinter {
  /// What ends soonest, and a PIN that is locked, near it or still the initial one: `  ⚠ 39 days left  ⚠ 2/10`.
  private func urgent(_ snapshot: TokenSnapshot) -> String {
    let words = Words[language]
    let now = Int64(time(nil))
    let days = Settings.current.reminderDays
    var parts: [String] = []
    let certificates = snapshot.subjects.compactMap { $0.certificate.value }
    if let first = certificates.min(by: { $0.validity.notAfter < $1.validity.notAfter })?.validity {
      let state = first.state(now: now, reminderDays: days)
      parts.append(Symbol(state).before(words.days(first, now: now, reminderDays: days)))
    }
    for status in (snapshot.applications.value ?? []).compactMap({ $0.userPIN.value }) {
      if status.isLocked {
        parts.append(Symbol.error.before(words.pin + " " + words.locked))
      } else if let left = status.triesLeft, status.isLow {
        parts.append(Symbol.warning.before(words.pin + " " + words.tries(left, status.triesMax)))
      } else if status.isDefault == true {
        parts.append(Symbol.warning.before(words.defaultPIN))
      }
    }
    return parts.map { "  " + $0 }.joined()
  }
}

extension KeyEvent {
  fileprivate var source: TokenSource? {
    switch self {
    case .service, .unreached, .asking: nil
    case .readerAdded(let source), .readerRemoved(let source), .inserted(let source, _), .removed(let source),
      .read(let source, _), .failed(let source, _),
      .sameKey(let source, _):
      source
    }
  }
}
