internal import CertificateKit

/// What a key calls an application, a container or itself.
///
/// The bytes are the name: they go back to the key as they came from it, and two names are one when their bytes are. The
/// text is for the eye: names are ASCII by GM/T 0016 §6.2, but Chinese makers write GB 18030 too.
package struct TokenName: Sendable {
  package let bytes: [UInt8]
  /// UTF-8, else GB 18030, else Latin-1. Not made safe to show, see `displaySafe`.
  package let text: String

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    text = decodedName(bytes)
  }

  /// A name that this program gives, or that a file of text holds.
  package init(_ text: String) {
    bytes = Array(text.utf8)
    self.text = text
  }

  /// A field of fixed width: ended by a zero, or padded with blanks.
  init(field: ArraySlice<UInt8>) {
    var content = field.prefix { $0 != 0 }
    while content.last == 0x20 { content.removeLast() }
    bytes = Array(content)
    text = decodedName(Array(content.count == field.count ? Self.whole(content) : content))
  }

  /// Without the piece of a last character in UTF-8 for which the field had no room.
  private static func whole(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard String(validating: content, as: UTF8.self) == nil else { return content }
    for cut in 1...3 where content.count > cut {
      let shorter = content.dropLast(cut)
      if String(validating: shorter, as: UTF8.self) != nil { return shorter }
    }
    return content
  }

  package var isEmpty: Bool { bytes.isEmpty }
}

extension TokenName: Hashable {
  package static func == (left: TokenName, right: TokenName) -> Bool { left.bytes == right.bytes }

  package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension TokenName: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}
