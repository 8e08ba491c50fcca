internal import Base

/// The public key of a certificate beside what a key tells of its private one.
extension Certificate {
  /// SHA-256 of the content of subjectPublicKey as `AB:CD:…`; `nil` when there is none.
  var publicKeyDigest: String? {
    let bits = Array(Self.keyBits(der))
    guard !bits.isEmpty, let digest = try? DigestAlgorithm.sha256.digest(of: bits) else { return nil }
    return hexText(digest, separator: ":")
  }

  /// Whether what a key told of itself is the key of this certificate, in whatever form it was told: the numbers that make
  /// a public key stand in every form of it, in one order of bytes or the other.
  ///
  /// - Parameter told: a structure of GM/T 0016 or 0017, a list of TLVs, a modulus, a point.
  /// - Returns: `nil` when it can hold no such key: too short, nothing but zeros, or the certificate's own cannot be read.
  package func holdsKey(_ told: [UInt8]) -> Bool? {
    let parts = keyParts
    let size = parts.reduce(0) { $0 + $1.count }
    guard size >= 16, told.count >= size, told.contains(where: { $0 != 0 }) else { return nil }
    return parts.allSatisfy { told.contains(run: $0) || told.contains(run: $0.reversed()) }
  }

  /// The modulus; the two coordinates of the point, or the first alone where it is compressed; the bytes of a key of
  /// another kind. Without zeros in front.
  private var keyParts: [[UInt8]] {
    let key = Self.keyBits(der)
    let parts: [ArraySlice<UInt8>]
    switch publicKey {
    case .rsa:
      // RFC 8017 A.1.1
      var outer = DERReader(key)
      var sequence = DERReader(outer.next(tag: 0x30) ?? [])
      parts = [sequence.next(tag: 0x02) ?? []]
    case .sm2, .ec:
      // SEC 1 §2.3.3
      let numbers = key.dropFirst()
      parts = key.first == 0x04 ? [numbers.prefix(numbers.count / 2), numbers.suffix(numbers.count / 2)] : [numbers]
    case .other: parts = [key]
    }
    return parts.map { Array($0.drop { $0 == 0 }) }
  }

  /// The content of subjectPublicKey (RFC 5280 §4.1); empty when it is not found.
  private static func keyBits(_ der: [UInt8]) -> ArraySlice<UInt8> {
    var fields = fieldsFromSubject(der)
    _ = fields.next(tag: 0x30)
    var info = DERReader(fields.next(tag: 0x30) ?? [])
    _ = info.next(tag: 0x30)
    return info.next(tag: 0x03)?.dropFirst() ?? []
  }

  /// The whole SubjectPublicKeyInfo; `nil` when it is not found.
  static func keyInfo(_ der: [UInt8]) -> [UInt8]? {
    var fields = fieldsFromSubject(der)
    _ = fields.next(tag: 0x30)
    return fields.next(tag: 0x30).map { DERWriter.element(0x30, Array($0)) }
  }

  /// The whole `Name` of the subject; `nil` when it is not found.
  static func subjectName(_ der: [UInt8]) -> [UInt8]? {
    var fields = fieldsFromSubject(der)
    return fields.next(tag: 0x30).map { DERWriter.element(0x30, Array($0)) }
  }

  static func fieldsFromSubject(_ der: [UInt8]) -> DERReader {
    var outer = DERReader(der[...])
    var certificate = DERReader(outer.next(tag: 0x30) ?? [])
    var fields = DERReader(certificate.next(tag: 0x30) ?? [])
    // Version, where it is there, and serial; algorithm, issuer, validity.
    if fields.next()?.tag == 0xA0 { _ = fields.next() }
    for _ in 0..<3 { _ = fields.next(tag: 0x30) }
    return fields
  }
}

extension [UInt8] {
  /// Whether these bytes stand in it one after another.
  fileprivate func contains(run: [UInt8]) -> Bool {
    guard let first = run.first, count >= run.count else { return false }
    return indices.dropLast(run.count - 1).contains {
      self[$0] == first && self[$0..<$0 + run.count].elementsEqual(run)
    }
  }
}
