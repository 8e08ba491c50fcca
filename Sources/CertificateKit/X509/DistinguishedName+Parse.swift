import COpenSSL

extension DistinguishedName {
  /// Attributes kept of one name; a real one has fewer than ten.
  package static let attributeLimit = 64

  /// - Parameter tags: tag numbers to decode by instead of OpenSSL's, by position (``LenientNames``).
  init(_ name: OpaquePointer?, tags: [Int: UInt8] = [:]) {
    let count = Int(name.map { X509_NAME_entry_count($0) } ?? 0)
    var attributes: [Attribute] = []
    for index in 0..<min(max(0, count), Self.attributeLimit) {
      guard let entry = X509_NAME_get_entry(name, Int32(index)) else { continue }
      let object = X509_NAME_ENTRY_get_object(entry)
      let value = X509_NAME_ENTRY_get_data(entry)
      let tag = tags[index].map { Int($0) } ?? Int(value.map { ASN1_STRING_type($0) } ?? 0)
      let nid = object.map { OBJ_obj2nid($0) } ?? 0
      attributes.append(
        Attribute(
          oid: dottedOID(object),
          shortName: nid == 0 ? nil : OBJ_nid2sn(nid).map { String(cString: $0) },
          value: ASN1Text.decode(contentBytes(value)[...], tag: tag)))
    }
    self.init(attributes: attributes, omittedCount: max(0, count - attributes.count))
  }
  /// - Parameter der: a `Name`. What OpenSSL does not read has no attributes.
  init(der: [UInt8]) {
    let name = der.withUnsafeBufferPointer { bytes in
      var cursor = bytes.baseAddress
      return d2i_X509_NAME(nil, &cursor, bytes.count)
    }
    defer {
      X509_NAME_free(name)
      ERR_clear_error()
    }
    self.init(name)
  }
}
