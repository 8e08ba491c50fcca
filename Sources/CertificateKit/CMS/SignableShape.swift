/// What some bytes would become if a key signed them. For refusing to sign what a stranger hands in.
package enum SignableShape: Sendable, Equatable {
  /// `TBSCertificate` (RFC 5280 §4.1).
  case certificate
  /// `CertificationRequestInfo` (RFC 2986 §4.1), `CertRequest` (RFC 4211 §5).
  case request
  /// `TBSCertList` (RFC 5280 §5.1).
  case revocationList
  /// `ResponseData` of OCSP (RFC 6960 §4.2.1).
  case statusAnswer
  /// `SignedAttributes` (RFC 5652 §5.3), as they are signed.
  case signedAttributes

  /// `nil` for anything else. What stands behind such a structure does not hide it: some verifiers pass over it. Nor does a way of
  /// writing it that DER forbids: some verifiers read that too, and check the signature over it as it stands.
  package init?(_ bytes: [UInt8]) {
    var outer = BERReader(bytes[...])
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
    var reader = BERReader(content)
    var elements: [DERReader.Element] = []
    while elements.count < 8, let element = reader.next() { elements.append(element) }
    let tags = elements.map(\.tag)
    // version? serial signature issuer validity subject key
    if tags.starts(with: [0xA0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30])
      || tags.starts(with: [0x02, 0x30, 0x30, 0x30, 0x30, 0x30])
    {
      return .certificate
    }
    // version subject key attributes
    if tags.starts(with: [0x02, 0x30, 0x30, 0xA0]) || tags == [0x02, 0x30, 0x30] { return .request }
    // number template: all of its fields are optional and tagged
    if tags == [0x02, 0x30], elements[1].content.first.map({ $0 & 0xC0 == 0x80 }) ?? true { return .request }
    // version? responder producedAt responses
    let answer = tags.first == 0xA0 ? Array(tags.dropFirst()) : tags
    if [0xA1, 0xA2].contains(answer.first), answer.dropFirst().starts(with: [0x18, 0x30]) { return .statusAnswer }
    // version? signature issuer thisUpdate
    let list = tags.first == 0x02 ? Array(tags.dropFirst()) : tags
    if list.starts(with: [0x30, 0x30, 0x17]) || list.starts(with: [0x30, 0x30, 0x18]) { return .revocationList }
    return nil
  }

  /// SET OF SEQUENCE { OBJECT IDENTIFIER, SET }.
  private static func isAttributes(_ content: ArraySlice<UInt8>) -> Bool {
    var reader = BERReader(content)
    guard let first = reader.next(), first.tag == 0x30 else { return false }
    var attribute = BERReader(first.content)
    return attribute.next()?.tag == 0x06 && attribute.next()?.tag == 0x31
  }
}
