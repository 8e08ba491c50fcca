internal import CertificateKit
package import Failures
package import TerminalKit
package import TokenKit
package import Wording

/// Everything that the window shows. Changed only by ``update(_:_:)``, read only by ``draw(_:)``.
package struct State: Sendable {
  package var language: Language
  var words: Words { _read { yield Words[language] } }
  package var size: Size
  /// Seconds since 1970-01-01 UTC, set before each update.
  package var now: Int64
  package var reminderDays: Int
  package var isDemo: Bool
  /// The terminal shows ASCII only; the reason is told in the header and the help.
  package var isASCII = false

  package var service: ServiceState = .starting
  /// In the order in which the readers appeared.
  package var slots: [Slot] = []
  package var selection: RowID?
  /// Keys on USB that no library reaches; shown while there is no other.
  var unreached: [Failure] = []
  /// First tree row shown.
  var treeTop = 0
  /// What lies over the main window; the last one takes the keys.
  var overlays: [Overlay] = []
  package var message: Message?
  /// The last number given to a question to a key.
  var ticket = 0
  /// Counts the walks of the diagnosis.
  var diagnosisGeneration = 0
  /// Repairs that need root may be run here.
  package var isRoot = false
  /// The exit status once the window is to close.
  package var exitCode: Int32?

  package init(
    language: Language, size: Size, now: Int64, reminderDays: Int = Validity.reminderDays, isDemo: Bool = false
  ) {
    self.language = language
    self.size = size
    self.now = now
    self.reminderDays = max(0, reminderDays)
    self.isDemo = isDemo
  }
}

/// A reader and what is in it.
package struct Slot: Sendable, Equatable {
  package enum Card: Sendable, Equatable {
    case empty
    case reading(atr: [UInt8])
    case key(TokenSnapshot)
    case failed(Failure)
  }

  package var source: TokenSource
  package var card: Card
  /// When the card was put in, in seconds since 1970-01-01 UTC.
  var insertedAt: Int64?

  var snapshot: TokenSnapshot? {
    if case .key(let snapshot) = card { snapshot } else { nil }
  }

  var isEmpty: Bool { card == .empty }
}

/// Which row of the tree is meant; stays the same when the key is read again.
package enum RowID: Sendable, Hashable {
  /// A reader or the key in it.
  case slot(TokenSource)
  case entry(TokenSource, CertificatePlace.Path)
  /// A line under a key that says why there is no certificate.
  case note(TokenSource, Int)

  package var source: TokenSource {
    switch self {
    case .slot(let source), .entry(let source, _), .note(let source, _): source
    }
  }
}

/// One line about what just happened.
package struct Message: Sendable, Equatable {
  package var text: String
  package var style: Style
}

/// A screen over the main window. A further screen is a further case, with a file of its own.
enum Overlay: Sendable {
  case help(HelpState)
  case detail(DetailState)
  case export(ExportState)
  case pin(PINScreenState)
  case unlock(UnlockScreenState)
  case diagnosis(DiagnosisState)
}

extension State {
  func slot(_ source: TokenSource) -> Slot? { slots.first { $0.source == source } }

  var selectedSlot: Slot? { selection.flatMap { slot($0.source) } }

  /// The certificate that the right pane shows: the selected one, or the main one of the selected key.
  var selectedEntry: CertificatePlace? {
    guard let snapshot = selectedSlot?.snapshot, let selection else { return nil }
    if case .entry(_, let path) = selection { return snapshot.place(path) }
    return snapshot.mainCertificate
  }

  var selectedCertificate: Certificate? { selectedEntry?.entry.certificate.value }

  /// What happened; with its path where it is about a file, which is not always the one that the screen asks for.
  func text(_ failure: Failure) -> String {
    guard [.fileWrite, .fileRead, .fileExists].contains(failure.code), let path = failure.context else {
      return failure.line(language)
    }
    return failure.line(language) + "  " + displaySafe(path)
  }
}

extension TokenSnapshot {
  /// Label, else manufacturer, else reader name, made safe to show.
  var title: String {
    for text in [device.label.value, device.manufacturer.value] {
      if let text, !text.isEmpty { return displaySafe(text) }
    }
    return displaySafe(source.reader)
  }
}

extension Slot {
  /// The name of the key, or of the reader while there is none.
  var title: String { snapshot?.title ?? displaySafe(source.reader) }
}
