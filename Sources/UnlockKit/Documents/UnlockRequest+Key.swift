internal import Base
internal import CertificateKit
package import Failures
package import TokenKit

extension UnlockRequest {
  /// Fills a request with what a reading of the key found.
  ///
  /// - Parameters:
  ///   - application: by name; `nil` for the first.
  ///   - challenge: of the same key, `nil` when it has none.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-210` when the key has no such application.
  package init(
    kind: UnlockKind, snapshot: TokenSnapshot, application name: String?, challenge: UnlockChallenge?,
    applicant: Applicant, program: String, now: Int64
  ) throws(Failure) {
    guard let application = snapshot.unlockApplication(name) else {
      throw snapshot.applications.failure ?? Failure(.applicationMissing, context: name.map { displaySafe($0) })
    }
    let device = snapshot.device
    self.init(
      kind: kind, created: now, program: program,
      key: Key(
        serial: cut(device.serial.value, 128), label: cut(device.label.value, 128),
        manufacturer: cut(device.manufacturer.value, 256), issuer: cut(device.issuer.value, 256),
        hardwareVersion: cut(device.hardwareVersion.value, 32), firmwareVersion: cut(device.firmwareVersion.value, 32),
        family: snapshot.family.rawValue, profile: cut(snapshot.profile, 64), atr: Array(snapshot.atr.prefix(33))),
      application: cut(application.name, 64), userPIN: application.userPIN.value.map(Tries.init),
      adminPIN: application.adminPIN.value.map(Tries.init),
      certificates: Array(application.certificateFacts.prefix(Self.certificateLimit)), challenge: challenge,
      applicant: applicant.normalized)
  }
}

extension TokenSnapshot {
  /// The application that is meant: the named one, else the first.
  package func unlockApplication(_ name: String?) -> ApplicationSnapshot? {
    let all = applications.value ?? []
    guard let name else { return all.first }
    return all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension UnlockRequest.Tries {
  fileprivate init(_ status: PINStatus) {
    func capped(_ value: Int?) -> Int? { value.map { min(max($0, 0), 255) } }
    self.init(left: capped(status.triesLeft), maximum: capped(status.triesMax), isLocked: status.isLocked)
  }
}

extension ApplicationSnapshot {
  fileprivate var certificateFacts: [UnlockRequest.CertificateFacts] {
    (containers.value ?? []).flatMap { container in
      container.entries.compactMap { entry in
        guard let certificate = entry.certificate.value else { return nil }
        func bounded(_ time: Int64) -> Int64 { min(max(time, -9_999_999_999_999), 9_999_999_999_999) }
        return UnlockRequest.CertificateFacts(
          role: entry.role.rawValue, container: cut(container.name, 256),
          serial: cut(lowerHexText(certificate.serial), 256),
          issuer: cut(certificate.issuer.text, 2048), subject: cut(certificate.subject.text, 2048),
          owner: cut(certificate.owner, 1024), uscc: cut(certificate.uscc?.code, 64),
          usccSource: cut(certificate.uscc?.source, 128), notBefore: bounded(certificate.validity.notBefore),
          notAfter: bounded(certificate.validity.notAfter))
      }
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
