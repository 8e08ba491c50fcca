package import CertificateKit
import Failures
package import KeyService
import LoginToken
import StrictJSON
import Synchronization
import TokenKit

/// The service's own page: shows that everything between browser and key works, and what does not.
package final class ProvingPage: Sendable {
  /// What one of its questions is answered with.
  struct Reply {
    var json: JSONValue
    /// To be kept by the browser.
    var session: String?
  }

  let files = PageFile.all
  private let desk: ServiceDesk
  private let shelf: KeyShelf
  private let login: SelfLogin
  private let ports = Mutex<[KeyServer.PortState]>([])

  /// - Parameter trust: what chains are measured against; `nil` when there are no CA certificates here.
  package init(desk: ServiceDesk, shelf: KeyShelf, trust: TrustDirectory?) {
    self.desk = desk
    self.shelf = shelf
    login = SelfLogin(trust: trust)
  }

  /// What became of the ports, once they are open.
  func show(_ states: [KeyServer.PortState]) { ports.withLock { $0 = states } }

  /// - Parameters:
  ///   - session: the header `Cookie`.
  ///   - port: of the page.
  /// - Returns: `nil` for a path that is not there.
  func answer(_ path: String, _ body: [UInt8], session: String?, port: UInt16) -> Reply? {
    guard let origin = WebOrigin(RequestCheck.ownOrigin(port)) else { return nil }
    let now = desk.clock.wall()
    switch path {
    case "/check/service": return Reply(json: account)
    case "/check/nonce": return login.begin(origin, now: now)
    case "/check/login": return login.finish(body, session: session, origin, now: now)
    default: return nil
    }
  }

  private var account: JSONValue {
    .object([
      ("fewestTries", .int(ServiceDesk.fewestTries)), ("reminderDays", .int(Validity.reminderDays)),
      ("prompt", desk.promptName.map { .string($0) } ?? .null), ("readerService", readerService),
      ("interfaces", .array(ports.withLock { $0 }.map(Self.port))),
    ])
  }

  private var readerService: JSONValue {
    let (state, code): (String, String?) =
      switch shelf.readerService {
      case .starting: ("starting", nil)
      case .running: ("running", nil)
      case .down(let failure): ("down", failure.code.rawValue)
      case .embedded: ("embedded", nil)
      case .notNeeded: ("not-needed", nil)
      }
    return .object([("state", .string(state)), ("code", code.map { .string($0) })])
  }

  private static func port(_ state: KeyServer.PortState) -> JSONValue {
    let content =
      switch state.content {
      case .open: "open"
      case .taken: "taken"
      case .noCertificate: "no-certificate"
      case .failed: "failed"
      }
    return .object([
      ("name", .string(state.adapter)), ("address", .string(state.address)), ("port", .int(Int(state.port.number))),
      ("tls", .bool(state.port.isTLS)), ("state", .string(content)),
    ])
  }
}
