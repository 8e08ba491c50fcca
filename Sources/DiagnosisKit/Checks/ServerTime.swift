import Base
import CertificateKit
import TokenKit

extension Context {
  /// What the platform says the time is: asked only where a certificate or the clock is in doubt. Seconds since
  /// 1970-01-01 UTC; `nil` when it is not reached or does not say. Its certificate proves nothing here: whether it is
  /// valid is just what the clock decides.
  func serverTime() -> Int64? {
    guard let platform = options.platform, !options.isDemo else { return nil }
    if let known = with({ $0.serverTime }) { return known }
    // The resolver knows no limit of its own.
    let time = inTime(.milliseconds(2500)) { [self] () -> Int64? in
      if with({ $0.addresses.isEmpty && $0.proxy == nil }), case .success(let found) = Connection.resolve(platform) {
        with { $0.addresses = found }
      }
      guard let descriptor = reachAgain() else { return nil }
      let connection = Connection(adopting: descriptor)
      let request = "HEAD / HTTP/1.1\r\nHost: \(platform.host)\r\nConnection: close\r\n\r\n"
      guard
        case .success(let outcome) = TLSClient.shakeHands(
          connection.descriptor, host: platform.host, request: request, limit: .seconds(2))
      else { return nil }
      return HTTPDate.inAnswer(outcome.answer)
    }
    guard let time = time ?? nil else { return nil }
    with { $0.serverTime = time }
    return time
  }

  /// The platform's time where the clock here is off by more than a certificate's first or last minutes; else `nil`.
  func clockDifference() -> [Evidence]? {
    guard let served = serverTime(), (served &- options.now).magnitude > 600 else { return nil }
    return [
      Evidence(.clockNow, LocalTime.text(options.now)),
      Evidence(.clockReference, LocalTime.text(served) + "  " + (options.platform?.host ?? ""), .text),
    ]
  }
}
