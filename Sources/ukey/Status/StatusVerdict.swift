import CertificateKit
import Failures
import TokenKit

extension ProgramExit {
  /// The exit code of `ukey status`: the worst of what was found, in the order service fault, no key, no certificate,
  /// expired or not yet valid, PIN locked, a certificate that is there and cannot be read, expiring, ok. A card that no driver knows counts only when there is no key
  /// beside it.
  init(status reports: [ReaderReport], now: Int64, reminderDays: Int) {
    let snapshots = reports.compactMap { $0.snapshot }
    guard !snapshots.isEmpty else {
      // A token that was never initialised is no key yet, and nothing is broken.
      let failures = reports.compactMap { $0.failure }.filter { $0.code != .tokenNotInitialized }
      self = failures.isEmpty ? .noKey : .serviceFault
      return
    }
    // Part of the key was read, and then the library was no more.
    let places = snapshots.flatMap { $0.applications.value ?? [] }
    if places.contains(where: { $0.containers.failure?.endsLibrary == true }) {
      self = .serviceFault
      return
    }
    // A CA's certificate is nobody's: it neither makes a key one with a certificate nor warns of its end.
    let certificates = snapshots.map { $0.places.filter { $0.role != .authority }.compactMap { $0.certificate.value } }
    // Nothing on it could be listed: whether it has one is not known, and something is broken.
    if zip(snapshots, certificates).contains(where: { $0.isUnlisted && $1.isEmpty }) {
      self = .serviceFault
      return
    }
    if certificates.contains(where: { $0.isEmpty }) {
      self = .noCertificate
      return
    }
    let states = certificates.joined().map { $0.validity.state(now: now, reminderDays: reminderDays) }
    if states.contains(where: { $0 == .expired || $0 == .notYetValid }) {
      self = .expired
    } else if snapshots.contains(where: { $0.isUserPINLocked }) {
      self = .pinLocked
    } else if snapshots.contains(where: { $0.hasUnreadCertificate }) {
      // What was not looked at is not well.
      self = .outcomeUnknown
    } else {
      self = states.contains(.expiring) ? .expiring : .ok
    }
  }
}

extension TokenSnapshot {
  /// Beside what was read there is a certificate that could not be.
  fileprivate var hasUnreadCertificate: Bool { places.contains { $0.certificate.failure != nil } }

  /// Its applications, or all containers of one, could not be listed; not because they are seen after a login only.
  fileprivate var isUnlisted: Bool {
    if applications.failure != nil { return true }
    return (applications.value ?? []).contains { application in
      application.containers.failure.map { $0.code != .certificatesPrivate } == true
    }
  }

  var isUserPINLocked: Bool {
    (applications.value ?? []).contains { $0.userPIN.value?.isLocked == true }
  }
}
