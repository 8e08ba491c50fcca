internal import Base
internal import CertificateKit
package import Failures
package import TokenKit

extension UnlockRequest {
  /// Fills a request with what a reading of the key found.
  ///
  /// - Parameters:
  ///   - application: by name; `nil` for the one that is meant, see ``TokenSnapshot/application(_:)``.
  ///   - about: the certificate that the request is about; `nil`: the one that is meant in the application.
  ///   - waitingKey: see ``UnlockRequest/waitingKey``.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-210` when the key has no such application; `UK-303` when the certificate it is about is too large for a
  ///   request.
  package init(
    kind: UnlockKind, snapshot: TokenSnapshot, application name: TokenName?, about: CertificatePlace? = nil,
    waitingKey: [UInt8]?, applicant: Applicant, program: String, now: Int64
  ) throws(Failure) {
    let application = try snapshot.application(named: name)
    let about = about ?? snapshot.mainCertificate(application: application.name)
    let certificates = snapshot.certificateFacts(application, first: about)
    // Left out, it would be a request about another one.
    if kind != .unlock, let der = about?.certificate.value?.der, certificates.first?.der != der {
      throw Failure(.certificateTooLarge, context: "\(der.count)")
    }
    let device = snapshot.device
    self.init(
      kind: kind, created: now, program: program,
      key: Key(
        serial: cut(device.serial.value?.text, 128), label: cut(device.label.value?.text, 128),
        manufacturer: cut(device.manufacturer.value?.text, 256),
        issuer: cut(device.issuer.value?.text, 256),
        hardwareVersion: cut(device.hardwareVersion.value, 32), firmwareVersion: cut(device.firmwareVersion.value, 32),
        family: snapshot.family.rawValue, profile: cut(snapshot.profile, 64), atr: Array(snapshot.atr.prefix(33))),
      application: cut(application.name.text, 64), userPIN: application.userPIN.value.map(Tries.init),
      adminPIN: application.adminPIN.value.map(Tries.init),
      certificates: certificates, waitingKey: waitingKey, applicant: applicant.normalized)
  }
}

extension UnlockRequest.Tries {
  fileprivate init(_ status: PINStatus) {
    func capped(_ value: Int?) -> Int? { value.map { min(max($0, 0), 255) } }
    self.init(left: capped(status.triesLeft), maximum: capped(status.triesMax), isLocked: status.isLocked)
  }
}

extension UnlockRequest.CertificateFacts {
  /// Bytes that a certificate in a request may have, and all of them together: the document has 64 KiB.
  static let sizeLimit = 8192
  fileprivate static let sumLimit = 36 * 1024

  init(role: String, container: String, _ certificate: Certificate) {
    func bounded(_ time: Int64) -> Int64 { min(max(time, -9_999_999_999_999), 9_999_999_999_999) }
    self.init(
      role: role, container: container, serial: cut(lowerHexText(certificate.serial), 256),
      issuer: cut(certificate.issuer.text, 2048), subject: cut(certificate.subject.text, 2048),
      owner: cut(certificate.owner, 1024), uscc: cut(certificate.uscc?.code, 64),
      usccSource: cut(certificate.uscc?.source, 128), notBefore: bounded(certificate.validity.notBefore),
      notAfter: bounded(certificate.validity.notAfter), der: certificate.der)
  }
}

extension TokenSnapshot {
  /// The certificates of one application, as many as a request holds: the one it is about, the others of its container, the
  /// rest. Those of authorities are nobody's on this key.
  fileprivate func certificateFacts(
    _ application: ApplicationSnapshot, first about: CertificatePlace?
  ) -> [UnlockRequest.CertificateFacts] {
    let own = places.filter { $0.application.name == application.name && $0.role != .authority }
    func isBeside(_ place: CertificatePlace) -> Bool { place.path.container == about?.path.container }
    let ordered =
      own.filter { $0.path == about?.path } + own.filter { isBeside($0) && $0.path != about?.path }
      + own.filter { !isBeside($0) }
    var facts: [UnlockRequest.CertificateFacts] = []
    var sum = 0
    for place in ordered {
      guard let certificate = place.certificate.value, facts.count < UnlockRequest.certificateLimit,
        certificate.der.count <= UnlockRequest.CertificateFacts.sizeLimit,
        sum + certificate.der.count <= UnlockRequest.CertificateFacts.sumLimit
      else { continue }
      sum += certificate.der.count
      facts.append(
        UnlockRequest.CertificateFacts(
          role: place.role.rawValue, container: cut(place.container.name.text, 256), certificate))
    }
    return facts
  }
}

/// At most `limit` bytes of UTF-8, whole characters, with `…` where something is missing.
private func cut(_ text: String, _ limit: Int) -> String {
  if text.utf8.count <= limit { return text }
  var view = String.UnicodeScalarView()
  var used = 3
  for scalar in text.unicodeScalars {
    used += UTF8.width(scalar)
    if used > limit { break }
    view.append(scalar)
  }
  return String(view) + "…"
}

private func cut(_ text: String?, _ limit: Int) -> String? { text.map { cut($0, limit) } }
