package import Failures
internal import Synchronization

/// A certificate whose key has been read, beside what is known of it already. One is made for each question that a stranger
/// asks; what it holds may be used by any thread.
package struct OpenedCertificate: Sendable {
  package let certificate: Certificate
  let handle: X509Handle
  fileprivate let chain: ChainMemory.Chain?

  /// As ``Certificate/verify(_:of:digest:)``.
  package func verify(_ signature: [UInt8], of message: [UInt8]) throws(Failure) {
    try verifySignature(signature, of: message, kind: certificate.publicKey) {
      handle.key
    }
  }
}

/// The chains that were found to hold against one directory, so that of a certificate that comes again neither the key is
/// read nor the issuers' signatures are computed again.
///
/// Whether a chain holds follows from the certificates in it, the directory and the time; the time matters only by the
/// validity of those certificates. So a verdict of *trusted* is kept for as long as all of them are valid, for this very
/// directory and this very encoding, and nothing else is kept: what did not hold is looked at anew each time, and a directory
/// that is another one begins with an empty memory. Revocation is no part of it.
package final class ChainMemory: Sendable {
  fileprivate struct Chain: Sendable {
    var certificate: Certificate
    var handle: X509Handle
    var path: [String]
    /// In which every certificate of the chain is valid.
    var validity: Validity
  }

  package let trust: TrustDirectory
  private let limit: Int
  private let chains = Mutex<[[UInt8]: Chain]>([:])

  /// - Parameter limit: certificates remembered, of some 6 KiB each; with one more it begins anew.
  package init(_ trust: TrustDirectory, limit: Int = 1024) {
    self.trust = trust
    self.limit = limit
  }

  /// How many are remembered.
  package var count: Int { chains.withLock { $0.count } }

  /// What is in these bytes, if that is known: what reading them would give.
  package func certificate(_ der: [UInt8]) -> Certificate? { chains.withLock { $0[der]?.certificate } }

  /// - Throws: `UK-302`, `UK-303`.
  package func open(_ certificate: Certificate) throws(Failure) -> OpenedCertificate {
    if let known = chains.withLock({ $0[certificate.der] }) {
      return OpenedCertificate(certificate: certificate, handle: known.handle, chain: known)
    }
    return OpenedCertificate(certificate: certificate, handle: try X509Handle(der: certificate.der), chain: nil)
  }

  /// As ``TrustDirectory/verify(_:intermediates:at:)``.
  package func verify(_ opened: OpenedCertificate, intermediates: [Certificate] = [], at now: Int64) -> ChainVerdict {
    if let chain = opened.chain, chain.validity.notBefore <= now, now < chain.validity.notAfter {
      return .trusted(path: chain.path)
    }
    let (verdict, validity) = trust.verify(opened.handle, of: opened.certificate, intermediates: intermediates, at: now)
    // Links that came along are not the directory's: the next one may bring others.
    if case .trusted(let path) = verdict, let validity, intermediates.isEmpty {
      chains.withLock { chains in
        if chains.count >= limit { chains.removeAll(keepingCapacity: true) }
        chains[opened.certificate.der] = Chain(
          certificate: opened.certificate, handle: opened.handle, path: path, validity: validity)
      }
    }
    return verdict
  }
}
