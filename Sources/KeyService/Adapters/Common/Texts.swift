internal import CertificateKit
internal import StrictJSON

/// Small forms that these protocols share.
enum Texts {
  /// Base64 of bytes; white space and missing padding are forgiven, as these clients make both.
  static func base64(_ text: String?) throws(Refusal) -> [UInt8] {
    guard let text, let bytes = Base64.decode(text.utf8) else { throw .malformed }
    return bytes
  }

  /// A decimal number that pages write with or without quotes.
  static func number(_ value: JSONValue?) throws(Refusal) -> Int {
    if let number = value?.intValue { return number }
    return try number(value?.stringValue)
  }

  static func number(_ text: String?) throws(Refusal) -> Int {
    guard let text, text.utf8.count <= 10, let number = Int(text) else { throw .malformed }
    return number
  }

  static func required(_ text: String?) throws(Refusal) -> String {
    guard let text, !text.isEmpty else { throw .malformed }
    return text
  }

  /// A dotted object identifier, as far as it may be one.
  static func oid(_ text: String?) throws(Refusal) -> CertificateItem {
    let text = try required(text)
    guard text.utf8.count <= 128, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
      throw .malformed
    }
    return .oid(text)
  }

  static func item(_ number: Int) throws(Refusal) -> CertificateItem {
    guard let item = GMItems.item(number) else { throw .notSupported }
    return item
  }

  /// An outcome as one text: bytes and certificates in base64; empty when there is nothing to say.
  static func plain(_ outcome: Outcome) -> String {
    switch outcome {
    case .flag(let value): value ? "true" : "false"
    case .number(let value): String(value)
    case .text(let text): text
    case .bytes(let bytes): Base64.encode(bytes)
    case .certificate(let found): Base64.encode(found.certificate.der)
    case .parsed(let certificate): Base64.encode(certificate.der)
    case .token, .keys, .certificates, .last, .refused: ""
    }
  }

  /// JSON that may also stand in a script (some pages `eval` it): ASCII only, without `<`.
  static func ascii(_ value: JSONValue) -> [UInt8] {
    var out: [UInt8] = []
    for scalar in value.line.unicodeScalars {
      if scalar.value < 0x7F, scalar != "<" {
        out.append(UInt8(scalar.value))
      } else {
        for unit in String(scalar).utf16 {
          let hex = String(unit, radix: 16)
          out += ("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex).utf8
        }
      }
    }
    return out
  }
}
