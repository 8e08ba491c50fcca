package import Failures

extension SignedData {
  /// Reads `ContentInfo { signedData }`; what stands behind it is refused. Indefinite lengths (BER) are not read.
  ///
  /// - Throws: `UK-203` when it is no such thing, or larger than ``limit``; context names the part.
  package init(der: [UInt8]) throws(Failure) {
    guard der.count <= Self.limit else { throw Self.malformed("\(der.count) bytes") }
    var outer = DERReader(der[...])
    guard let info = outer.next(tag: 0x30), outer.rest.isEmpty else { throw Self.malformed("ContentInfo") }
    var body = DERReader(info)
    guard let type = body.next(tag: 0x06).flatMap(dottedOID(content:)), let dialect = Dialect(signedData: type) else {
      throw Self.malformed("contentType")
    }
    var explicit = DERReader(body.next(tag: 0xA0) ?? [])
    var signedData = DERReader(explicit.next(tag: 0x30) ?? [])
    guard signedData.next(tag: 0x02) != nil, signedData.next(tag: 0x31) != nil,
      let encapsulated = signedData.next(tag: 0x30)
    else { throw Self.malformed("SignedData") }

    self.dialect = dialect
    var inner = DERReader(encapsulated)
    guard let contentType = inner.next(tag: 0x06).flatMap(dottedOID(content:)) else {
      throw Self.malformed("encapContentInfo")
    }
    self.contentType = contentType
    content = nil
    if let wrapper = inner.next() {
      guard wrapper.tag == 0xA0, inner.rest.isEmpty else { throw Self.malformed("eContent") }
      var reader = DERReader(wrapper.content)
      guard let octets = reader.next(tag: 0x04), reader.rest.isEmpty else { throw Self.malformed("eContent") }
      content = Array(octets)
    }

    certificates = []
    signers = []
    var next = signedData.next()
    if let element = next, element.tag == 0xA0 {
      certificates = try Self.certificates(element.content)
      next = signedData.next()
    }
    // CRLs are not used: the verifier has its own.
    if let element = next, element.tag == 0xA1 { next = signedData.next() }
    guard let set = next, set.tag == 0x31, signedData.rest.isEmpty else { throw Self.malformed("signerInfos") }
    var reader = DERReader(set.content)
    while !reader.rest.isEmpty {
      guard signers.count < Self.signerLimit, let info = reader.next(tag: 0x30) else {
        throw Self.malformed("signerInfos")
      }
      signers.append(try Signer(info))
    }
  }

  private static func certificates(_ content: ArraySlice<UInt8>) throws(Failure) -> [[UInt8]] {
    var certificates: [[UInt8]] = []
    var reader = DERReader(content)
    while !reader.rest.isEmpty {
      let before = reader.rest
      guard certificates.count < certificateLimit, let element = reader.next() else { throw malformed("certificates") }
      // Other choices (attribute certificates) are passed over.
      if element.tag == 0x30 { certificates.append(Array(before[..<reader.rest.startIndex])) }
    }
    return certificates
  }

  static func malformed(_ part: String) -> Failure { Failure(.answerMalformed, function: "SignedData", context: part) }
}

extension SignedData.Signer {
  /// - Parameter content: of one `SignerInfo` with `issuerAndSerialNumber`.
  fileprivate init(_ content: ArraySlice<UInt8>) throws(Failure) {
    let failure = SignedData.malformed("SignerInfo")
    (signatureAlgorithm, signature) = ("", [])
    var reader = DERReader(content)
    guard reader.next(tag: 0x02) != nil, let identifier = reader.next(tag: 0x30) else { throw failure }
    var parts = DERReader(identifier)
    let start = parts.rest.startIndex
    guard parts.next(tag: 0x30) != nil else { throw failure }
    issuer = Array(identifier[start..<parts.rest.startIndex])
    guard let serial = parts.next(tag: 0x02), parts.rest.isEmpty else { throw failure }
    self.serial = Array(serial)
    guard let digest = Self.algorithm(&reader), var element = reader.next() else { throw failure }
    digestAlgorithm = digest
    signedAttributes = nil
    messageDigest = nil
    signedContentType = nil
    if element.tag == 0xA0 {
      signedAttributes = DERWriter.element(0x31, Array(element.content))
      try readAttributes(element.content)
      guard let following = reader.next() else { throw failure }
      element = following
    }
    var algorithm = DERReader(element.content)
    guard element.tag == 0x30, let oid = algorithm.next(tag: 0x06).flatMap(dottedOID(content:)),
      let signature = reader.next(tag: 0x04)
    else { throw failure }
    signatureAlgorithm = oid
    self.signature = Array(signature)
    // Unsigned attributes (time stamps) say nothing that is asked here.
    if !reader.rest.isEmpty {
      guard reader.next(tag: 0xA1) != nil, reader.rest.isEmpty else { throw failure }
    }
  }

  private static func algorithm(_ reader: inout DERReader) -> String? {
    var algorithm = DERReader(reader.next(tag: 0x30) ?? [])
    return algorithm.next(tag: 0x06).flatMap(dottedOID(content:))
  }

  /// Each attribute once, with one value (RFC 5652 §11).
  private mutating func readAttributes(_ content: ArraySlice<UInt8>) throws(Failure) {
    let failure = SignedData.malformed("signedAttrs")
    var reader = DERReader(content)
    while !reader.rest.isEmpty {
      var attribute = DERReader(reader.next(tag: 0x30) ?? [])
      guard let oid = attribute.next(tag: 0x06).flatMap(dottedOID(content:)), let values = attribute.next(tag: 0x31)
      else { throw failure }
      var value = DERReader(values)
      switch oid {
      case AttributeOID.messageDigest:
        guard messageDigest == nil, let digest = value.next(tag: 0x04), value.rest.isEmpty else { throw failure }
        messageDigest = Array(digest)
      case AttributeOID.contentType:
        guard signedContentType == nil, let type = value.next(tag: 0x06).flatMap(dottedOID(content:)),
          value.rest.isEmpty
        else { throw failure }
        signedContentType = type
      default: break
      }
    }
  }
}
