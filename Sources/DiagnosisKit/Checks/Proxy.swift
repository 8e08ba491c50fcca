import Base
import TokenKit

extension Context {
  /// Whether the proxies that browsers here are told to use let them through to the platform. Browsers never send what
  /// is meant for this computer to such a proxy, whatever `no_proxy` says; a script (PAC) may.
  func checkProxy() -> Finding {
    guard let platform = options.platform, !options.isDemo else { return Finding(.skipped, .switchedOff) }
    let settings = proxySettings(for: platform)
    if settings.isEmpty { return .ok() }
    var facts = settings.map { Evidence(.proxy, $0.text, .address) }
    var trouble: Cause?
    for setting in settings {
      do throws(Tunnel.Problem) {
        let descriptor = try Tunnel.open(setting, to: platform, limit: options.scaled(.seconds(3)))
        let isFirst = with { shared -> Bool in
          guard shared.platform == nil else { return false }
          shared.platform = descriptor
          shared.proxy = setting
          return true
        }
        if !isFirst { closeDescriptor(descriptor) }
      } catch {
        switch error {
        case .dead(let text):
          facts.append(Evidence(.error, setting.source + ": " + text, .text))
          trouble = trouble ?? .proxyDead
        case .login(let text):
          facts.append(Evidence(.answer, setting.source + ": " + text, .text))
          trouble = trouble ?? .proxyLogin
        case .refused(let text):
          facts.append(Evidence(.answer, setting.source + ": " + text, .text))
          trouble = trouble ?? .proxyRefuses
        case .notTried: with { $0.isProxyUntried = true }
        }
      }
    }
    if let trouble { return Finding(.fault, trouble, facts) }
    if settings.contains(where: { $0.kind == .script }) { return Finding(.warning, .proxyScript, facts) }
    if settings.contains(where: { $0.kind == .secure }) { return Finding(.warning, .proxySecure, facts) }
    return .ok(facts)
  }

  /// The platform is not reached without a proxy. Where browsers have one that was not tried, that says nothing of them.
  func platformTrouble(_ cause: Cause, _ facts: [Evidence]) -> Finding {
    Finding(with { $0.isProxyUntried && $0.proxy == nil } ? .unknown : .fault, cause, facts)
  }
}
