/// Makes DER, also of the kinds no tool would make. Knows nothing of the code under test.
enum DER {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    let length: [UInt8] =
      switch count {
      case 0..<128: [UInt8(count)]
      case 128..<256: [0x81, UInt8(count)]
      case 256..<65_536: [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
      default: [0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
      }
    return [tag] + length + content
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }

  static func oid(_ dotted: String) -> [UInt8] {
    let arcs = dotted.split(separator: ".").compactMap { UInt64($0) }
    var content: [UInt8] = []
    for (index, arc) in arcs.dropFirst().enumerated() {
      var value = index == 0 ? arcs[0] * 40 + arc : arc
      var group = [UInt8(value & 0x7F)]
      value >>= 7
      while value > 0 {
        group.insert(UInt8(value & 0x7F) | 0x80, at: 0)
        value >>= 7
      }
      content += group
    }
    return element(0x06, content)
  }

  static func utf8(_ text: String) -> [UInt8] { element(0x0C, Array(text.utf8)) }
  static func printable(_ text: String) -> [UInt8] { element(0x13, Array(text.utf8)) }
  static func bmp(_ text: String) -> [UInt8] {
    element(0x1E, text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
  }
}

/// A certificate with a signature that is none.
struct CertificateBuilder {
  /// OID and the whole element of the value.
  var subject: [(oid: String, value: [UInt8])] = [("2.5.4.3", DER.utf8("示例"))]
  var serial: [UInt8] = [0x35, 0xA1, 0x09]
  var notBefore = DER.element(0x17, Array("260101000000Z".utf8))
  var notAfter = DER.element(0x17, Array("270101155959Z".utf8))
  /// OID and the content of `extnValue`.
  var extensions: [(oid: String, value: [UInt8])] = []
  var signatureAlgorithm = "1.2.840.10045.4.3.2"
  /// Algorithm OID, and its parameters as an element.
  var keyAlgorithm = DER.oid("1.2.840.10045.2.1") + DER.oid("1.2.840.10045.3.1.7")
  var key: [UInt8] = [0x04] + [UInt8](repeating: 0x11, count: 64)

  var der: [UInt8] {
    let algorithm = DER.sequence(DER.oid(signatureAlgorithm))
    let names = subject.flatMap { DER.element(0x31, DER.sequence(DER.oid($0.oid), $0.value)) }
    let extensions = self.extensions.flatMap { DER.sequence(DER.oid($0.oid), DER.element(0x04, $0.value)) }
    let body = DER.sequence(
      DER.element(0xA0, DER.element(0x02, [2])), DER.element(0x02, serial), algorithm,
      DER.sequence(DER.element(0x31, DER.sequence(DER.oid("2.5.4.3"), DER.utf8("示例 SM2 CA")))),
      DER.sequence(notBefore, notAfter), DER.element(0x30, names),
      DER.sequence(DER.element(0x30, keyAlgorithm), DER.element(0x03, [0] + key)),
      extensions.isEmpty ? [] : DER.element(0xA3, DER.element(0x30, extensions)))
    return DER.sequence(body, algorithm, DER.element(0x03, [0] + [UInt8](repeating: 0x5A, count: 64)))
  }
}
