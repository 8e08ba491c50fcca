internal import CertificateKit
internal import Glibc

/// What a server asks to be signed: at least 256 random bits in base64 (RFC 4648 §4, with padding), 44 to 128 characters.
package struct Nonce: Sendable, Hashable {
  package let text: String

  package static let length = 44...128

  /// `nil` for anything else than base64 of that length in its one right form.
  package init?(_ text: String) {
    guard Self.length.contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let bytes = Base64.decode(text.utf8), Base64.encode(bytes) == text, bytes.count >= 32
    else { return nil }
    self.text = text
  }

  /// A fresh one of 256 bits from the system's generator; `nil` when that has none to give.
  package static func random() -> Nonce? {
    var bytes = [UInt8](repeating: 0, count: 32)
    guard getentropy(&bytes, bytes.count) == 0 else { return nil }
    return Nonce(Base64.encode(bytes))
  }
}
