import Base

extension JSONValue {
  /// The text on several lines, two blanks a level, members in the order given.
  package var text: String { String(decoding: written(.indented), as: UTF8.self) }

  /// The text on one line, for one event a line.
  package var line: String { String(decoding: written(.line), as: UTF8.self) }

  /// The canonical form: one sequence of bytes for one value, for digests and for comparing.
  ///
  /// RFC 8785 (JSON Canonicalization Scheme) as far as its values go: UTF-8, no blanks, members sorted by key, strings
  /// with the escapes `\"`, `\\`, `\b`, `\t`, `\n`, `\f`, `\r` and `\u00xx` (lower case) for other characters below
  /// U+0020, all else as it is; integers in decimal. Keys are sorted by their bytes in UTF-8, which is the order of
  /// RFC 8785 for keys of ASCII. A ``decimal(_:)`` is written as it stands and has no place in documents with digests:
  /// the parser refuses it in canonical form.
  package var canonical: [UInt8] { written(.canonical) }

  private func written(_ form: JSONWriter.Form) -> [UInt8] {
    var writer = JSONWriter(form: form)
    writer.write(self, level: 0)
    return writer.bytes
  }

  /// Order of keys in canonical form: by bytes of UTF-8.
  static func isBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

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

/// Writes values, each string by the same rules. Where many documents of one kind are written it also takes the members of
/// an object one by one: the caller then keeps their order. A value in between costs six times as much, which shows
/// when ten thousand unlock requests are answered (`make bench`).
package struct JSONWriter {
  enum Form { case canonical, line, indented }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  let form: Form
  package private(set) var bytes: [UInt8] = []
  /// The next member is the first of its object.
  private var isFirst = true

  fileprivate init(form: Form, capacity: Int = 1024) {
    self.form = form
    bytes.reserveCapacity(capacity)
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .object(let members):
      var present = members
      if members.contains(where: { $0.1 == nil }) { present = members.filter { $0.1 != nil } }
      if form == .canonical, !zip(present, present.dropFirst()).allSatisfy({ JSONValue.isBefore($0.0, $1.0) }) {
        present.sort { JSONValue.isBefore($0.0, $1.0) }
      }
      list(present, UInt8(ascii: "{"), UInt8(ascii: "}"), level) { writer, member in
        writer.string(member.0)
        writer.bytes.append(UInt8(ascii: ":"))
        if writer.form == .indented { writer.bytes.append(UInt8(ascii: " ")) }
        if let value = member.1 { writer.write(value, level: level + 1) }
      }
    case .array(let items):
      list(items, UInt8(ascii: "["), UInt8(ascii: "]"), level) { writer, item in writer.write(item, level: level + 1) }
    case .string(let value): string(value)
    case .int(let value): bytes += String(value).utf8
    case .decimal(let text): bytes += text.utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .null: bytes += "null".utf8
    }
  }

  private mutating func list<Item>(
    _ items: [Item], _ open: UInt8, _ close: UInt8, _ level: Int, _ writeItem: (inout JSONWriter, Item) -> Void
  ) {
    bytes.append(open)
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      beginLine(level + 1)
      writeItem(&self, item)
    }
    if !items.isEmpty { beginLine(level) }
    bytes.append(close)
  }

  private mutating func beginLine(_ level: Int) {
    guard form == .indented else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  private mutating func string(_ value: String) {
    bytes.append(Self.quote)
    var value = value
    // Nearly every text needs no escape and goes over in one piece.
    let above: UInt8 = form == .canonical ? 0xFF : 0x7E
    let isPlain = value.withUTF8 { text in
      guard text.allSatisfy({ $0 >= 0x20 && $0 <= above && $0 != Self.quote && $0 != Self.backslash }) else {
        return false
      }
      bytes.append(contentsOf: text)
      return true
    }
    if !isPlain { for scalar in value.unicodeScalars { write(scalar) } }
    bytes.append(Self.quote)
  }

  /// What leaves nothing to see, or moves what does, is escaped where the text may end on a terminal.
  private mutating func write(_ scalar: Unicode.Scalar) {
    let byte = UInt8(truncatingIfNeeded: scalar.value)
    if scalar == "\"" || scalar == "\\" {
      bytes += [Self.backslash, byte]
    } else if scalar.value < 0x20, let letter = JSONValue.shortEscape(byte) {
      bytes += [Self.backslash, letter]
    } else if scalar.value < 0x20 || (form != .canonical && !isPrinting(scalar)) {
      for unit in String(scalar).utf16 {
        bytes += "\\u".utf8
        bytes += lowerHexText(UInt(unit), digits: 4).utf8
      }
    } else {
      bytes += String(scalar).utf8
    }
  }
}

// MARK: Member by member, in canonical form

extension JSONWriter {
  /// - Parameter capacity: bytes to make room for.
  package init(capacity: Int) { self.init(form: .canonical, capacity: capacity) }

  package mutating func begin() {
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
  }

  package mutating func end() {
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  /// Between two objects that stand on lines of their own.
  package mutating func endLine() { bytes.append(0x0A) }

  /// - Parameter key: sorts after the one before it, and needs no escape.
  package mutating func key(_ key: StaticString) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(Self.quote)
    bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(Self.quote)
    bytes.append(UInt8(ascii: ":"))
  }

  package mutating func member(_ key: StaticString, _ value: String) {
    self.key(key)
    string(value)
  }

  package mutating func member(_ key: StaticString, _ value: Int64) {
    self.key(key)
    bytes += String(value).utf8
  }

  /// Bytes as lower-case hexadecimal.
  package mutating func member(_ key: StaticString, hex value: [UInt8]) {
    self.key(key)
    bytes.append(Self.quote)
    for byte in value {
      bytes.append(lowerHexDigit(byte >> 4))
      bytes.append(lowerHexDigit(byte))
    }
    bytes.append(Self.quote)
  }
}
