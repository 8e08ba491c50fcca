internal import Failures
public import StrictJSON

/// A document as it travels: canonical JSON with `format`, `version` and an SM3 `digest` over all its other members.
///
/// The file has exactly the bytes of the canonical form (RFC 8785), so that altering any byte, even a blank, shows.
public struct SealedDocument: Sendable {
  /// Bytes a document may have.
  public static let limit = 64 * 1024

  /// All members with `digest`.
  public var value: JSONValue
  /// SM3 over the canonical form without `digest`, 32 bytes.
  public var digest: [UInt8]
  /// What stands in the file.
  public var bytes: [UInt8]

  public var checkCode: String { Digest.checkCode(digest) }

  /// Seals members that do not hold a digest yet. - Throws: `UK-901`.
  init(sealing members: [(String, JSONValue?)]) throws(Failure) {
    let digest = try Digest.sm3(JSONValue.object(members).canonical)
    self.digest = digest
    value = .object(members + [("digest", .string(hexText(digest)))])
    bytes = value.canonical
  }

  /// Takes a file's bytes apart and checks form, version and digest, in this order.
  ///
  /// - Throws: `UK-501` not canonical JSON or not this format, `UK-502` another version, `UK-503` the digest is wrong.
  init(parsing bytes: [UInt8], format: String, version: Int) throws(Failure) {
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes, limits: JSONLimits(size: Self.limit, depth: 8, canonicalOnly: true))
    } catch {
      throw Failure(.unlockFileMalformed, context: error.description)
    }
    guard value["format"] == .string(format) else { throw Failure(.unlockFileMalformed, context: "format") }
    guard let found = value["version"]?.intValue else { throw Failure(.unlockFileMalformed, context: "version") }
    guard found == version else { throw Failure(.unlockFileVersion, context: "\(found)") }
    guard case .object(let members) = value, let given = value["digest"]?.stringValue else {
      throw Failure(.unlockFileMalformed, context: "digest")
    }
    digest = try Digest.sm3(JSONValue.object(members.filter { $0.0 != "digest" }).canonical)
    guard given.utf8.elementsEqual(hexText(digest).utf8) else { throw Failure(.unlockFileAltered) }
    self.bytes = bytes
  }
}

/// Reads the members of one object and refuses what is missing, of another kind, too long, or not known.
struct MemberReader {
  var path: String
  private var members: [(String, JSONValue?)]

  /// - Throws: `UK-501` when it is no object, or holds a key that is not `known`.
  init(_ value: JSONValue?, _ path: String, known: Set<String>) throws(Failure) {
    guard case .object(let members) = value else { throw Failure(.unlockFileMalformed, context: path) }
    self.path = path
    self.members = members
    if let stranger = members.first(where: { !known.contains($0.0) }) {
      throw Failure(.unlockFileMalformed, context: path + "." + displaySafe(String(stranger.0.prefix(40))))
    }
  }

  private func malformed(_ key: String) -> Failure {
    Failure(.unlockFileMalformed, context: path.isEmpty ? key : path + "." + key)
  }

  func value(_ key: String) -> JSONValue? { members.first { $0.0 == key }?.1 }

  /// A text of at most `limit` bytes, `nil` when the member is missing.
  func optionalText(_ key: String, limit: Int = 2048) throws(Failure) -> String? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value, text.utf8.count <= limit else { throw malformed(key) }
    return text
  }

  func text(_ key: String, limit: Int = 2048) throws(Failure) -> String {
    guard let text = try optionalText(key, limit: limit) else { throw malformed(key) }
    return text
  }

  func optionalInt(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let value = value(key) else { return nil }
    guard case .int(let number) = value, range.contains(number) else { throw malformed(key) }
    return number
  }

  /// Seconds since 1970-01-01 UTC, up to the year 9999.
  func time(_ key: String) throws(Failure) -> Int64 {
    guard let value = try optionalInt(key, in: 0...253_402_300_799) else { throw malformed(key) }
    return Int64(value)
  }

  func bool(_ key: String) throws(Failure) -> Bool {
    guard let value = value(key)?.boolValue else { throw malformed(key) }
    return value
  }

  func optionalBool(_ key: String) throws(Failure) -> Bool? { value(key) == nil ? nil : try bool(key) }

  /// Lower-case hexadecimal of a number of bytes.
  func bytes(_ key: String, count: ClosedRange<Int>) throws(Failure) -> [UInt8] {
    guard let bytes = UnlockKit.bytes(hex: try text(key, limit: 2 * count.upperBound)), count.contains(bytes.count)
    else { throw malformed(key) }
    return bytes
  }

  func choice<Choice: RawRepresentable<String>>(_ key: String, _: Choice.Type) throws(Failure) -> Choice {
    guard let choice = Choice(rawValue: try text(key, limit: 64)) else { throw malformed(key) }
    return choice
  }
}
