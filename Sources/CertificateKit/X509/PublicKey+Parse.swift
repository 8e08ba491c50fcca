import COpenSSL

extension PublicKey {
  /// Reads the SubjectPublicKeyInfo itself, so that a key OpenSSL cannot load still has its kind.
  init(_ x509: OpaquePointer) {
    var outer = DERReader(Self.subjectPublicKeyInfo(x509)[...])
    self.init(info: outer.next(tag: 0x30) ?? [])
  }

  /// - Parameter info: the content of a SubjectPublicKeyInfo.
  init(info content: ArraySlice<UInt8>) {
    var info = DERReader(content)
    var algorithm = DERReader(info.next(tag: 0x30) ?? [])
    let oid = algorithm.next(tag: 0x06).flatMap { dottedOID(content: $0) } ?? ""
    let key = info.next(tag: 0x03)?.dropFirst() ?? []
    switch oid {
    case "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10":
      self = .rsa(bits: Self.modulusBits(key))
    // Some products name the curve, or SM2 for signing or exchange, as the algorithm.
    case "1.2.156.10197.1.301", "1.2.156.10197.1.301.1", "1.2.156.10197.1.301.3":
      self = .sm2
    case "1.2.840.10045.2.1":
      self = Self.curve(algorithm.next(tag: 0x06), pointLength: key.count)
    default:
      self = .other(oid: oid)
    }
  }

  private static func subjectPublicKeyInfo(_ x509: OpaquePointer) -> [UInt8] {
    guard let info = X509_get_X509_PUBKEY(x509) else { return [] }
    let length = i2d_X509_PUBKEY(info, nil)
    guard length > 0 else { return [] }
    var der = [UInt8](repeating: 0, count: Int(length))
    der.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      _ = i2d_X509_PUBKEY(info, &cursor)
    }
    return der
  }

  /// RFC 8017 A.1.1: SEQUENCE { modulus, publicExponent }
  private static func modulusBits(_ key: ArraySlice<UInt8>) -> Int {
    var outer = DERReader(key)
    var sequence = DERReader(outer.next(tag: 0x30) ?? [])
    let modulus = (sequence.next(tag: 0x02) ?? []).drop { $0 == 0 }
    return modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
  }

  private static func curve(_ content: ArraySlice<UInt8>?, pointLength: Int) -> PublicKey {
    // An uncompressed point is 04 ‖ x ‖ y.
    let roughBits = max(0, (pointLength - 1) / 2 * 8)
    guard let content, let oid = dottedOID(content: content) else { return .ec(curve: "explicit", bits: roughBits) }
    if oid == "1.2.156.10197.1.301" { return .sm2 }
    let nid = OBJ_txt2nid(oid)
    guard nid != 0, let name = OBJ_nid2sn(nid) else { return .ec(curve: oid, bits: roughBits) }
    guard let group = EC_GROUP_new_by_curve_name(nid) else {
      return .ec(curve: String(cString: name), bits: roughBits)
    }
    defer { EC_GROUP_free(group) }
    return .ec(curve: String(cString: name), bits: Int(EC_GROUP_get_degree(group)))
  }
}
