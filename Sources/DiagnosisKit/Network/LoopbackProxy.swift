import StrictJSON
import TokenKit

/// A setting by which a browser sends through a proxy even what is meant for this computer. Browsers do not by themselves,
/// whatever `no_proxy` says; whoever watches pages by a proxy tells them to, and with it no page reaches a key service.
struct LoopbackProxy: Sendable, Equatable {
  var proxy: ProxySetting
  /// The file that says so.
  var path: String

  static func all(home: String, files: SystemFiles) -> [LoopbackProxy] {
    managed(files) + flags(files) + preferences(home) + firefox(home)
  }

  /// In a list of exceptions of Chromium, what takes the one for this computer away.
  private static let subtraction = "<-loopback>"

  // MARK: Chromium and its kin

  /// The administrator's rules, and whose they are.
  private static let policies = [
    ("Chromium", "/etc/chromium/policies/managed"), ("Chromium", "/etc/chromium-browser/policies/managed"),
    ("Chrome", "/etc/opt/chrome/policies/managed"), ("Edge", "/etc/opt/edge/policies/managed"),
  ]

  private static func managed(_ files: SystemFiles) -> [LoopbackProxy] {
    policies.flatMap { browser, folder in
      files.list(folder).filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
        let path = folder + "/" + name
        return files.bytes(path).flatMap(LoopbackAnswer.json).flatMap { rule(in: $0, browser, path) }
      }
    }
  }

  /// `ProxyServer` and `ProxyBypassList`, by themselves or in `ProxySettings`.
  private static func rule(in policy: JSONValue, _ browser: String, _ path: String) -> LoopbackProxy? {
    let settings = policy["ProxySettings"] ?? policy
    return found(
      settings["ProxyServer"]?.stringValue, settings["ProxyBypassList"]?.stringValue, browser + " (policy)", path)
  }

  /// Debian's own place for options of every start.
  private static func flags(_ files: SystemFiles) -> [LoopbackProxy] {
    let folder = "/etc/chromium.d"
    return files.list(folder).sorted().compactMap { name in
      let path = folder + "/" + name
      let lines = (files.text(path) ?? "").split(separator: "\n").filter { !trim($0).hasPrefix("#") }
      let words = lines.joined(separator: " ").filter { $0 != "\"" && $0 != "'" }.split(whereSeparator: \.isWhitespace)
      func option(_ name: String) -> String? {
        words.last { $0.hasPrefix("--" + name + "=") }.map { String($0.dropFirst(name.count + 3)) }
      }
      return found(option("proxy-server"), option("proxy-bypass-list"), "Chromium", path)
    }
  }

  private static func preferences(_ home: String) -> [LoopbackProxy] {
    LoopbackAnswer.folders.compactMap { title, folder in
      guard let (path, bytes) = LoopbackAnswer.preferences(in: home + "/" + folder),
        let proxy = LoopbackAnswer.json(bytes)?["proxy"], proxy["mode"]?.stringValue == "fixed_servers"
      else { return nil }
      return found(proxy["server"]?.stringValue, proxy["bypass_list"]?.stringValue, title, path)
    }
  }

  private static func found(_ server: String?, _ exceptions: String?, _ source: String, _ path: String)
    -> LoopbackProxy?
  {
    guard let server, let exceptions, exceptions.lowercased().contains(subtraction) else { return nil }
    // `http=one:80;https=two:80`: what a page calls here is mostly not encrypted.
    let parts = server.split(whereSeparator: { $0 == ";" || $0 == "," })
    let chosen = parts.first { $0.hasPrefix("http=") } ?? parts.first ?? ""
    let address = chosen.split(separator: "=").last.map(String.init) ?? ""
    return ProxySetting(address, source: source).map { LoopbackProxy(proxy: $0, path: path) }
  }

  // MARK: Firefox

  private static func firefox(_ home: String) -> [LoopbackProxy] {
    FirefoxProfile.opened(home: home).compactMap { profile in
      let prefs = profile.preferences("network.proxy.")
      let exceptions = (prefs["no_proxies_on"] ?? "").split(separator: ",").map(String.init)
      guard prefs["type"] == "1", prefs["allow_hijacking_localhost"] == "true",
        !isException("127.0.0.1", in: exceptions), !isException("localhost", in: exceptions),
        let proxy = ["http", "ssl", "socks"].lazy.compactMap({ name -> ProxySetting? in
          guard let host = prefs[name], !host.isEmpty, let port = UInt16(prefs[name + "_port"] ?? ""), port > 0 else {
            return nil
          }
          return ProxySetting(
            kind: name == "socks" ? .socks : .http, host: host, port: port, source: "Firefox " + profile.name)
        }).first
      else { return nil }
      return LoopbackProxy(proxy: proxy, path: profile.folder + "/prefs.js")
    }
  }
}

extension ProxySetting {
  /// Written so: a name is not asked for.
  var isOnThisComputer: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
