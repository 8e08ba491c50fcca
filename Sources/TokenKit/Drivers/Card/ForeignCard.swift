package import Failures
internal import Glibc
internal import SmartCard

/// A card of a kind that this program does not read itself, and what on this machine does.
package struct ForeignCard: Sendable, Equatable {
  /// The raw value is stable and stands in documents.
  package enum Kind: String, Sendable, CaseIterable {
    case openPGP = "OpenPGP"
    /// Common Access Card of the United States' administration, before PIV.
    case cac = "CAC"
    case pkcs15 = "PKCS#15"
    /// Generic Identity Device Specification, Microsoft's minidriver card.
    case gids = "GIDS"
    /// An identity card or passport with ICAO's application or Germany's.
    case eID = "eID"
    /// A bank card (EMV, PBOC).
    case bank = "EMV"
    /// It has no chip that computes: a storage card, such as those that open doors.
    case memory = "memory"
  }

  package var kind: Kind
  /// A PKCS#11 module on this machine that is made for it, as on the command line: `pkcs11:/usr/lib/…`.
  package var provider: String?

  /// What the failure tells; `nil` when it is about something else.
  package init?(_ failure: Failure) {
    guard failure.code == .tokenForeign, let context = failure.context else { return nil }
    let words = context.split(separator: " ", maxSplits: 1)
    guard let first = words.first, let kind = Kind(rawValue: String(first)) else { return nil }
    self.kind = kind
    provider = words.dropFirst().first.map(String.init)
  }

  init(_ kind: Kind, provider: String? = nil) {
    self.kind = kind
    self.provider = provider
  }

  /// - Parameter unknown: why it is none of ours, with the ATR.
  func failure(_ unknown: Failure) -> Failure {
    Failure(
      .tokenForeign, context: [kind.rawValue, provider].compactMap { $0 }.joined(separator: " "),
      causes: [unknown] + unknown.causes)
  }
}

extension Failure {
  /// No driver of ours reads the card, whether or not it is known what it is.
  package var isUnknownCard: Bool { code == .tokenUnknown || code == .tokenForeign }
}

// MARK: Telling them apart

extension ForeignCard {
  /// Asks a card that no driver knows what it is: by its ATR, else by SELECT of the applications that its kind has. No
  /// other command is sent, and none with a PIN.
  ///
  /// - Returns: `nil` when nothing tells.
  /// - Throws: when the link is lost.
  static func identify(_ card: borrowing CardTransaction) throws(Failure) -> ForeignCard? {
    let found: Kind?
    do throws(Failure) {
      found = try kind(card)
    } catch {
      // One that does not answer properly is not asked for more names.
      guard error.concernsItemOnly else { throw error }
      return nil
    }
    guard let kind = found else { return nil }
    return ForeignCard(kind, provider: kind.isForOpenSC ? module.map { "pkcs11:" + $0 } : nil)
  }

  private static func kind(_ card: borrowing CardTransaction) throws(Failure) -> Kind? {
    // The status indicator and capabilities of the OpenPGP card specification, §5.2: a card of it keeps its login.
    let history = ATR(card.atr).historicalBytes
    // A reader makes the ATR of a card that has none: initial access data of a storage card (PC/SC part 3 §3.1.3.2.3).
    if history.starts(with: [0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06]) { return .memory }
    if history.starts(with: [0x00, 0x31]), history.dropFirst(3).starts(with: [0x73, 0xC0, 0x01]) { return .openPGP }
    // One that takes an application that nobody has takes every one, or answers to all alike.
    guard try !selects(card, [0xF0, 0x75, 0x6B, 0x65, 0x79, 0x00]) else { return nil }
    for (kind, name) in names where try selects(card, name) { return kind }
    return nil
  }

  private static func selects(_ card: borrowing CardTransaction, _ name: [UInt8]) throws(Failure) -> Bool {
    try card.send(CommandAPDU(ins: 0xA4, p1: 0x04, data: name, le: 256)).status.isSuccess
  }

  /// Names of applications (ISO/IEC 7816-4 §8.2.1.2), the telling ones first.
  private static let names: [(Kind, [UInt8])] = [
    (.openPGP, [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]),
    (.cac, [0xA0, 0x00, 0x00, 0x00, 0x79, 0x01, 0x00]),
    (.cac, [0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB, 0x00]),
    (.gids, [0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59]),
    (.pkcs15, Array([0xA0, 0x00, 0x00, 0x00, 0x63] + Array("PKCS-15".utf8))),
    // IsoApplet, a PKCS#15 card without that name.
    (.pkcs15, [0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01]),
    (.eID, [0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02]),
    (.eID, [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]),
    (.bank, Array("1PAY.SYS.DDF01".utf8)),
    (.bank, Array("2PAY.SYS.DDF01".utf8)),
    (.bank, [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01]),
  ]

  /// OpenSC's module, where it is installed.
  private static var module: String? {
    for folder in VendorLibrary.folders {
      for path in [folder + "/opensc-pkcs11.so", folder + "/pkcs11/opensc-pkcs11.so"] where access(path, R_OK) == 0 {
        return path
      }
    }
    return nil
  }
}

extension ForeignCard.Kind {
  /// OpenSC shows the certificates of cards of this kind. Of passports and of Germany's identity cards it shows none.
  package var isForOpenSC: Bool {
    switch self {
    case .openPGP, .cac, .pkcs15, .gids: true
    case .eID, .bank, .memory: false
    }
  }
}
