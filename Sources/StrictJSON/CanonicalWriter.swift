import Base

/// Writes an object in canonical form straight into bytes, for documents of which many are written: no value is built
/// first. The caller names the members in their order (``JSONValue/canonical``); a key needs no escape.
package struct CanonicalWriter {
  package private(set) var bytes: [UInt8] = []
  private var isFirst = true

  package init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Forgets what was written, keeping the room for it.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    isFirst = true
  }

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

  package mutating func key(_ key: StaticString) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  package mutating func member(_ key: StaticString, _ value: String) {
    self.key(key)
    JSONValue.writeCanonicalString(value, to: &bytes)
  }

  package mutating func member(_ key: StaticString, _ value: Int64) {
    self.key(key)
    bytes += String(value).utf8
  }

  /// Bytes as lower-case hexadecimal.
  package mutating func member(_ key: StaticString, hex value: [UInt8]) {
    self.key(key)
    bytes.append(UInt8(ascii: "\""))
    for byte in value {
      bytes.append(lowerHexDigit(byte >> 4))
      bytes.append(lowerHexDigit(byte))
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
