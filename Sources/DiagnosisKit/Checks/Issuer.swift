import Base
import CertificateKit
import Failures
import TokenKit

extension Context {
  /// Whether a certificate authority that was named here stands behind the certificate that logs in, and whether one of its
  /// lists beside it says that it is revoked. Nothing is fetched.
  func checkIssuer() -> Finding {
    let login = entries.filter { $0.isForLogin && $0.certificate.value != nil }
    guard let place = login.meant, let certificate = place.certificate.value else {
      return Finding(.skipped, .notNeeded)
    }
    let choice = TrustChoice()
    guard let directory = choice.directory, !directory.certificates.isEmpty else {
      return Finding(.skipped, .issuersNotNamed)
    }
    var facts = [Evidence(.issuer, certificate.issuer.displayName)]
    let links = snapshots.filter { $0.source == place.source }.flatMap(\.places).compactMap { place in
      place.role == .authority ? place.certificate.value : nil
    }
    // Its own period is looked at by another link.
    let then = min(max(options.now, certificate.validity.notBefore), certificate.validity.notAfter)
    switch directory.verify(certificate, intermediates: links, at: then) {
    case .trusted(let path): facts += path.dropFirst().map { Evidence(.issuer, $0) }
    case .noTrustAnchors: return Finding(.skipped, .issuersNotNamed)
    case .incomplete(let missing, _):
      return Finding(.warning, .issuerUnknown, facts + [Evidence(.issuer, "? " + missing)])
    case .notTrusted(.rootNotTrusted), .notTrusted(.issuerDiffers): return Finding(.warning, .issuerUnknown, facts)
    case .notTrusted(.signatureWrong): return Finding(.fault, .issuerDenies, facts)
    case .weak(let link, _):
      return Finding(.warning, .issuerDoubtful, facts + [Evidence(.algorithm, link.algorithm)])
    case .notTrusted(let problem):
      return Finding(.warning, .issuerDoubtful, facts + [Evidence(.error, String(describing: problem), .name)])
    }
    return revocation(of: certificate, choice.revocationLists(of: directory), facts)
  }

  /// What the lists beside the CA certificates say, and from when they are.
  private func revocation(
    of certificate: Certificate, _ lists: [(name: String, list: RevocationList)], _ facts: [Evidence]
  ) -> Finding {
    var facts = facts
    for (name, list) in lists {
      let file = Evidence(.file, name, .text)
      switch try? list.verdict(on: certificate) {
      case .revoked(let since, let reason):
        return Finding(
          .fault, .revoked,
          facts + [file] + (since.map { [Evidence(.revokedSince, LocalTime.text($0))] } ?? [])
            + (reason.map { [Evidence(.error, "CRLReason \($0)")] } ?? []))
      case .notListed: facts += [file, Evidence(.clockReference, LocalTime.text(list.thisUpdate))]
      case .otherIssuer, nil: continue
      }
    }
    return .ok(facts)
  }
}
