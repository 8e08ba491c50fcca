import CertificateKit
import DiagnosisKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

/// What every screen may look at, and change: the keys, which of them is selected, the line about what just happened,
/// and how the program is run.
struct World: Sendable {
  var language: Language
  var size: Size
  /// Seconds since 1970-01-01 UTC, set before each update.
  var now: Int64
  /// Days before the end of a certificate from which it counts as expiring.
  var reminderDays: Int
  /// Days before the end of a certificate from which it can be renewed.
  var renewalDays = Settings.current.renewalDays
  /// Days before it from which the reminder is more pressing, twice.
  var soonDays = Settings.current.soonDays
  var urgentDays = Settings.current.urgentDays
  /// Of the table.
  var columns = Settings.current.columns
  var isDemo: Bool
  /// The terminal shows ASCII only; the reason is told in the header and the help.
  var isASCII = false
  /// Repairs that need root may be run here.
  var isRoot = false

  var service: ServiceState = .starting
  /// The key service, which web pages speak to, runs.
  var isKeyServiceThere = false
  /// It can be started from here.
  var mayStartKeyService = false
  /// In the order in which the readers appeared.
  var slots: [Slot] = [] { didSet { keysVersion = KeysVersion() } }
  private(set) var keysVersion = KeysVersion()
  let madeAdvice = Memo<AdviceOrigin, [Advice]>()
  var selection: RowID?
  /// The person selected it; else what is most urgent is selected as it becomes known.
  var isChosen = false
  /// The certificate that is selected, by its names, while its key is read again: what is made or removed on a key moves
  /// the others.
  var kept: KeptPlace?
  /// The certificate that was selected when its key was taken out: it is, when the key comes back under an open screen.
  var left: LeftPlace?
  /// The row that the next one is compared with.
  var marked: RowID?
  /// The link of the chain at which the last diagnosis found the break, until something comes or goes.
  var brokenLink: CheckID?
  /// Renewals that were begun on this computer and are not ended.
  var orders: [RenewalJournal] = []
  /// Keys on USB that no library reaches; shown while there is no other.
  var unreached: [Failure] = []
  /// Libraries that have not answered yet: as long as there is one, nobody knows that there is no key.
  var asking: [String] = []
  var message: Message?
  /// What was told since the start, oldest first. Never a PIN: no message has one.
  private(set) var log: [LogLine] = []
  /// How many lines there were, those that are not kept any more among them.
  private(set) var logged = 0
  /// Something lies over the screen that is drawn: the keys that it would name are not its own now.
  var isCovered = false
  /// The person sits at another computer.
  var isRemote = false
  /// Copying there was agreed to.
  var mayCopyRemotely = false
  /// The terminal can take a text into a clipboard.
  var hasClipboard = true

  init(
    language: Language, size: Size, now: Int64, reminderDays: Int = Validity.reminderDays, isDemo: Bool = false
  ) {
    self.language = language
    self.size = size
    self.now = now
    self.reminderDays = max(0, reminderDays)
    self.isDemo = isDemo
  }

  var words: Words { _read { yield Words[language] } }

  /// The person selected this row.
  mutating func select(_ row: RowID) {
    selection = row
    isChosen = true
  }

  /// Tells what happened; it also goes into the log.
  mutating func say(_ text: String, _ style: Style = .normal) {
    message = Message(text: text, style: style)
    logged += 1
    log.append(LogLine(time: now, text: text, style: style))
    if log.count > Self.logLimit { log.removeFirst(log.count - Self.logLimit) }
  }

  /// Takes the message back, which a key press does.
  mutating func dropMessage() {
    if let since = message?.staysSince, (since...since + 1).contains(now) { return }
    message = nil
  }

  /// Tells why a key does nothing, or what it would do: of no interest later.
  mutating func hint(_ text: String, _ style: Style = .normal) { message = Message(text: text, style: style) }

  /// Lines of the log that are kept.
  static let logLimit = 1000
}

/// Something that happened, as it was told.
struct LogLine: Sendable, Equatable {
  /// Seconds since 1970-01-01 UTC.
  var time: Int64
  var text: String
  var style: Style
}

/// A reader and what is in it.
struct Slot: Sendable, Equatable {
  enum Card: Sendable, Equatable {
    case empty
    case reading(atr: [UInt8])
    case key(TokenSnapshot)
    case failed(Failure)
  }

  var source: TokenSource
  var card: Card
  /// When the card was put in, in seconds since 1970-01-01 UTC.
  var insertedAt: Int64?

  var snapshot: TokenSnapshot? {
    if case .key(let snapshot) = card { snapshot } else { nil }
  }

  var isEmpty: Bool { card == .empty }

  var isReading: Bool {
    if case .reading = card { true } else { false }
  }

  var isFailed: Bool {
    if case .failed = card { true } else { false }
  }
}

/// Which row of the tree is meant; stays the same when the key is read again.
enum RowID: Sendable, Hashable {
  /// A reader or the key in it.
  case slot(TokenSource)
  case entry(TokenSource, CertificatePlace.Path)
  /// A line under a key that says why there is no certificate.
  case note(TokenSource, Int)

  var source: TokenSource {
    switch self {
    case .slot(let source), .entry(let source, _), .note(let source, _): source
    }
  }
}

/// A certificate of a key that was taken out.
struct LeftPlace: Equatable {
  var keySerial: TokenName
  /// DER.
  var certificate: [UInt8]
  /// The row that took its place; while it is selected, nobody has chosen another.
  var row: RowID?
}

/// A certificate's place by what it is called, and the row that it has.
struct KeptPlace: Sendable, Equatable {
  var row: RowID
  var application: TokenName
  var container: TokenName
  var role: ContainerSnapshot.Role
}

/// One line about what just happened.
struct Message: Sendable, Equatable {
  var text: String
  var style: Style
  /// For a second from then a key press does not take it back: who was typing has not seen it yet.
  var staysSince: Int64?
}

extension World {
  func slot(_ source: TokenSource) -> Slot? { slots.first { $0.source == source } }

  /// The readers that are shown: each once, however many libraries show it too.
  var shownSlots: [Slot] {
    let hasOthers = slots.contains { $0.source.kind == .pcsc || !$0.isEmpty }
    return slots.filter { !$0.isEmpty || SameKey.isEmptyReaderShown($0.source, besideOthers: hasOthers) }
  }

  var selectedSlot: Slot? { selection.flatMap { slot($0.source) } }

  /// The certificate that the right pane shows: the selected one, or the main one of the selected key.
  var selectedEntry: CertificatePlace? {
    guard let snapshot = selectedSlot?.snapshot, let selection else { return nil }
    if case .entry(_, let path) = selection { return snapshot.place(path) }
    return snapshot.mainCertificate
  }

  /// The certificate of a row.
  func place(_ row: RowID) -> CertificatePlace? {
    guard case .entry(let source, let path) = row else { return nil }
    return slot(source)?.snapshot?.place(path)
  }

  /// When which reminder begins.
  var expiryDays: ExpiryDays {
    ExpiryDays(renewal: renewalDays, reminder: reminderDays, soon: soonDays, urgent: urgentDays)
  }

  /// The order that a certificate of this key is in.
  func order(_ certificate: Certificate, of snapshot: TokenSnapshot) -> RenewalJournal? {
    guard !orders.isEmpty, let serial = snapshot.device.serial.value?.text else { return nil }
    return RenewalJournal.current(orders, keySerial: serial, certificate: certificate.der)
  }

  /// The orders of this key.
  func orders(of snapshot: TokenSnapshot) -> [RenewalJournal] {
    guard !orders.isEmpty, let serial = snapshot.device.serial.value?.text else { return [] }
    return orders.filter { $0.keySerial == serial }
  }

  /// The selected certificate with all that is around it, or why there is none.
  var selectedCertificate: (source: TokenSource, view: CertificatePlace, certificate: Certificate)? {
    guard let source = selection?.source, let view = selectedEntry, let certificate = view.entry.certificate.value
    else { return nil }
    return (source, view, certificate)
  }

  /// Why no certificate is selected.
  var whyNoCertificate: String {
    selectedSlot.map { !$0.isEmpty } == true ? words.noCertificateSelected : words.noKeySelected
  }

  /// The selected key once it has been read whole.
  enum KeyInHand {
    case read(TokenSnapshot)
    /// Why nothing can be asked of it.
    case unavailable(String)
  }

  var keyInHand: KeyInHand {
    guard let slot = selectedSlot, !slot.isEmpty else { return .unavailable(words.noKeySelected) }
    if case .failed = slot.card { return .unavailable(words.cannotRead) }
    guard let snapshot = slot.snapshot, snapshot.isComplete else {
      return .unavailable(PINScreenWords[language].stillReading)
    }
    return .read(snapshot)
  }

  /// What happened; with its path where it is about a file, which is not always the one that the screen asks for.
  func text(_ failure: Failure) -> String {
    guard [.fileWrite, .fileRead, .fileExists].contains(failure.code), let path = failure.context else {
      return failure.line(language)
    }
    return failure.line(language) + "  " + displaySafe(path)
  }

  /// What must be seen on every screen: that the data is a demonstration, that the terminal cannot show all.
  var tags: String {
    (isDemo ? "[" + words.demo + "] " : "") + (isASCII ? "[" + words.asciiTag + "] " : "")
  }

  var isTooSmall: Bool { size.width < World.minimum.width || size.height < World.minimum.height }

  static let minimum = Size(width: 60, height: 16)
}
