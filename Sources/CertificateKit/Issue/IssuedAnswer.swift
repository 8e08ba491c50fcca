package import Failures

/// What an authority sends for a request, in whatever form: certificates, and for SM2 the encryption pair's private key.
/// Nothing of it is checked against anything here.
package struct IssuedAnswer: Sendable, Equatable {
  /// DER, each once, in the order found; of which some may be authorities'.
  package var certificates: [[UInt8]] = []
  package var envelope: EnvelopedKey?

  package init() {}

  /// Most bytes of a file, and certificates in all files.
  package static let limit = 256 * 1024
  private static let certificateLimit = 16

  /// Reads one file and adds what is in it: CSRResponse of GM/T 0092, a certificate, PKCS#7 or GM/T 0010 with certificates
  /// (DER or PEM), SM2EnvelopedKey, ENVELOPEDKEYBLOB of GM/T 0016; the last two also as text.
  ///
  /// - Throws: `UK-530` when it is none of these, or a second, different encryption pair.
  package mutating func add(_ bytes: [UInt8]) throws(Failure) {
    guard !bytes.isEmpty, bytes.count <= Self.limit else { throw Self.unreadable("\(bytes.count)") }
    if bytes.first == 0x30 || bytes.starts(with: [0x01, 0x00, 0x00, 0x00]) { return try add(binary: bytes) }
    let blocks = PEM.certificates(in: bytes)
    let others = ["PKCS7", "CMS", "SM2 ENVELOPED KEY", "CSR RESPONSE"].compactMap { PEM.block($0, in: bytes) }
    if !blocks.isEmpty || !others.isEmpty {
      for block in blocks {
        guard let block else { throw Self.unreadable("PEM") }
        try add(certificate: block)
      }
      for block in others { try add(binary: block) }
      return
    }
    guard let decoded = Base64.decode(bytes), !decoded.isEmpty else { throw Self.unreadable("text") }
    try add(binary: decoded)
  }

  private mutating func add(binary bytes: [UInt8]) throws(Failure) {
    if bytes.starts(with: [0x01, 0x00, 0x00, 0x00]) { return try add(EnvelopedKey(skf: bytes)) }
    var outer = DERReader(bytes[...])
    guard let content = outer.next(tag: 0x30), outer.rest.isEmpty else { throw Self.unreadable("DER") }
    var parts = DERReader(content)
    guard let first = parts.next() else { throw Self.unreadable("DER") }
    switch first.tag {
    case 0x31: try add(response: content)
    case 0x06:
      let signed = try Self.reading { () throws(Failure) in try SignedData(der: bytes) }
      guard !signed.certificates.isEmpty else { throw Self.unreadable("PKCS#7") }
      for certificate in signed.certificates { try add(certificate: certificate) }
    case 0x30:
      // A certificate goes on inside with its version or its serial number, an envelope with the name of its cipher.
      if first.content.first == 0x06 { return try add(EnvelopedKey(content: content)) }
      try add(certificate: bytes)
    default: throw Self.unreadable("DER")
    }
  }

  /// CSRResponse ::= SEQUENCE { signCertificate SET OF Certificate, encryptedPrivateKey [0] SM2EnvelopedKey OPTIONAL,
  /// encryptCertificate [1] SET OF Certificate OPTIONAL } (GM/T 0092-2020). Whether the tags are explicit is not told
  /// alike everywhere: each is taken either way.
  private mutating func add(response content: ArraySlice<UInt8>) throws(Failure) {
    var parts = DERReader(content)
    try add(set: parts.next(tag: 0x31) ?? [])
    var last: UInt8 = 0
    while let part = parts.next() {
      guard part.tag > last else { throw Self.unreadable("CSRResponse") }
      last = part.tag
      var inner = DERReader(part.content)
      switch part.tag {
      case 0xA0:
        if let whole = inner.next(), whole.tag == 0x30, inner.rest.isEmpty {
          try add(EnvelopedKey(content: whole.content))
        } else {
          try add(EnvelopedKey(content: part.content))
        }
      case 0xA1:
        if let whole = inner.next(), whole.tag == 0x31, inner.rest.isEmpty {
          try add(set: whole.content)
        } else {
          try add(set: part.content)
        }
      default: throw Self.unreadable("CSRResponse")
      }
    }
    guard parts.rest.isEmpty else { throw Self.unreadable("CSRResponse") }
  }

  private mutating func add(set content: ArraySlice<UInt8>) throws(Failure) {
    var elements = DERReader(content)
    while !elements.rest.isEmpty {
      guard let element = elements.next(tag: 0x30) else { throw Self.unreadable("CertificateSet") }
      try add(certificate: DERWriter.element(0x30, Array(element)))
    }
  }

  private mutating func add(certificate der: [UInt8]) throws(Failure) {
    let certificate = try Self.reading { () throws(Failure) in try Certificate(der: der) }
    guard !certificates.contains(certificate.der) else { return }
    guard certificates.count < Self.certificateLimit else { throw Self.unreadable("\(Self.certificateLimit)") }
    certificates.append(certificate.der)
  }

  private mutating func add(_ key: EnvelopedKey) throws(Failure) {
    guard envelope == nil || envelope == key else { throw Self.unreadable("SM2EnvelopedKey × 2") }
    envelope = key
  }

  private static func unreadable(_ context: String) -> Failure {
    Failure(.answerUnreadable, function: "CSRResponse", context: context)
  }

  private static func reading<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do throws(Failure) { return try body() } catch { throw Failure(.answerUnreadable, causes: [error]) }
  }

  /// CSRResponse with `[0]` explicit and `[1]` implicit, as the public implementation writes it.
  ///
  /// - Parameters:
  ///   - signature: the signature certificate, DER, and those of authorities behind it.
  ///   - encryption: the encryption certificate with its enveloped key.
  package static func response(signature: [[UInt8]], encryption: (certificate: [UInt8], key: EnvelopedKey)?) -> [UInt8]
  {
    var parts = DERWriter.sortedSet(signature)
    if let encryption {
      parts += DERWriter.context(0, encryption.key.der)
      parts += DERWriter.context(1, encryption.certificate)
    }
    return DERWriter.element(0x30, parts)
  }
}
