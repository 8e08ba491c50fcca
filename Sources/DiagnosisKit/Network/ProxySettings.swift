import Base
import Glibc
import TokenKit

/// A proxy that a browser here is told to use, and who tells it.
struct ProxySetting: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case http
    /// An HTTP proxy that is itself spoken to by TLS; it is named, not tried.
    case secure
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
    case .secure: source + ": https://" + Endpoint(host: host, port: port).text
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
      if scheme.hasPrefix("socks") { (kind, port) = (.socks, 1080) }
      if scheme == "https" { (kind, port) = (.secure, 443) }
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

/// Whether a list of exceptions (`no_proxy`, a browser's) keeps a host from the proxy: names and what ends in them, with a
/// port or without, and ranges of IPv4 addresses.
func isException(_ host: String, port: UInt16? = nil, in list: some Sequence<String>) -> Bool {
  let host = host.lowercased()
  return list.contains { item in
    var item = trim(item).lowercased()
    if item == "*" { return true }
    if isInRange(host, item) { return true }
    if let endpoint = Endpoint(item), !endpoint.host.contains(":") {
      guard port == nil || port == endpoint.port else { return false }
      item = endpoint.host
    }
    if item.hasPrefix("*.") { item.removeFirst() }
    guard !item.isEmpty else { return false }
    let bare = item.hasPrefix(".") ? String(item.dropFirst()) : item
    return host == bare || host.hasSuffix("." + bare)
  }
}

/// Whether an IPv4 address is in a range, `10.0.0.0/8`.
private func isInRange(_ host: String, _ range: String) -> Bool {
  let parts = range.split(separator: "/")
  guard parts.count == 2, let bits = Int(parts[1]), 0...32 ~= bits, let first = ipv4Number(String(parts[0])),
    let address = ipv4Number(host)
  else { return false }
  return bits == 0 || (first ^ address) >> (32 - UInt32(bits)) == 0
}

/// `nil`: it is no IPv4 address.
func ipv4Number(_ text: String) -> UInt32? {
  var address = in_addr()
  return inet_pton(AF_INET, text, &address) == 1 ? UInt32(bigEndian: address.s_addr) : nil
}

extension Context {
  /// The proxies that browsers here use for the platform: of the environment, of the desktop, of the profile that Firefox
  /// opens, of Chromium and its kin, and of the administrator's rules for either. Each once.
  func proxySettings(for platform: Endpoint) -> [ProxySetting] {
    let host = platform.host
    var found: [ProxySetting] = []
    let exceptions = (variable("no_proxy") ?? variable("NO_PROXY") ?? "").split(separator: ",").map(String.init)
    if !isException(host, port: platform.port, in: exceptions) {
      let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
      if let (name, value) = names.lazy.compactMap({ name in self.variable(name).map { (name, $0) } }).first,
        let setting = ProxySetting(value, source: name)
      {
        found.append(setting)
      }
    }
    found += gnomeProxy(host) + kdeProxy(platform)
    let rules = FirefoxPolicy.proxies(host, files)
    // What the administrator rules for Firefox stands above its profile.
    found += rules.isEmpty ? firefoxProxies(host) : rules
    found += ChromiumProxy.all(home: variable("HOME"), files: files).compactMap { $0.setting(for: platform) }
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

  /// What KDE says in `kioslaverc`, which Chromium follows on that desktop: `ProxyType` 1 (servers) or 2 (a script), and
  /// servers as `http://host port`.
  private func kdeProxy(_ platform: Endpoint) -> [ProxySetting] {
    guard (variable("XDG_CURRENT_DESKTOP") ?? "").split(separator: ":").contains("KDE"), let home = variable("HOME"),
      let text = live.text(home + "/.config/kioslaverc")
    else { return [] }
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("[Proxy Settings]") }.dropFirst().prefix {
      !$0.hasPrefix("[")
    }
    func value(_ name: String) -> String {
      lines.first { $0.hasPrefix(name + "=") }.map { trim($0.dropFirst(name.count + 1)) } ?? ""
    }
    switch value("ProxyType") {
    case "1":
      let exceptions = value("NoProxyFor").split(separator: ",").map(String.init)
      if isException(platform.host, port: platform.port, in: exceptions) { return [] }
      let server = ["httpsProxy", "socksProxy"].lazy.map(value).first { !$0.isEmpty }
      return [server.flatMap { ProxySetting($0.split(separator: " ").joined(separator: ":"), source: "KDE") }]
        .compactMap { $0 }
    case "2":
      let script = value("Proxy Config Script")
      return script.isEmpty ? [] : [ProxySetting(kind: .script, host: script, port: 0, source: "KDE")]
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
