internal import Base
internal import Failures

extension TrustChoice {
  /// Lists read from one directory.
  private static let listLimit = 64

  /// The revocation lists (`*.crl`) beside the CA certificates, by the names of their files.
  ///
  /// - Parameter directory: the certificates of this choice: a list that none of them has issued and signed is left out.
  package func revocationLists(of directory: TrustDirectory) -> [(name: String, list: RevocationList)] {
    guard let folder else { return [] }
    let names = ((try? listFolder(folder)) ?? []).filter { $0.lowercased().hasSuffix(".crl") }.sorted()
    return names.prefix(Self.listLimit).compactMap { name in
      let path = folder + "/" + name
      guard (try? Failure.checkTrust(path, missing: .trustDirectory)) != nil,
        let bytes = try? readFile(path, limit: RevocationList.limit, followsLinks: true),
        let list = try? RevocationList(bytes)
      else { return nil }
      let isSigned = directory.certificates.contains { issuer in
        (try? list.isIssued(by: issuer)) == true && (try? list.checkSignature(of: issuer)) != nil
      }
      return isSigned ? (name, list) : nil
    }
  }
}
