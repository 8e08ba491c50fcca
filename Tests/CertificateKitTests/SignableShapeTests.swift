import CertificateKit
import Testing

/// Forms in which a verifier takes bytes for more than they look like.
@Suite struct SignableShapeTests {
  enum Form: CaseIterable {
    case plain
    /// Eight bytes of length, most of them zero.
    case long
    /// Without a length.
    case open
  }

  private func element(_ tag: UInt8, _ content: [UInt8], _ form: Form = .plain) -> [UInt8] {
    switch form {
    case .plain:
      content.count < 128
        ? [tag, UInt8(content.count)] + content
        : [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    case .long: [tag, 0x88, 0, 0, 0, 0, 0, 0, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    case .open: [tag, 0x80] + content + [0, 0]
    }
  }

  @Test(arguments: Form.allCases) func aFormThatDERForbidsHidesNothing(_ form: Form) {
    let (number, key) = (element(0x02, [1]), element(0x30, element(0x06, [0x2A, 3])))
    // A name whose own length is written so too.
    let name = element(0x30, element(0x31, element(0x30, element(0x06, [0x55, 4, 3]))), form)
    let time = element(0x18, Array("20260101000000Z".utf8))
    let cases: [(SignableShape, UInt8, [UInt8])] = [
      (.certificate, 0x30, number + key + name + key + name + key),
      (.request, 0x30, element(0x02, [0]) + name + key + element(0xA0, [])),
      (.request, 0x30, number + element(0x30, element(0xA5, name, form), form)),
      (.revocationList, 0x30, key + name + element(0x17, Array("260101000000Z".utf8))),
      (.statusAnswer, 0x30, element(0xA2, element(0x04, [7])) + time + element(0x30, [])),
      (.statusAnswer, 0x30, element(0xA0, number) + element(0xA1, name) + time + element(0x30, [])),
      (.signedAttributes, 0x31, element(0x30, element(0x06, [0x2A, 3]) + element(0x31, element(0x04, [1])), form)),
    ]
    for (shape, tag, content) in cases {
      #expect(SignableShape(element(tag, content, form)) == shape, "\(shape)")
      #expect(SignableShape(element(tag, content, form) + [0, 0]) == shape)
    }
  }

  @Test func otherThingsAreNone() {
    // Text, a number, a seal (GB/T 38540), lengths without end, contents without end, nested without end.
    let none: [[UInt8]] = [
      [], Array("0123456789".utf8), [0x30], [0x30, 0x80], [0x30, 0xFF] + [UInt8](repeating: 0, count: 200),
      [0x30, 5, 1],
      element(0x30, element(0x02, [4]) + element(0x30, element(0x02, [1])) + element(0x18, Array("2026".utf8))),
      [UInt8](repeating: 0x30, count: 60) + [UInt8](repeating: 0x80, count: 60),
      (0..<5000).flatMap { _ in [UInt8](arrayLiteral: 0x30, 0x80) },
    ]
    for bytes in none { #expect(SignableShape(bytes) == nil) }
  }
}
