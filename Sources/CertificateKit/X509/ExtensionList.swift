import COpenSSL

/// The extensions of one certificate: dotted OID, criticality and the content of `extnValue`.
struct ExtensionList {
  struct Item {
    var oid: String
    var value: [UInt8]
  }

  /// A real certificate has fewer than twenty.
  static let limit = 256

  private(set) var items: [Item] = []

  init(_ x509: OpaquePointer) {
    for index in 0..<min(Int(X509_get_ext_count(x509)), Self.limit) {
      guard let entry = X509_get_ext(x509, Int32(index)) else { continue }
      items.append(
        Item(
          oid: dottedOID(X509_EXTENSION_get_object(entry)), value: contentBytes(X509_EXTENSION_get_data(entry))))
    }
  }

  func values(_ oid: String) -> [[UInt8]] { items.filter { $0.oid == oid }.map(\.value) }

  /// RFC 5280 §4.2.1.3; `nil` when absent or not a BIT STRING.
  var keyUsage: KeyUsage? {
    guard let value = values("2.5.29.15").first else { return nil }
    var reader = DERReader(value[...])
    guard let content = reader.next(tag: 0x03), content.count >= 2 else { return nil }
    // Bit 0 of the extension is the highest bit of the first octet behind the count of unused bits.
    var usage = KeyUsage()
    for (position, octet) in content.dropFirst().prefix(2).enumerated() {
      for bit in 0..<8 where octet & (0x80 >> UInt8(bit)) != 0 && position * 8 + bit < 9 {
        usage.formUnion(KeyUsage(rawValue: 1 << UInt16(position * 8 + bit)))
      }
    }
    return usage
  }

  /// RFC 5280 §4.2.1.9 and §4.2.1.3: says that it is a CA's, and its key usage, where there is one, lets it sign
  /// certificates (`openssl req -x509` calls everything a CA). Without basic constraints: signs certificates, and nothing
  /// that a person signs.
  var isAuthority: Bool {
    let usage = keyUsage
    guard let value = values("2.5.29.19").first else {
      guard let usage else { return false }
      return usage.contains(.keyCertSign) && usage.isDisjoint(with: [.digitalSignature, .nonRepudiation])
    }
    var outer = DERReader(value[...])
    var sequence = DERReader(outer.next(tag: 0x30) ?? [])
    let isCA = sequence.next(tag: 0x01).map { $0.contains { $0 != 0 } } ?? false
    return isCA && usage?.contains(.keyCertSign) ?? true
  }

  /// RFC 5280 §4.2.1.12, at most 64.
  var extendedKeyUsage: [String] {
    guard let value = values("2.5.29.37").first else { return [] }
    var outer = DERReader(value[...])
    var sequence = DERReader(outer.next(tag: 0x30) ?? [])
    var purposes: [String] = []
    while purposes.count < 64, let content = sequence.next(tag: 0x06) {
      if let oid = dottedOID(content: content) { purposes.append(oid) }
    }
    return purposes
  }
}
