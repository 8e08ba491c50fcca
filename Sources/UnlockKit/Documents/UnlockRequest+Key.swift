internal import Base
internal import CertificateKit
package import Failures
package import TokenKit

extension UnlockRequest {
  /// Fills a request with what a reading of the key found.
  ///
  /// - Parameters:
  ///   - application: by name; `nil` for the one that is meant, see ``TokenSnapshot/application(_:)``.
  ///   - challenge: of the same key, `nil` when it has none.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-210` when the key has no such application.
  package init(
    kind: UnlockKind, snapshot: TokenSnapshot, application name: TokenName?, challenge: UnlockChallenge?,
    applicant: Applicant, program: String, now: Int64
  ) throws(Failure) {
    let application = try snapshot.application(named: name)
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
      certificates: Array(snapshot.certificateFacts(application).prefix(Self.certificateLimit)), challenge: challenge,
      applicant: applicant.normalized)
  }
}

extension UnlockRequest.Tries {
  fileprivate init(_ status: PINStatus) {
    func capped(_ value: Int?) -> Int? { value.map { min(max($0, 0), 255) } }
    self.init(left: capped(status.triesLeft), maximum: capped(status.triesMax), isLocked: status.isLocked)
  }
}

extension TokenSnapshot {
  /// What is told of the certificates of one application. Those of authorities are nobody's on this key.
  fileprivate func certificateFacts(_ application: ApplicationSnapshot) -> [UnlockRequest.CertificateFacts] {
    places.filter { $0.application.name == application.name && $0.role != .authority }.compactMap { place in
      guard let certificate = place.certificate.value else { return nil }
      func bounded(_ time: Int64) -> Int64 { min(max(time, -9_999_999_999_999), 9_999_999_999_999) }
      return UnlockRequest.CertificateFacts(
        role: place.role.rawValue, container: cut(place.container.name.text, 256),
        serial: cut(lowerHexText(certificate.serial), 256),
        issuer: cut(certificate.issuer.text, 2048), subject: cut(certificate.subject.text, 2048),
        owner: cut(certificate.owner, 1024), uscc: cut(certificate.uscc?.code, 64),
        usccSource: cut(certificate.uscc?.source, 128), notBefore: bounded(certificate.validity.notBefore),
        notAfter: bounded(certificate.validity.notAfter))
    }
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
