import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// In which order the list stands.
enum MainOrder: Sendable, CaseIterable {
  /// Readers as they appeared, certificates as the key names them.
  case asFound
  /// What ends soonest first.
  case daysLeft
  case owner
  case key
  case reader

  var next: MainOrder {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }

  func word(_ words: InventoryWords) -> String {
    switch self {
    case .asFound: words.orderAsFound
    case .daysLeft: words.orderDays
    case .owner: words.orderOwner
    case .key: words.orderKey
    case .reader: words.orderReader
    }
  }
}

/// What is left of the list.
struct MainFilter: Sendable, Equatable {
  /// Owner, credit code, serial number, issuer, container, or name, serial and reader of the key.
  var query = ""
  var onlyProblems = false

  var isEmpty: Bool { query.isEmpty && !onlyProblems }

  /// Every word of the query stands in one of the texts, in either case; blanks and colons of a serial do not count.
  func fits(_ texts: [String]) -> Bool {
    let wanted = query.lowercased().split(separator: " ")
    if wanted.isEmpty { return true }
    let whole = texts.joined(separator: "\n").lowercased()
    let bare = whole.filter { $0 != ":" }
    return wanted.allSatisfy { word in
      whole.contains(word) || bare.contains(word.filter { $0 != ":" })
    }
  }
}

extension TokenSnapshot {
  /// What a search for a key looks at.
  var searchTexts: [String] {
    [
      KeyNames.current[self], device.label.value?.text, device.serial.value?.text, device.manufacturer.value?.text,
      source.reader,
    ].compactMap {
      $0
    }
  }
}

extension CertificatePlace {
  /// What a search for a certificate looks at.
  var searchTexts: [String] {
    let certificate = certificate.value
    return [
      certificate?.owner, certificate?.subject.organization, certificate?.uscc?.code, certificate?.serialText,
      certificate?.issuer.displayName, container.name.text,
    ].compactMap { $0 }
  }
}
