import Base
import TokenKit

/// A proxy that a browser here is told to use, and who tells it.
struct ProxySetting: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case http
    case socks
    /// A script says which one; it is named, never run. The host is then that of the script's address.
    case script
  }

  var kind: Kind
  var host: String
  var port: UInt16
  /// `https_proxy`, `GNOME`, `Firefox default`.
  var source: String

  var text: String {
    switch kind {
    case .http: source + ": http://" + Endpoint(host: host, port: port).text
    case .socks: source + ": socks://" + Endpoint(host: host, port: port).text
    case .script: source + ": PAC " + host
    }
  }

  /// Of `http://name:password@host:port/`, the scheme being optional. The login is not kept.
  init?(_ text: String, source: String) {
    var rest = trim(text)[...]
    var kind = Kind.http
    var port: UInt16 = 80
    if let mark = rest.firstIndex(of: ":"), rest[mark...].hasPrefix("://") {
      let scheme = rest[..<mark].lowercased()
      guard ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"].contains(scheme) else { return nil }
      if scheme.hasPrefix("socks") {
        kind = .socks
        port = 1080
      }
      rest = rest[rest.index(mark, offsetBy: 3)...]
    }
    rest = rest.prefix { $0 != "/" }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    if let endpoint = Endpoint(String(rest)) {
      self.init(kind: kind, host: endpoint.host, port: endpoint.port, source: source)
    } else if !rest.isEmpty, !rest.contains(":"), rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      self.init(kind: kind, host: String(rest), port: port, source: source)
    } else {
      return nil
    }
  }

  init(kind: Kind, host: String, port: UInt16, source: String) {
    self.kind = kind
    self.host = host
    self.port = port
    self.source = source
  }
}

/// Whether a list of exceptions (`no_proxy`, a browser's) keeps a host from the proxy.
func isException(_ host: String, in list: some Sequence<String>) -> Bool {
  let host = host.lowercased()
  return list.contains { item in
    var item = trim(item).lowercased()
    if item == "*" { return true }
    if item.hasPrefix("*.") { item.removeFirst() }
    guard !item.isEmpty else { return false }
    let bare = item.hasPrefix(".") ? String(item.dropFirst()) : item
    return host == bare || host.hasSuffix("." + bare)
  }
}

extension Context {
  /// The proxies that browsers here use for the platform: of the environment, of the desktop, and of the profile that
  /// Firefox opens. Each once.
  func proxySettings(for host: String) -> [ProxySetting] {
    var found: [ProxySetting] = []
    let exceptions = (variable("no_proxy") ?? variable("NO_PROXY") ?? "").split(separator: ",").map(String.init)
    if !isException(host, in: exceptions) {
      let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
      if let (name, value) = names.lazy.compactMap({ name in self.variable(name).map { (name, $0) } }).first,
        let setting = ProxySetting(value, source: name)
      {
        found.append(setting)
      }
    }
    found += gnomeProxy(host) + firefoxProxies(host)
    return found
  }

  /// What GNOME (and the desktops that keep its settings) says, by its own program.
  private func gnomeProxy(_ host: String) -> [ProxySetting] {
    // Asked only where there are settings: it makes files of its own in the home, and without one where it is started.
    guard live.isExecutable("/usr/bin/gsettings"), let home = variable("HOME"),
      live.exists(home + "/.config/dconf/user") || !live.list("/etc/dconf/db").isEmpty
    else { return [] }
    func value(_ schema: String, _ key: String) -> String {
      let done = FinishedProgram.run(
        ["/usr/bin/gsettings", "get", "org.gnome.system.proxy" + schema, key], limit: .milliseconds(800))
      guard case .ended(.exited(0)) = done.end else { return "" }
      return trim(done.output).filter { $0 != "'" }
    }
    switch value("", "mode") {
    case "manual":
      let exceptions = value("", "ignore-hosts").filter { $0 != "[" && $0 != "]" }.split(separator: ",").map(
        String.init)
      if isException(host, in: exceptions) { return [] }
      for (schema, kind) in [(".https", ProxySetting.Kind.http), (".socks", .socks)] {
        let name = value(schema, "host")
        if !name.isEmpty, let port = UInt16(value(schema, "port")), port > 0 {
          return [ProxySetting(kind: kind, host: name, port: port, source: "GNOME")]
        }
      }
      return []
    case "auto":
      let script = value("", "autoconfig-url")
      return script.isEmpty ? [] : [ProxySetting(kind: .script, host: script, port: 0, source: "GNOME")]
    default: return []
    }
  }

  /// What the profiles that Firefox opens say in their `prefs.js`.
  private func firefoxProxies(_ host: String) -> [ProxySetting] {
    guard let home = variable("HOME") else { return [] }
    return FirefoxProfile.opened(home: home).compactMap { profile in
      let prefs = profile.preferences("network.proxy.")
      let source = "Firefox " + profile.name
      switch prefs["type"] {
      case "1":
        let exceptions = (prefs["no_proxies_on"] ?? "").split(separator: ",").map(String.init)
        if isException(host, in: exceptions) { return nil }
        for (name, kind) in [("ssl", ProxySetting.Kind.http), ("socks", .socks)] {
          if let server = prefs[name], !server.isEmpty, let port = UInt16(prefs[name + "_port"] ?? ""), port > 0 {
            return ProxySetting(kind: kind, host: server, port: port, source: source)
          }
        }
        return nil
      case "2":
        return prefs["autoconfig_url"].map { ProxySetting(kind: .script, host: $0, port: 0, source: source) }
      default: return nil
      }
    }
  }
}
