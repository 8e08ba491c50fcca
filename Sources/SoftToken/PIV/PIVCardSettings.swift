/// The freedoms NIST SP 800-73-4 leaves and real PIV cards take, one setting each.
///
/// The textual form is `key=value,key=value` (``init(text:)``, ``description``); keys are the names in
/// ``PIVCardSettings/keys``.
package struct PIVCardSettings: Sendable, Equatable {
  /// What the card answers when there is data and the command carries no Le field.
  package enum WithoutLe: String, Sendable, CaseIterable {
    /// As if Le were 00: up to 256 bytes come at once.
    case answer
    /// 61xx, the data by GET RESPONSE, as a T=0 card does after a command with a body.
    case announce = "61xx"
  }

  package enum BlockedAnswer: String, Sendable, CaseIterable {
    case authenticationBlocked = "6983"
    case noTriesLeft = "63C0"
  }

  /// SP 800-73-4 part 2, 3.2.1: reference data that breaks the PIN's format is either refused as wrong data or counted
  /// as a wrong try.
  package enum MalformedPIN: String, Sendable, CaseIterable {
    case wrongData = "6A80"
    case countedAsWrong = "63CX"
  }

  /// VERIFY with P1 = FF (SP 800-73-4), which makes the card forget a verified PIN.
  package enum Logout: String, Sendable, CaseIterable {
    case yes
    /// 6A86, as older cards say, and nothing is forgotten.
    case no
    /// Forgotten, and said with the tries left.
    case tries = "63CX"
  }

  package enum MissingObject: String, Sendable, CaseIterable {
    case notFound = "6A82"
    /// The object exists with nothing in it.
    case empty = "5300"
  }

  package enum TransmissionProtocol: String, Sendable, CaseIterable {
    case t0
    case t1
  }

  /// Extended length fields are understood; otherwise 6700.
  package var extendedLength = true
  /// Command chaining (CLA bit 5) is understood; otherwise 6884.
  package var commandChaining = true
  /// Most bytes in one answer to a command with a short or no Le field: 255 or 256.
  package var pieceLength = 256
  /// Any data is announced with 61xx and no data first, even a single byte.
  package var always61xx = false
  package var withoutLe = WithoutLe.answer
  /// A short Le above the data there is gets 6Cxx instead of the data. Le 00 asks for whatever there is.
  package var exactLe = false
  /// Right-truncated AIDs of 5 bytes and more select the application; otherwise only with the version left out.
  package var partialAID = true
  package var discoveryObject = true
  package var chuid = true
  package var cardCapabilityContainer = true
  package var keyHistory = true
  /// Slots that hold a certificate on a new demonstration card, of 9A 9C 9D 9E; may be none.
  package var slots: [UInt8] = [0x9A, 0x9C, 0x9D, 0x9E]
  /// Certificates are stored gzip-compressed (CertInfo 01).
  package var gzip = false
  package var missingObject = MissingObject.notFound
  /// For the try that blocks the PIN and for an empty VERIFY of a blocked PIN.
  package var blocked = BlockedAnswer.authenticationBlocked
  package var malformedPIN = MalformedPIN.wrongData
  /// The PIN stays verified when the application is selected again, as the standard says; many cards forget it.
  package var keepsVerifiedOnSelect = true
  package var transmissionProtocol = TransmissionProtocol.t1
  /// Tries of PIN and PUK on a new card, 1…15.
  package var tries = 3
  /// The PIN counts as verified for the command after it only.
  package var forgetsVerified = false
  package var logout = Logout.yes
  /// CHANGE REFERENCE DATA compares the old PIN, and counts it as verified, before it looks at the form of the new one.
  package var checksOldFirst = false
  /// Fewest characters of a PIN, 3…8; the standard's is 6.
  package var minimumPINLength = 6
  /// PINs consist of the digits 0…9; otherwise any bytes but FF.
  package var digitsOnly = true
  /// Waited before each answer behind a virtual reader, in milliseconds.
  package var delayMilliseconds = 0
  /// Answer of Yubico's GET VERSION (INS FD): major, minor, patch; nil: unknown instruction.
  package var yubicoVersion: [UInt8]?
  /// Answer of Yubico's GET SERIAL (INS F8); nil: unknown instruction.
  package var yubicoSerial: UInt32?

  /// The ATR of a YubiKey, and Yubico's GET METADATA (INS F7) with it; otherwise an unknown instruction.
  package var metadata = false

  package init() {}

  /// The names of the textual form with their values, for help texts; `true` and `false` do for `yes` and `no`.
  package static let keys = [
    "extended=yes|no", "chaining=yes|no", "piece=255|256", "always61=yes|no", "no-le=answer|61xx", "exact-le=yes|no",
    "partial-aid=yes|no", "discovery=yes|no", "chuid=yes|no", "ccc=yes|no", "key-history=yes|no", "slots=9A+9C+9D+9E",
    "gzip=yes|no",
    "missing=6A82|5300", "blocked=6983|63C0", "malformed=6A80|63CX", "reselect=keep|lose", "protocol=t0|t1",
    "tries=1…15", "min-pin=3…8", "verified=keep|forget",
    "logout=yes|no|63CX", "old-first=yes|no", "digits=yes|no",
    "delay=MILLISECONDS", "version=none|X.Y.Z", "serial=none|NUMBER",
    "metadata=yes|no",
  ]

  /// Reads `key=value,…` on top of the defaults; nil when a key or value is not known.
  package init?(text: String) {
    for item in text.split(separator: ",") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, set(String(parts[0]), to: String(parts[1])) else { return nil }
    }
  }

  private mutating func set(_ key: String, to value: String) -> Bool {
    switch key {
    case "extended": assign(Self.yesNo(value), to: \.extendedLength)
    case "chaining": assign(Self.yesNo(value), to: \.commandChaining)
    case "piece": assign(Self.number(value, in: 255...256), to: \.pieceLength)
    case "always61": assign(Self.yesNo(value), to: \.always61xx)
    case "no-le": assign(WithoutLe(rawValue: value), to: \.withoutLe)
    case "exact-le": assign(Self.yesNo(value), to: \.exactLe)
    case "partial-aid": assign(Self.yesNo(value), to: \.partialAID)
    case "discovery": assign(Self.yesNo(value), to: \.discoveryObject)
    case "chuid": assign(Self.yesNo(value), to: \.chuid)
    case "ccc": assign(Self.yesNo(value), to: \.cardCapabilityContainer)
    case "key-history": assign(Self.yesNo(value), to: \.keyHistory)
    case "slots": assign(Self.slots(value), to: \.slots)
    case "gzip": assign(Self.yesNo(value), to: \.gzip)
    case "missing": assign(MissingObject(rawValue: value), to: \.missingObject)
    case "blocked": assign(BlockedAnswer(rawValue: value), to: \.blocked)
    case "malformed": assign(MalformedPIN(rawValue: value), to: \.malformedPIN)
    case "reselect": assign(["keep": true, "lose": false][value], to: \.keepsVerifiedOnSelect)
    case "protocol": assign(TransmissionProtocol(rawValue: value), to: \.transmissionProtocol)
    case "tries": assign(Self.number(value, in: 1...15), to: \.tries)
    case "min-pin": assign(Self.number(value, in: 3...8), to: \.minimumPINLength)
    case "verified": assign(["keep": false, "forget": true][value], to: \.forgetsVerified)
    case "logout": assign(Logout(rawValue: value), to: \.logout)
    case "old-first": assign(Self.yesNo(value), to: \.checksOldFirst)
    case "digits": assign(Self.yesNo(value), to: \.digitsOnly)
    case "delay": assign(Self.number(value, in: 0...60_000), to: \.delayMilliseconds)
    case "version": assign(Self.version(value), to: \.yubicoVersion)
    case "serial": assign(Self.serial(value), to: \.yubicoSerial)
    case "metadata": assign(Self.yesNo(value), to: \.metadata)
    default: false
    }
  }

  private mutating func assign<Value>(_ value: Value?, to path: WritableKeyPath<Self, Value>) -> Bool {
    guard let value else { return false }
    self[keyPath: path] = value
    return true
  }

  private static func yesNo(_ value: String) -> Bool? {
    ["yes": true, "true": true, "no": false, "false": false][value]
  }

  private static func number(_ value: String, in range: ClosedRange<Int>) -> Int? {
    Int(value).flatMap { range.contains($0) ? $0 : nil }
  }

  private static func slots(_ value: String) -> [UInt8]? {
    let slots = value.split(separator: "+").map { UInt8($0, radix: 16) ?? 0 }
    return slots.allSatisfy(PIVCardSettings().slots.contains) ? slots : nil
  }

  private static func serial(_ value: String) -> UInt32?? {
    value == "none" ? .some(nil) : UInt32(value).map { .some($0) }
  }

  private static func version(_ value: String) -> [UInt8]?? {
    guard value != "none" else { return .some(nil) }
    let parts = value.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 3, parts.allSatisfy({ $0 != nil }) else { return nil }
    return .some(parts.compactMap { $0 })
  }
}

extension PIVCardSettings: CustomStringConvertible {
  /// The textual form, every key named.
  package var description: String {
    func word(_ value: Bool) -> String { value ? "yes" : "no" }
    return [
      "extended=\(word(extendedLength))", "chaining=\(word(commandChaining))", "piece=\(pieceLength)",
      "always61=\(word(always61xx))", "no-le=\(withoutLe.rawValue)", "exact-le=\(word(exactLe))",
      "partial-aid=\(word(partialAID))", "discovery=\(word(discoveryObject))", "chuid=\(word(chuid))",
      "ccc=\(word(cardCapabilityContainer))", "key-history=\(word(keyHistory))",
      "slots=\(slots.map { String($0, radix: 16, uppercase: true) }.joined(separator: "+"))", "gzip=\(word(gzip))",
      "missing=\(missingObject.rawValue)", "blocked=\(blocked.rawValue)", "malformed=\(malformedPIN.rawValue)",
      "reselect=\(keepsVerifiedOnSelect ? "keep" : "lose")", "protocol=\(transmissionProtocol.rawValue)",
      "tries=\(tries)", "min-pin=\(minimumPINLength)",
      "verified=\(forgetsVerified ? "forget" : "keep")",
      "logout=\(logout.rawValue)", "old-first=\(word(checksOldFirst))",
      "digits=\(word(digitsOnly))",
      "delay=\(delayMilliseconds)",
      "version=\(yubicoVersion.map { $0.map(String.init).joined(separator: ".") } ?? "none")",
      "serial=\(yubicoSerial.map(String.init) ?? "none")", "metadata=\(word(metadata))",
    ].joined(separator: ",")
  }
}
