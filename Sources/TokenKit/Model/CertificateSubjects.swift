internal import CertificateKit

/// What a request to the certificate authority can be about: a certificate, and with it the other of its pair.
extension TokenSnapshot {
  /// One for each container that holds a certificate of a person or an organisation: the one in it that is meant. In the
  /// order in which the key names them.
  package var subjects: [CertificatePlace] {
    (applications.value ?? []).enumerated().flatMap { a, application in
      (application.containers.value ?? []).indices.compactMap { c in
        subject(CertificatePlace.Path(application: a, container: c, entry: 0))
      }
    }
  }

  /// The subject that this place belongs to; `nil` when there is nothing readable.
  package func subject(of place: CertificatePlace) -> CertificatePlace? { subject(place.path) }

  private func subject(_ path: CertificatePlace.Path) -> CertificatePlace? {
    places(path).filter { place in
      place.role != .authority && place.certificate.value.map { !$0.isAuthority } == true
    }.meant
  }

  /// Of the pair of this subject, the certificate that an interrupted renewal left as it was: the other one was issued
  /// after it and ends later by weeks. `nil` for a pair that was issued together.
  package func leftBehind(_ subject: CertificatePlace) -> CertificatePlace? {
    let pair = places(subject.path).filter { $0.role == .signature || $0.role == .encryption }
    guard pair.count == 2, let first = pair[0].certificate.value, let second = pair[1].certificate.value,
      pair[0].role != pair[1].role, first.isOfHolder(of: second)
    else { return nil }
    func isLater(_ a: Validity, _ b: Validity) -> Bool {
      let (issued, overflow) = a.notBefore.subtractingReportingOverflow(b.notBefore)
      let (ends, overflows) = a.notAfter.subtractingReportingOverflow(b.notAfter)
      return !overflow && !overflows && issued > Self.issueSpread && ends > Self.issueSpread
    }
    if isLater(first.validity, second.validity) { return pair[1] }
    if isLater(second.validity, first.validity) { return pair[0] }
    return nil
  }

  /// Seconds that may lie between the certificates of one issue.
  private static var issueSpread: Int64 { 30 * 86_400 }

  /// The subject whose certificate, or the other of its pair, is this one, byte for byte.
  package func subject(der: [UInt8]) -> CertificatePlace? {
    places.first { $0.certificate.value?.der == der }.flatMap { subject(of: $0) }
  }
}
