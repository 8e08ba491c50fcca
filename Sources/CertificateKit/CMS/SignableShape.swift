/// What some bytes would become if a key signed them. For refusing to sign what a stranger hands in.
package enum SignableShape: Sendable, Equatable {
  /// `TBSCertificate` (RFC 5280 §4.1).
  case certificate
  /// `CertificationRequestInfo` (RFC 2986 §4.1).
  case request
  /// `TBSCertList` (RFC 5280 §5.1).
  case revocationList
  /// `SignedAttributes` (RFC 5652 §5.3), as they are signed.
  case signedAttributes

  /// `nil` for anything else. What stands behind such a structure does not hide it: some verifiers pass over it.
  package init?(_ bytes: [UInt8]) {
    var outer = DERReader(bytes[...])
    guard let element = outer.next() else { return nil }
    switch element.tag {
    case 0x31:
      guard Self.isAttributes(element.content) else { return nil }
      self = .signedAttributes
    case 0x30:
      guard let shape = Self.sequence(element.content) else { return nil }
      self = shape
    default: return nil
    }
  }

  /// By the tags of the first elements, which tell these from each other and from anything else in use.
  private static func sequence(_ content: ArraySlice<UInt8>) -> SignableShape? {
    var reader = DERReader(content)
    var tags: [UInt8] = []
    while tags.count < 8, let element = reader.next() { tags.append(element.tag) }
    // version? serial signature issuer validity subject key
    if tags.starts(with: [0xA0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30])
      || tags.starts(with: [0x02, 0x30, 0x30, 0x30, 0x30, 0x30])
    {
      return .certificate
    }
    // version subject key attributes
    if tags.starts(with: [0x02, 0x30, 0x30, 0xA0]) || tags == [0x02, 0x30, 0x30] { return .request }
    // version? signature issuer thisUpdate
    let list = tags.first == 0x02 ? Array(tags.dropFirst()) : tags
    if list.starts(with: [0x30, 0x30, 0x17]) || list.starts(with: [0x30, 0x30, 0x18]) { return .revocationList }
    return nil
  }

  /// SET OF SEQUENCE { OBJECT IDENTIFIER, SET }.
  private static func isAttributes(_ content: ArraySlice<UInt8>) -> Bool {
    var reader = DERReader(content)
    var attribute = DERReader(reader.next(tag: 0x30) ?? [])
    return attribute.next(tag: 0x06) != nil && attribute.next(tag: 0x31) != nil
  }
}
