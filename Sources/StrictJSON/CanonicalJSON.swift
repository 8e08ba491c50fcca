import Base

extension JSONValue {
  /// The canonical form: one sequence of bytes for one value, for digests and for comparing.
  ///
  /// RFC 8785 (JSON Canonicalization Scheme) as far as its values go: UTF-8, no blanks, members sorted by key, strings
  /// with the escapes `\"`, `\\`, `\b`, `\t`, `\n`, `\f`, `\r` and `\u00xx` (lower case) for other characters below
  /// U+0020, all else as it is; integers in decimal. Keys are sorted by their bytes in UTF-8, which is the order of
  /// RFC 8785 for keys of ASCII. A ``decimal(_:)`` is written as it stands and has no place in documents with digests:
  /// the parser refuses it in canonical form.
  package var canonical: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(1024)
    writeCanonical(to: &out)
    return out
  }

  /// Appends the canonical form to `out`.
  package func writeCanonical(to out: inout [UInt8]) {
    switch self {
    case .object(let members):
      var present = members.filter { $0.1 != nil }
      if !zip(present, present.dropFirst()).allSatisfy({ Self.isBefore($0.0, $1.0) }) {
        present.sort { Self.isBefore($0.0, $1.0) }
      }
      out.append(UInt8(ascii: "{"))
      for (index, member) in present.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        Self.writeCanonicalString(member.0, to: &out)
        out.append(UInt8(ascii: ":"))
        member.1?.writeCanonical(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    case .array(let items):
      out.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        item.writeCanonical(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .string(let value): Self.writeCanonicalString(value, to: &out)
    case .int(let value): out += String(value).utf8
    case .decimal(let text): out += text.utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .null: out += "null".utf8
    }
  }

  /// Order of keys: by bytes of UTF-8.
  static func isBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

  static func writeCanonicalString(_ value: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    // Nearly every string needs no escape and goes over in one piece.
    var value = value
    let isPlain = value.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) else { return false }
      out.append(contentsOf: bytes)
      return true
    }
    if isPlain {
      out.append(UInt8(ascii: "\""))
      return
    }
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        out.append(UInt8(ascii: "\\"))
        out.append(byte)
      case 0x20...: out.append(byte)
      default:
        out.append(UInt8(ascii: "\\"))
        if let letter = shortEscape(byte) {
          out.append(letter)
        } else {
          out += "u00".utf8
          out.append(lowerHexDigit(byte >> 4))
          out.append(lowerHexDigit(byte))
        }
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  /// The letter of a two-character escape for a character below U+0020.
  static func shortEscape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: nil
    }
  }
}
