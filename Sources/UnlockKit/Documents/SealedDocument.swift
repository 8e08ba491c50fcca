internal import Base
package import Failures
package import StrictJSON

/// A document as it travels: canonical JSON with `format`, `version` and an SM3 `digest` over all its other members.
///
/// The file has exactly the bytes of the canonical form (RFC 8785), so that altering any byte, even a blank, shows.
package struct SealedDocument: Sendable {
  /// Bytes a document may have.
  package static let limit = 64 * 1024

  /// SM3 over the canonical form without `digest`, 32 bytes.
  package var digest: [UInt8]
  /// What stands in the file.
  package var bytes: [UInt8]

  /// The digest as it stands in the document.
  package var digestText: String { lowerHexText(digest) }
  package var checkCode: String { Digest.checkCode(digest) }

  /// Seals members that do not hold a digest yet; some are before `digest` and some behind it. - Throws: `UK-901`.
  package init(sealing members: [(String, JSONValue?)]) throws(Failure) {
    let whole = JSONValue.object(members).canonical
    let before = JSONValue.object(members.filter { $0.0.utf8.lexicographicallyPrecedes("digest".utf8) }).canonical
    try self.init(canonical: whole, place: before.count - 1)
  }

  /// Seals the members of one object in canonical form, `digest` left out. - Throws: `UK-901`.
  ///
  /// - Parameter place: where `digest` belongs: after a member and before its comma.
  init(canonical: [UInt8], place: Int) throws(Failure) {
    digest = try Digest.sm3(canonical)
    var member = JSONWriter(capacity: 80)
    member.member("digest", hex: digest)
    bytes = canonical
    bytes.insert(contentsOf: [UInt8(ascii: ",")] + member.bytes, at: place)
  }

  /// Takes a file's bytes apart and checks form, version and digest, in this order.
  ///
  /// - Parameter versions: those that are known.
  /// - Throws: `UK-501` not canonical JSON or not this format, `UK-502` another version, `UK-503` the digest is wrong.
  package static func open(
    _ bytes: [UInt8], format: StaticString, versions: ClosedRange<Int>
  ) throws(Failure) -> (document: SealedDocument, reader: MemberReader, version: Int) {
    let parsed: JSONDocument
    do throws(JSONError) {
      parsed = try JSONDocument(
        parsing: bytes, limits: JSONLimits(size: limit, depth: 8, canonicalOnly: true))
    } catch {
      throw Failure(.unlockFileMalformed, context: error.description)
    }
    guard let members = parsed.root.members, members.find("format")?.element.isPlain(format) == true else {
      throw Failure(.unlockFileMalformed, context: "format")
    }
    guard let found = members.find("version")?.element.int else {
      throw Failure(.unlockFileMalformed, context: "version")
    }
    guard versions.contains(found) else { throw Failure(.unlockFileVersion, context: "\(found)") }
    guard let (element, span) = members.find("digest"), let given = element.string() else {
      throw Failure(.unlockFileMalformed, context: "digest")
    }
    // The canonical form without a member is the same bytes without it and the comma before it; `version`, which sorts
    // after it, is there, so that without one before it it is the comma after it.
    let isFirst = span.lowerBound == 1
    let removed = isFirst ? 1..<span.upperBound + 1 : span.lowerBound - 1..<span.upperBound
    var without: [UInt8] = []
    without.reserveCapacity(bytes.count)
    without += bytes[..<removed.lowerBound]
    without += bytes[removed.upperBound...]
    let digest = try Digest.sm3(without)
    guard given.utf8.elementsEqual(lowerHexText(digest).utf8) else { throw Failure(.unlockFileAltered) }
    return (SealedDocument(digest: digest, bytes: bytes), try MemberReader(parsed.root, ""), found)
  }

  private init(digest: [UInt8], bytes: [UInt8]) {
    self.digest = digest
    self.bytes = bytes
  }
}

/// Reads the members of one object in the order of their keys, and refuses what is missing, of another kind, too long,
/// or not known.
///
/// All known members are to be read, in that order, and then ``finish()`` called.
package struct MemberReader {
  package let path: String
  private var members: JSONMembers

  /// - Throws: `UK-501` when it is no object.
  package init(_ element: JSONElement?, _ path: String) throws(Failure) {
    guard let members = element?.members else { throw Failure(.unlockFileMalformed, context: path) }
    self.path = path
    self.members = members
  }

  private func malformed(_ key: StaticString) -> Failure {
    Failure(.unlockFileMalformed, context: path.isEmpty ? "\(key)" : path + ".\(key)")
  }

  private func strange(_ key: String) -> Failure {
    Failure(.unlockFileMalformed, context: path + "." + displaySafe(String(key.prefix(40))))
  }

  /// - Throws: `UK-501` when there is a member that was not read.
  package func finish() throws(Failure) { if let key = members.rest { throw strange(key) } }

  package mutating func element(_ key: StaticString) throws(Failure) -> JSONElement? {
    switch members.take(key) {
    case .found(let element): return element
    case .missing: return nil
    case .stranger(let name): throw strange(name)
    }
  }

  /// A member that was looked at before, by who opened the document.
  package mutating func skip(_ key: StaticString) throws(Failure) { _ = try element(key) }

  /// A text of at most `limit` bytes, `nil` when the member is missing.
  package mutating func optionalText(_ key: StaticString, limit: Int = 2048) throws(Failure) -> String? {
    guard let element = try element(key) else { return nil }
    guard let text = element.string(limit: limit) else { throw malformed(key) }
    return text
  }

  package mutating func text(_ key: StaticString, limit: Int = 2048) throws(Failure) -> String {
    guard let text = try optionalText(key, limit: limit) else { throw malformed(key) }
    return text
  }

  package mutating func optionalInt(_ key: StaticString, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let element = try element(key) else { return nil }
    guard let number = element.int, range.contains(number) else { throw malformed(key) }
    return number
  }

  package mutating func int(_ key: StaticString, in range: ClosedRange<Int>) throws(Failure) -> Int {
    guard let number = try optionalInt(key, in: range) else { throw malformed(key) }
    return number
  }

  /// Seconds since 1970-01-01 UTC, up to the year 9999.
  package mutating func time(_ key: StaticString) throws(Failure) -> Int64 {
    Int64(try int(key, in: 0...253_402_300_799))
  }

  package mutating func bool(_ key: StaticString) throws(Failure) -> Bool {
    guard let value = try element(key)?.bool else { throw malformed(key) }
    return value
  }

  /// Lower-case hexadecimal of a number of bytes.
  package mutating func optionalBytes(_ key: StaticString, count: ClosedRange<Int>) throws(Failure) -> [UInt8]? {
    guard let text = try optionalText(key, limit: 2 * count.upperBound) else { return nil }
    guard let bytes = Base.bytes(hex: text), count.contains(bytes.count) else { throw malformed(key) }
    return bytes
  }

  package mutating func bytes(_ key: StaticString, count: ClosedRange<Int>) throws(Failure) -> [UInt8] {
    guard let bytes = try optionalBytes(key, count: count) else { throw malformed(key) }
    return bytes
  }

  package mutating func choice<Choice: RawRepresentable<String>>(
    _ key: StaticString, _: Choice.Type
  ) throws(Failure) -> Choice {
    guard let choice = Choice(rawValue: try text(key, limit: 64)) else { throw malformed(key) }
    return choice
  }
}
