internal import Base
package import CertificateKit
import Failures

/// Values in words, alike on every screen and in every command.
extension Words {
  /// Where the credit code was found.
  package func source(_ finding: USCCFinding) -> String {
    let prefix = "subject "
    return finding.source.hasPrefix(prefix)
      ? subjectField(displaySafe(String(finding.source.dropFirst(prefix.count))))
      : extensionField(displaySafe(finding.source))
  }

  /// How long it is still valid, or since when it is not.
  package func days(_ validity: Validity, now: Int64, reminderDays: Int) -> String {
    switch validity.state(now: now, reminderDays: reminderDays) {
    case .notYetValid: return notYetValid(LocalTime.date(validity.notBefore))
    case .expired:
      let days = -(validity.daysLeft(now: now) + 1)
      return days == 0 ? expiredToday : expired(days)
    case .valid, .expiring:
      let days = validity.daysLeft(now: now)
      return days == 0 ? endsToday : daysLeft(days)
    }
  }

  package func usage(_ use: CertificateUse) -> String {
    switch use {
    case .signature: usageSignature
    case .encryption: usageEncryption
    case .both: usageBoth
    case .unknown: usageUnknown
    }
  }

  /// `SM2/SM3`, `RSA 2048 · SHA256withRSA`: key and digest as the trade writes them.
  package func algorithm(_ certificate: Certificate) -> String {
    let signature = displaySafe(certificate.signatureAlgorithm)
    switch certificate.publicKey {
    case .sm2: return signature == "SM3withSM2" ? "SM2/SM3" : "SM2 · " + signature
    case .rsa(let bits): return "RSA \(bits) · " + signature
    case .ec(let curve, let bits): return "ECC \(displaySafe(curve)) \(bits) · " + signature
    case .other:
      let name = displaySafe(certificate.publicKey.name)
      return name == signature ? name : name + " · " + signature
    }
  }

  /// The verdict on the chain, with its reason.
  package func chain(_ verdict: ChainVerdict) -> String {
    switch verdict {
    case .trusted: chainTrusted
    case .noTrustAnchors: chainNoAnchors
    case .incomplete(let missing, _): chainIncomplete(displaySafe(missing))
    case .weak(let link, _):
      link.reason == .key
        ? chainWeakKey(displaySafe(link.certificate), displaySafe(link.algorithm))
        : chainWeakDigest(displaySafe(link.certificate), displaySafe(link.algorithm))
    case .notTrusted(let problem): reason(problem)
    }
  }

  private func reason(_ problem: ChainProblem) -> String {
    switch problem {
    case .rootNotTrusted(let name): chainRootNotTrusted(displaySafe(name))
    case .issuerDiffers(let name, let issuer): chainIssuerDiffers(displaySafe(name), displaySafe(issuer))
    case .signatureWrong(let name): chainSignatureWrong(displaySafe(name))
    case .signatureUnchecked(let name, let why): chainSignatureUnchecked(displaySafe(name), displaySafe(why))
    case .issuerKeyUnusable(let name): chainKeyUnusable(displaySafe(name))
    case .expired(let name, let time): chainExpired(displaySafe(name), LocalTime.date(time))
    case .notYetValid(let name, let time): chainNotYetValid(displaySafe(name), LocalTime.date(time))
    case .notCA(let name): chainNotCA(displaySafe(name))
    case .pathTooLong(let name): chainTooLong(displaySafe(name))
    case .unsupportedCriticalExtension(let name, let oids):
      chainCritical(displaySafe(name), displaySafe(oids.joined(separator: ", ")))
    case .other(let name, let number, let text):
      chainOther(displaySafe(name), "X509_V_ERR \(number): " + displaySafe(text))
    }
  }
}

extension Symbol {
  /// The sign for a certificate that is valid, ends soon, or is not valid.
  package init(_ state: Validity.State) {
    self =
      switch state {
      case .valid: .ok
      case .expiring: .warning
      case .expired, .notYetValid: .error
      }
  }
}
