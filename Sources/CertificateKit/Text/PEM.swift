/// Textual encoding of certificates (RFC 7468).
package enum PEM {
  /// One block, 64 characters a line, a newline behind it.
  package static func encode(_ der: [UInt8], label: String = "CERTIFICATE") -> String {
    var text = "-----BEGIN \(label)-----\n"
    var rest = Base64.encode(der)[...]
    while !rest.isEmpty {
      text += rest.prefix(64) + "\n"
      rest = rest.dropFirst(64)
    }
    return text + "-----END \(label)-----\n"
  }

  /// The contents of every certificate block; `nil` in place of one that is not base64 or does not end.
  ///
  /// Text around the blocks and blocks of other kinds are skipped. `TRUSTED CERTIFICATE` is OpenSSL's own kind, with
  /// its additions behind the DER.
  package static func certificates(in text: [UInt8]) -> [[UInt8]?] {
    let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]
    var blocks: [[UInt8]?] = []
    var body: [UInt8]?
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let trimmed = trim(line)
      if trimmed.starts(with: "-----BEGIN ".utf8) {
        if body != nil { blocks.append(nil) }
        body = labels.contains { trimmed.elementsEqual("-----BEGIN \($0)-----".utf8) } ? [] : nil
      } else if trimmed.starts(with: "-----END ".utf8) {
        if let body { blocks.append(Base64.decode(body)) }
        body = nil
      } else if body != nil {
        body? += trimmed
      }
    }
    if body != nil { blocks.append(nil) }
    return blocks
  }

  private static func trim(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = line.last, last == 0x20 || last == 0x09 { line = line.dropLast() }
    // A byte-order mark before the first line.
    return line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
  }
}

extension Certificate {
  /// `-----BEGIN CERTIFICATE-----` …
  package var pem: String { PEM.encode(der) }
}

extension PEM {
  /// The contents of the first block with this label; `nil` when there is none that is whole.
  package static func block(_ label: String, in text: [UInt8]) -> [UInt8]? {
    var body: [UInt8]?
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      if line.elementsEqual("-----BEGIN \(label)-----".utf8) {
        body = []
      } else if line.starts(with: "-----END ".utf8) {
        if let body { return Base64.decode(body) }
      } else if body != nil {
        body? += line
      }
    }
    return nil
  }
}
