internal import Base
internal import CertificateKit
internal import Failures
package import LoginToken
internal import StrictJSON

/// What a page gives to be signed as it is, and what it must not be: something that means more elsewhere than it says
/// here.
package enum FreeData {
  package enum Problem: String, Sendable {
    case empty
    case tooLarge = "too-large"
    /// The body of a certificate, a request for one, a revocation list, or an answer about one: the signature would make it that.
    case certificate
    /// Signed attributes of a CMS message: the signature would make a signed document that nobody saw.
    case signedAttributes = "signed-attributes"
    /// What a TLS client signs: the signature would open a connection elsewhere in the holder's name.
    case tls
    /// A login token of this service, which is only made with the page's own origin.
    case loginToken = "login-token"
    /// What this program signs for itself: the order of a certificate would get one for a key of the page's own.
    case ownStatement = "statement"
    /// What an SSH client signs to log in, or a signature of a file by SSH.
    case ssh
    /// A statement of another kind that names another site than the one asking.
    case foreignOrigin = "foreign-origin"
  }

  /// Bytes signed at most.
  package static let limit = 192 * 1024

  /// Why `data` is not signed for `origin`; `nil` when nothing speaks against it.
  package static func problem(_ data: [UInt8], for origin: WebOrigin) -> Problem? {
    if data.isEmpty { return .empty }
    if data.count > limit { return .tooLarge }
    if isTLS(data) { return .tls }
    if data.starts(with: LoginToken.heading.utf8) { return .loginToken }
    if isOwnStatement(data) { return .ownStatement }
    if isSSH(data) { return .ssh }
    switch SignableShape(data) {
    case .certificate, .request, .revocationList, .statusAnswer: return .certificate
    case .signedAttributes: return .signedAttributes
    case nil: break
    }
    return namesAnother(data, origin) ? .foreignOrigin : nil
  }

  /// RFC 8446 §4.4.3: 64 blanks, "TLS 1.3, ". RFC 5246 §7.4.8: the handshake from its ClientHello on.
  private static func isTLS(_ data: [UInt8]) -> Bool {
    if data.count >= 64, data.prefix(64).allSatisfy({ $0 == 0x20 }), data.dropFirst(64).starts(with: "TLS 1.3".utf8) {
      return true
    }
    return data.count > 40 && data[0] == 0x01 && data[1] == 0x00 && data[4] == 0x03 && (1...3).contains(data[5])
  }

  /// RFC 4252 §7: the session's identifier as a string, SSH_MSG_USERAUTH_REQUEST, and the method among the rest; PROTOCOL.sshsig
  /// of OpenSSH.
  private static func isSSH(_ data: [UInt8]) -> Bool {
    if data.starts(with: "SSHSIG".utf8) { return true }
    guard data.count > 4, data[0] == 0, data[1] == 0, data[2] == 0 else { return false }
    let message = data.dropFirst(4 + Int(data[3]))
    return message.first == 50 && message.firstRange(of: "publickey".utf8) != nil
  }

  /// JSON with a member `origin`, as WebAuthn and other schemes of login sign it.
  private static func namesAnother(_ data: [UInt8], _ origin: WebOrigin) -> Bool {
    guard data.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return false }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: data, limits: JSONLimits(size: limit, depth: 16))
    } catch {
      return false
    }
    guard let named = value["origin"]?.stringValue else { return false }
    return named != origin.description
  }

  /// What the holder sees of it: its text where it is text, else hexadecimal, cut; invisible characters escaped.
  package static func preview(_ data: [UInt8], limit: Int = 120) -> String {
    if let text = String(validating: data.prefix(4 * limit), as: UTF8.self) ?? cutText(data, limit) {
      let shown = displaySafe(String(text.unicodeScalars.prefix(limit)))
      return text.unicodeScalars.count > limit || data.count > 4 * limit ? shown + "…" : shown
    }
    let bytes = data.prefix(limit / 3)
    return hexText(Array(bytes), separator: " ") + (data.count > bytes.count ? " …" : "")
  }

  /// Text whose last character was cut in two by the limit.
  private static func cutText(_ data: [UInt8], _ limit: Int) -> String? {
    guard data.count > 4 * limit else { return nil }
    for count in 1...3 {
      if let text = String(validating: data.prefix(4 * limit - count), as: UTF8.self) { return text }
    }
    return nil
  }
}
