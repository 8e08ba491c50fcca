package import Failures

extension Certificate {
  /// The texts in the extensions with this dotted OID, best reading first; empty when there is none of it.
  ///
  /// - Throws: `UK-302`.
  package func extensionTexts(_ oid: String) throws(Failure) -> [String] {
    let handle = try X509Handle(der: der, isKeyless: true)
    defer { withExtendedLifetime(handle) {} }
    return ExtensionList(handle.pointer).values(oid).flatMap(ExtensionText.candidates)
  }
}
