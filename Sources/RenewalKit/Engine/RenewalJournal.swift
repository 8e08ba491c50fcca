internal import Base
package import CertificateKit
package import Failures
internal import Glibc
internal import StrictJSON
package import TokenKit
package import UnlockKit

/// How far a renewal has come, as far as this computer knows; what the key holds is found by looking at it.
package enum RenewalStage: String, Sendable, CaseIterable {
  /// A container has its name; on the key there may be anything from nothing to a pair.
  case begun
  /// The pair is known; the request may have gone out.
  case paired
  /// The request has been written.
  case requested
  /// An answer has been accepted and is kept; on the key there may be parts of it.
  case answered
  /// All of it is on the key and has been tried.
  case installed
  /// The old certificate was removed.
  case closed
}

/// One renewal in the state directory: what is needed to go on after whatever interrupted it. It holds no secret: the answer's
/// private key can be opened by the key alone.
package struct RenewalJournal: Sendable, Equatable {
  private static let format: StaticString = "ukey.renewal"
  private static let folder = "renewals"
  /// Orders kept at most; a folder with more is not searched further.
  private static let most = 256

  package var number: [UInt8]
  package var kind: UnlockKind
  package var stage: RenewalStage
  package var created: Int64
  package var keySerial: String
  package var application: TokenName
  package var container: TokenName
  package var keyKind: RenewalKeyKind
  /// `Name`, DER, that the request asks for.
  package var subject: [UInt8]
  package var oldContainer: TokenName?
  package var oldCertificate: [UInt8]?
  package var request: [UInt8]?
  package var pair: PublicKeyInfo?
  package var signature: [UInt8]?
  package var encryption: [UInt8]?
  package var envelope: EnvelopedKey?
  /// Where the order was written, or is to be; an absolute path.
  package var file: String?

  package var numberText: String { lowerHexText(number) }

  /// The name of a container that no other order has. SM2 card code is known that takes at most 34 bytes.
  package static func containerName(_ number: [UInt8], isNumber: Bool) -> TokenName {
    TokenName(isNumber ? hexText(number) : "ukey-" + lowerHexText(number))
  }

  /// Whole or not at all, on disk when this returns. - Throws: `UK-611`, `UK-614`, `UK-901`.
  package func save(in directory: StateDirectory) throws(Failure) {
    let document = try SealedDocument(sealing: [
      ("format", .string("\(Self.format)")), ("version", .int(1)), ("order", .string(numberText)),
      ("kind", .string(kind.rawValue)), ("stage", .string(stage.rawValue)), ("created", .int(Int(created))),
      ("keySerial", .string(keySerial)), ("application", .string(lowerHexText(application.bytes))),
      ("container", .string(lowerHexText(container.bytes))), ("keyKind", .string(keyKind.rawValue)),
      ("subject", Self.text(subject)), ("oldContainer", oldContainer.map { .string(lowerHexText($0.bytes)) }),
      ("oldCertificate", Self.text(oldCertificate)), ("request", request.map { .string(lowerHexText($0)) }),
      ("pair", Self.text(pair?.der)), ("signature", Self.text(signature)), ("encryption", Self.text(encryption)),
      ("envelope", Self.text(envelope?.der)), ("file", file.map { .string($0) }),
    ])
    let path = try directory.make(Self.folder) + "/" + numberText
    if case .failed(let error) = writeFile(document.bytes, to: path, overwrite: true, mode: 0o600) {
      throw Failure(.fileWrite, error)
    }
  }

  private static func text(_ bytes: [UInt8]?) -> JSONValue? { bytes.map { .string(Base64.encode($0)) } }

  /// - Throws: `UK-501` to `UK-503`, `UK-530`.
  init(_ bytes: [UInt8]) throws(Failure) {
    var (_, reader, _) = try SealedDocument.open(bytes, format: Self.format, versions: 1...1)
    // In the order of the keys.
    application = TokenName(try reader.bytes("application", count: 1...256))
    container = TokenName(try reader.bytes("container", count: 1...64))
    created = try reader.time("created")
    try reader.skip("digest")
    encryption = try reader.base64("encryption", limit: 16_384)
    envelope = try reader.base64("envelope", limit: 1024).map { der throws(Failure) in try EnvelopedKey(der: der) }
    file = try reader.optionalText("file", limit: 4096)
    try reader.skip("format")
    keyKind = try reader.choice("keyKind", RenewalKeyKind.self)
    keySerial = try reader.text("keySerial", limit: 128)
    kind = try reader.choice("kind", UnlockKind.self)
    oldCertificate = try reader.base64("oldCertificate", limit: 16_384)
    oldContainer = try reader.optionalBytes("oldContainer", count: 1...256).map { TokenName($0) }
    number = try reader.bytes("order", count: RenewalOrder.numberSize...RenewalOrder.numberSize)
    pair = try reader.base64("pair", limit: 2048).map { der throws(Failure) in try PublicKeyInfo(der: der) }
    request = try reader.optionalBytes("request", count: 32...32)
    signature = try reader.base64("signature", limit: 16_384)
    stage = try reader.choice("stage", RenewalStage.self)
    subject = try reader.base64("subject", limit: 4096) ?? []
    try reader.skip("version")
    try reader.finish()
  }

  init(
    number: [UInt8], kind: UnlockKind, created: Int64, keySerial: String, application: TokenName,
    keyKind: RenewalKeyKind, subject: [UInt8], request: [UInt8]?, nameIsNumber: Bool
  ) {
    self.number = number
    self.kind = kind
    stage = .begun
    self.created = created
    self.keySerial = keySerial
    self.application = application
    container = Self.containerName(number, isNumber: nameIsNumber)
    self.keyKind = keyKind
    self.subject = subject
    self.request = request
  }

  /// All that are kept, the latest first; those that cannot be read are left out and told beside.
  package static func all(in directory: StateDirectory) -> (journals: [RenewalJournal], failures: [Failure]) {
    let folder = directory.path + "/" + Self.folder
    var journals: [RenewalJournal] = []
    var failures: [Failure] = []
    let names = ((try? listFolder(folder, limit: most)) ?? []).filter {
      $0.utf8.count == 2 * RenewalOrder.numberSize && bytes(hex: $0) != nil
    }
    for name in names.sorted() {
      do throws(Failure) {
        let path = folder + "/" + name
        let journal = try RenewalJournal(
          try Failure.mapping(.fileRead, try readFile(path, limit: SealedDocument.limit)))
        // A name that is not the order's own would be written elsewhere the next time.
        guard journal.numberText == name else { throw Failure(.unlockFileMalformed, context: displaySafe(name)) }
        journals.append(journal)
      } catch {
        failures.append(error)
      }
    }
    return (journals.sorted { $0.created > $1.created }, failures)
  }

  /// The latest order for this certificate that has no answer yet: asking again goes on with it.
  package static func unfinished(
    _ kind: UnlockKind, keySerial: String, old: [UInt8]?, in directory: StateDirectory
  ) -> RenewalJournal? {
    all(in: directory).journals.first {
      $0.kind == kind && $0.keySerial == keySerial && $0.oldCertificate == old
        && [.begun, .paired, .requested].contains($0.stage)
    }
  }

  /// Not yet all on the key.
  package var isUnderWay: Bool { stage != .installed && stage != .closed }

  /// The order that this certificate of a key is in: one that is under way before one whose old certificate is still there.
  ///
  /// - Parameter certificate: the one that is renewed, or the one that came of it; DER.
  package static func current(
    _ journals: [RenewalJournal], keySerial: String, certificate: [UInt8]
  ) -> RenewalJournal? {
    let meant = journals.filter {
      $0.keySerial == keySerial && $0.stage != .closed
        && ($0.oldCertificate == certificate || $0.signature == certificate || $0.encryption == certificate)
    }
    return meant.first(where: \.isUnderWay) ?? meant.first
  }

  /// The one that is meant: by its number or the beginning of it, else the only one in question.
  ///
  /// - Parameter isMeant: which are in question when no number was given.
  /// - Throws: `UK-539` when the number is of none, or several are meant; `UK-545` when none is in question.
  package static func find(
    _ number: String?, in directory: StateDirectory, _ isMeant: (RenewalJournal) -> Bool
  ) throws(Failure) -> RenewalJournal {
    let (journals, failures) = all(in: directory)
    let found = journals.filter { journal in
      number.map { !$0.isEmpty && journal.numberText.hasPrefix($0.lowercased()) } ?? isMeant(journal)
    }
    if number == nil, found.isEmpty { throw Failure(.renewalNone, causes: failures) }
    guard found.count == 1, let journal = found.first else {
      throw Failure(
        .renewalOrder,
        context: found.isEmpty ? number.map { displaySafe($0) } : found.map(\.numberText).joined(separator: ", "),
        causes: failures)
    }
    return journal
  }

  /// Ends the order where the key shows that its old container is gone: what removed it may not have lived to say so.
  ///
  /// - Parameter key: as it was read. Only a key that shows the new container shows all of them.
  /// - Throws: `UK-611`.
  package mutating func closeWhereOldIsGone(
    _ key: TokenSnapshot, in directory: StateDirectory
  ) throws(Failure) {
    guard stage == .installed, let oldContainer, key.device.serial.value?.text == keySerial,
      let there = key.applications.value?.first(where: { $0.name == application })?.containers.value?.map(\.name),
      there.contains(container), !there.contains(oldContainer)
    else { return }
    var next = self
    next.stage = .closed
    try next.save(in: directory)
    self = next
  }

  /// Puts the order away: no run goes on with it any more. Nothing is done on any key, and what was known is kept beside, under
  /// another name.
  ///
  /// - Throws: `UK-611`.
  package func forget(in directory: StateDirectory) throws(Failure) {
    let path = directory.path + "/" + Self.folder + "/" + numberText
    guard rename(path, path + ".forgotten") == 0 else {
      throw Failure(.fileWrite, function: "rename", number: .errno(errno), context: displaySafe(path))
    }
  }
}
