/// The texts that may stand in a private extension, whatever its maker thought DER was.
///
/// In the field: UTF8String, PrintableString, IA5String, BMPString, OCTET STRING, several context tags around one of
/// them, bare ASCII, and one or two stray bytes in front.
enum ExtensionText {
  private static let depthLimit = 8
  private static let elementLimit = 64

  /// Best first: strings found by walking the DER, then the bytes themselves read as text.
  static func candidates(_ value: [UInt8]) -> [String] {
    var texts: [String] = []
    var budget = elementLimit
    walk(value.prefix(4096), depth: 0, budget: &budget, into: &texts)
    texts.append(raw(value.prefix(4096)))
    return texts
  }

  private static func walk(
    _ bytes: ArraySlice<UInt8>, depth: Int, budget: inout Int, into texts: inout [String]
  ) {
    guard depth < depthLimit else { return }
    var reader = DERReader(bytes)
    while budget > 0, let element = reader.next() {
      budget -= 1
      if element.isConstructed {
        walk(element.content, depth: depth + 1, budget: &budget, into: &texts)
      } else if element.isContextSpecific || element.tag == 0x04 {
        // IMPLICIT hides the string type; an OCTET STRING may hold more DER or the text itself.
        walk(element.content, depth: depth + 1, budget: &budget, into: &texts)
        texts.append(raw(element.content))
      } else if [12, 18, 19, 20, 22, 26, 28, 30].contains(element.tag) {
        texts.append(ASN1Text.decode(element.content, tag: Int(element.tag)))
      }
    }
  }

  private static func raw(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
