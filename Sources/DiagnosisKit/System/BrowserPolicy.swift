import StrictJSON
import TokenKit

/// The administrator's rules for browsers, and whose they are.
enum BrowserPolicy {
  private static let folders = [
    ("Chromium", "/etc/chromium/policies/managed"), ("Chromium", "/etc/chromium-browser/policies/managed"),
    ("Chrome", "/etc/opt/chrome/policies/managed"), ("Edge", "/etc/opt/edge/policies/managed"),
  ]

  /// Those of Chromium and its kin.
  static func chromium(_ files: SystemFiles) -> [(browser: String, path: String, rules: JSONValue)] {
    folders.flatMap { browser, folder in
      files.list(folder).filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
        let path = folder + "/" + name
        return files.bytes(path).flatMap(LoopbackAnswer.json).map { (browser + " (policy)", path, $0) }
      }
    }
  }

  /// Firefox takes one file: the system's, else the one beside the program.
  static func firefox(_ files: SystemFiles) -> (path: String, rules: JSONValue)? {
    let programs = ["/usr/lib", "/usr/lib64"].flatMap { [$0 + "/firefox", $0 + "/firefox-esr"] } + ["/opt/firefox"]
    let paths = ["/etc/firefox/policies/policies.json"] + programs.map { $0 + "/distribution/policies.json" }
    guard let path = paths.first(where: files.exists),
      let rules = files.bytes(path).flatMap(LoopbackAnswer.json)?["policies"]
    else { return nil }
    return (path, rules)
  }

  /// Whether a page is among those that a list of Chromium's patterns names: `*`, `[*.]example.cn`, `https://example.cn:8080`.
  static func names(_ origin: String, in list: JSONValue?) -> Bool {
    let (scheme, rest) = split(origin)
    guard let page = Endpoint(rest.contains(":") ? rest : rest + (scheme == "http" ? ":80" : ":443")) else {
      return false
    }
    return (list?.arrayValue ?? []).contains { item in
      guard let text = item.stringValue?.lowercased(), !text.isEmpty else { return false }
      if text == "*" { return true }
      let (wanted, place) = split(text)
      if let wanted, wanted != "*", wanted != scheme { return false }
      let address = place.prefix { $0 != "/" }
      let named = Endpoint(String(address))
      if let named, named.port != page.port { return false }
      var host = named?.host ?? (address.hasSuffix(":*") ? String(address.dropLast(2)) : String(address))
      guard host.hasPrefix("[*.]") else { return host == "*" || host == page.host.lowercased() }
      host.removeFirst(4)
      return page.host.lowercased() == host || page.host.lowercased().hasSuffix("." + host)
    }
  }

  private static func split(_ text: String) -> (scheme: String?, rest: String) {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return (nil, text) }
    return (String(text[..<colon]), String(text[colon...].dropFirst(3)))
  }
}
