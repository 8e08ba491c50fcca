import CertificateKit
internal import Failures
import LoginToken
import Synchronization

/// What certificates are measured against: the CA certificates and lists of the configured folder, and those that were added
/// by administrators. Read again when an administrator has changed something, and once a minute for the folder.
final class Trust: Sendable {
  private struct State: Sendable {
    var edition = ""
    var read: Int64 = .min
    var policy: LoginPolicy?
  }

  private let folder: String?
  private let state = Mutex(State())
  private static let time: Int64 = 60

  init(folder: String?) { self.folder = folder }

  func policy(_ store: Store, now: Int64) throws(DatabaseError) -> LoginPolicy {
    let edition = try store.setting("trust.edition") ?? ""
    let known = state.withLock { $0 }
    if let policy = known.policy, known.edition == edition, now >= known.read, now - known.read < Self.time {
      return policy
    }
    let policy = try make(store, known.policy)
    state.withLock { $0 = State(edition: edition, read: now, policy: policy) }
    return policy
  }

  /// - Parameter before: with what it remembers of the certificates of the same CAs.
  private func make(_ store: Store, _ before: LoginPolicy?) throws(DatabaseError) -> LoginPolicy {
    let choice = TrustChoice(path: folder)
    // Without a folder of its own none of the machine's is taken: whom a site trusts is said by the site.
    let directory = folder == nil ? nil : choice.directory
    let added = try store.authorities().compactMap { try? Certificate(der: $0.der) }
    let trust = TrustDirectory(certificates: (directory?.certificates ?? []) + added)
    var policy = LoginPolicy(trust: trust)
    if let before, before.trust.certificates == trust.certificates { policy = before }
    policy.revocation = directory.map { choice.revocationLists(of: $0).map(\.list) } ?? []
    for list in try store.lists() {
      // One whose issuer has been removed meanwhile is of no use.
      do throws(Failure) { try policy.addRevocationList(list.bytes) } catch { continue }
    }
    policy.needsRevocationList = try store.isOn(.needsRevocationList)
    policy.needsUSCC = try store.isOn(.needsUSCC)
    return policy
  }
}
