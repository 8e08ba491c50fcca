import StrictJSON
import TokenKit

/// What tells Chromium or its kin to use a proxy: the administrator's rules, the options of every start, or the settings of
/// the profile last used, which an extension may have changed.
struct ChromiumProxy: Sendable, Equatable {
  /// `one:80`, or one for each scheme: `http=one:80;https=two:80`.
  var servers: String
  /// What goes by no proxy, parted by `;` or `,`.
  var exceptions: String
  /// The browser, and whose word it is.
  var source: String
  /// The file that says so.
  var path: String

  static func all(home: String?, files: SystemFiles) -> [ChromiumProxy] {
    managed(files) + flags(files) + (home.map(preferences) ?? [])
  }

  /// Whether even this computer's own addresses go to the proxy: among the exceptions stands what takes theirs away.
  var takesLoopback: Bool { exceptions.lowercased().contains("<-loopback>") }

  /// The proxy of what goes to a server by TLS.
  func setting(for platform: Endpoint) -> ProxySetting? {
    if isOwnHost(platform.host), !takesLoopback { return nil }
    let list = exceptions.split(whereSeparator: { $0 == ";" || $0 == "," }).map(String.init)
    return isException(platform.host, port: platform.port, in: list) ? nil : server("https")
  }

  /// The proxy of one scheme.
  func server(_ scheme: String) -> ProxySetting? {
    let parts = servers.split(whereSeparator: { $0 == ";" || $0 == "," }).map { trim($0) }
    if let own = parts.first(where: { $0.hasPrefix(scheme + "=") }) {
      return ProxySetting(String(own.dropFirst(scheme.count + 1)), source: source)
    }
    // `socks=` is for everything that has none of its own.
    if let socks = parts.first(where: { $0.hasPrefix("socks=") }) {
      return ProxySetting("socks://" + socks.dropFirst(6), source: source)
    }
    return parts.first { !$0.contains("=") }.flatMap { ProxySetting($0, source: source) }
  }

  /// `ProxyServer` and `ProxyBypassList`, by themselves or in `ProxySettings`.
  private static func managed(_ files: SystemFiles) -> [ChromiumProxy] {
    BrowserPolicy.chromium(files).compactMap { browser, path, rules in
      let settings = rules["ProxySettings"] ?? rules
      // Without a mode a server alone is one.
      guard let servers = settings["ProxyServer"]?.stringValue,
        (settings["ProxyMode"]?.stringValue ?? "fixed_servers") == "fixed_servers"
      else { return nil }
      return ChromiumProxy(
        servers: servers, exceptions: settings["ProxyBypassList"]?.stringValue ?? "", source: browser, path: path)
    }
  }

  /// Debian's own place for options of every start.
  private static func flags(_ files: SystemFiles) -> [ChromiumProxy] {
    let folder = "/etc/chromium.d"
    return files.list(folder).sorted().compactMap { name in
      let path = folder + "/" + name
      let lines = (files.text(path) ?? "").split(separator: "\n").filter { !trim($0).hasPrefix("#") }
      let words = lines.joined(separator: " ").filter { $0 != "\"" && $0 != "'" }.split(whereSeparator: \.isWhitespace)
      func option(_ name: String) -> String? {
        words.last { $0.hasPrefix("--" + name + "=") }.map { String($0.dropFirst(name.count + 3)) }
      }
      return option("proxy-server").map {
        ChromiumProxy(servers: $0, exceptions: option("proxy-bypass-list") ?? "", source: "Chromium", path: path)
      }
    }
  }

  private static func preferences(_ home: String) -> [ChromiumProxy] {
    LoopbackAnswer.folders.compactMap { title, folder in
      guard let (path, bytes) = LoopbackAnswer.preferences(in: home + "/" + folder),
        let proxy = LoopbackAnswer.json(bytes)?["proxy"], proxy["mode"]?.stringValue == "fixed_servers",
        let servers = proxy["server"]?.stringValue
      else { return nil }
      return ChromiumProxy(
        servers: servers, exceptions: proxy["bypass_list"]?.stringValue ?? "", source: title, path: path)
    }
  }
}
