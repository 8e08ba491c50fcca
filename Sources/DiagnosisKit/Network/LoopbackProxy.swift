import TokenKit

/// A setting by which a browser sends through a proxy even what is meant for this computer. Browsers do not by themselves,
/// whatever `no_proxy` says; whoever watches pages by a proxy tells them to, and with it no page reaches a key service.
struct LoopbackProxy: Sendable, Equatable {
  var proxy: ProxySetting
  /// The file that says so.
  var path: String

  static func all(home: String, files: SystemFiles) -> [LoopbackProxy] {
    chromium(home, files) + firefox(home)
  }

  // MARK: Chromium and its kin

  private static func chromium(_ home: String, _ files: SystemFiles) -> [LoopbackProxy] {
    ChromiumProxy.all(home: home, files: files).compactMap { told in
      guard told.takesLoopback else { return nil }
      // What a page calls here is mostly not encrypted.
      return told.server("http").map { LoopbackProxy(proxy: $0, path: told.path) }
    }
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
  var isOnThisComputer: Bool { isOwnHost(host) }
}

/// Whether a host is this computer, as it is written: a name is not asked for.
func isOwnHost(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
