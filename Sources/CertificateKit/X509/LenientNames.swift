/// A copy of a certificate whose names OpenSSL will take.
///
/// OpenSSL converts every name to UTF-8 while parsing and refuses the whole certificate when one value breaks its
/// type (GBK under UTF8String, a BMPString of odd length or with surrogate pairs) or is of a type not foreseen. In the copy such values are tagged
/// T61String, which takes any bytes; the tags they came with are kept here to decode by. For showing only: the
/// signature no longer covers the copy.
struct LenientNames {
  private(set) var der: [UInt8]
  /// Tag numbers of the changed values, by position in the name.
  private(set) var issuerTags: [Int: UInt8] = [:]
  private(set) var subjectTags: [Int: UInt8] = [:]

  private static let t61String: UInt8 = 0x14

  /// `nil` when nothing needs changing or the way to the names is not there.
  init?(_ original: [UInt8]) {
    der = original
    var outer = DERReader(original[...])
    var certificate = DERReader(outer.next(tag: 0x30) ?? [])
    var body = DERReader(certificate.next(tag: 0x30) ?? [])
    // version [0] is optional; then serialNumber, signature, issuer, validity, subject
    guard let first = body.next(), first.tag == 0x02 || body.next(tag: 0x02) != nil, body.next(tag: 0x30) != nil,
      let issuer = body.next(tag: 0x30), body.next(tag: 0x30) != nil, let subject = body.next(tag: 0x30)
    else { return nil }
    issuerTags = retag(issuer)
    subjectTags = retag(subject)
    if issuerTags.isEmpty && subjectTags.isEmpty { return nil }
  }

  private mutating func retag(_ name: ArraySlice<UInt8>) -> [Int: UInt8] {
    var tags: [Int: UInt8] = [:]
    var position = 0
    var sets = DERReader(name)
    while let set = sets.next(tag: 0x31) {
      var attributes = DERReader(set)
      while let attribute = attributes.next(tag: 0x30) {
        var parts = DERReader(attribute)
        guard parts.next(tag: 0x06) != nil else { return tags }
        // A slice keeps the indices of the whole, so this is where the tag of the value stands.
        let place = parts.rest.startIndex
        if let value = parts.next(), Self.mayBeRefused(value) {
          tags[position] = value.tag
          der[place] = Self.t61String
        }
        position += 1
      }
    }
    return tags
  }

  private static func mayBeRefused(_ value: DERReader.Element) -> Bool {
    switch value.tag {
    case 0x0C: String(validating: value.content, as: UTF8.self) == nil
    case 0x03, 0x12, 0x13, 0x14, 0x16: false
    // BMPString and UniversalString, and every type X.520 does not allow (VisibleString, OCTET STRING, …).
    default: value.tag < 0x1F
    }
  }
}
