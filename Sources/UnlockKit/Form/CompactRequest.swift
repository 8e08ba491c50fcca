internal import Base
package import Failures
package import TokenKit

/// A request on one line, for a QR code or the telephone: what the desk needs to answer it, and the digest of the whole.
///
/// `UKREQ1/KIND/CREATED/SERIAL/PROFILE/APPLICATION/APPID/RANDOM/DIGEST` of the characters that QR codes hold densely
/// (digits, capitals, `$%*+-./:`): other characters of a field as `%XX` of their UTF-8, numbers and bytes in
/// hexadecimal capitals. Fields that the key does not have are empty.
package struct CompactRequest: Sendable, Equatable {
  package var kind: UnlockKind
  package var created: Int64
  package var serial: String
  package var application: String
  package var challenge: UnlockChallenge?
  /// Of the request file, 32 bytes.
  package var digest: [UInt8]

  package init(_ request: UnlockRequest, digest: [UInt8]) {
    kind = request.kind
    created = request.created
    serial = request.key.serial ?? ""
    application = request.application
    challenge = request.challenge
    self.digest = digest
  }

  package var text: String {
    [
      "UKREQ1", kind.rawValue.uppercased(), String(created), Self.escaped(serial),
      Self.escaped(challenge?.profile ?? ""), Self.escaped(application),
      hexText(challenge?.applicationID ?? []), hexText(challenge?.random ?? []),
      hexText(digest),
    ].joined(separator: "/")
  }

  /// Reads the line again. - Throws: `UK-501`.
  package init(parsing text: String) throws(Failure) {
    let fields = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= 2000, fields.count == 9, fields[0] == "UKREQ1",
      let kind = UnlockKind(rawValue: fields[1].lowercased()), let created = Int64(fields[2]), created >= 0,
      let serial = Self.unescaped(fields[3]), let profile = Self.unescaped(fields[4]),
      let application = Self.unescaped(fields[5]), let id = bytes(hex: fields[6].lowercased()),
      let random = bytes(hex: fields[7].lowercased()), let digest = bytes(hex: fields[8].lowercased()),
      digest.count == 32
    else { throw Failure(.unlockFileMalformed, context: "UKREQ1") }
    self.kind = kind
    self.created = created
    self.serial = serial
    self.application = application
    self.digest = digest
    if random.isEmpty {
      challenge = nil
    } else {
      guard random.count == 8, id.count == 2 else { throw Failure(.unlockFileMalformed, context: "UKREQ1") }
      challenge = UnlockChallenge(profile: profile, application: application, applicationID: id, random: random)
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%" + hexText([byte])
      }
    }
    return result
  }

  private static func unescaped(_ text: String) -> String? {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
      guard rest.count >= 2, let value = bytes(hex: digits)?.first else { return nil }
      result.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: result, as: UTF8.self)
  }
}
