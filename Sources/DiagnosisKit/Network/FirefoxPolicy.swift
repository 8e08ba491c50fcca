import StrictJSON
import TokenKit

/// The proxy that the administrator's rules for Firefox set.
enum FirefoxPolicy {
  /// `Proxy` of `policies.json`. Empty where it sets none for this host.
  static func proxies(_ host: String, _ files: SystemFiles) -> [ProxySetting] {
    guard let (_, rules) = BrowserPolicy.firefox(files), let proxy = rules["Proxy"] else { return [] }
    let source = "Firefox (policy)"
    switch proxy["Mode"]?.stringValue {
    case "manual":
      let exceptions = (proxy["Passthrough"]?.stringValue ?? "").split(separator: ",").map(String.init)
      if isException(host, in: exceptions) { return [] }
      let plain = proxy["UseHTTPProxyForAllProtocols"] == .bool(true) ? proxy["HTTPProxy"]?.stringValue : nil
      if let server = plain ?? proxy["SSLProxy"]?.stringValue {
        return [ProxySetting(server, source: source)].compactMap { $0 }
      }
      return [proxy["SOCKSProxy"]?.stringValue.flatMap { ProxySetting("socks://" + $0, source: source) }].compactMap {
        $0
      }
    case "autoConfig":
      return proxy["AutoConfigURL"]?.stringValue.map {
        [ProxySetting(kind: .script, host: $0, port: 0, source: source)]
      } ?? []
    default: return []
    }
  }
}
