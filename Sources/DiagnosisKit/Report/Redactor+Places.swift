/// Addresses, computers, folders and answers: what they tell beyond what a diagnosis needs.
extension Redactor {
  /// `10.88.＊.＊` of every address of the network, `＊＊.cn` of every name of a computer, in a text of ours. Loopback and
  /// the unspecified address stay: they tell nothing, and much of the diagnosis.
  static func maskAddress(_ text: String) -> String {
    var result = ""
    var word = ""
    func flush() {
      result += maskHost(word)
      word = ""
    }
    for character in text {
      if character.isASCII, character.isLetter || character.isNumber || ".-:".contains(character) {
        word.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }

  /// One word: an address or a name with or without a port, or something else, which stays.
  private static func maskHost(_ word: String) -> String {
    // `http:` and the like before a host.
    guard let last = word.last, last != ":" else { return word }
    let colons = word.filter { $0 == ":" }.count
    if colons > 1 {
      // A time of day has two colons, an address of IPv6 or of a network card more, or two side by side.
      let isAddress =
        word.utf8.allSatisfy { isHex($0) || $0 == 0x3A || $0 == 0x2E } && (colons >= 5 || word.contains("::"))
      return !isAddress || word == "::1" || word == "::" ? word : String(word.prefix { $0 != ":" }) + ":＊＊"
    }
    let host = word.prefix { $0 != ":" }
    let port = word[host.endIndex...]
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) {
      if parts[0] == "127" || host == "0.0.0.0" { return word }
      return parts[0] + "." + parts[1] + ".＊.＊" + port
    }
    guard parts.count > 1, let top = parts.last, top.count >= 2, top.allSatisfy(\.isLetter),
      !notHosts.contains(String(top)), port.dropFirst().allSatisfy(\.isNumber)
    else { return word }
    return "＊＊." + top + port
  }

  /// A text that is nothing but hosts and addresses of ours (`https_proxy: http://squid01:3128`, `a.cn,b`): also a name
  /// of one word is one.
  static func maskHosts(_ text: String) -> String {
    var result = ""
    var word = ""
    func flush() {
      let host = String(word.prefix { $0 != ":" })
      let masked = maskHost(word)
      let stays = ["localhost", "http", "https", "socks", "PAC", "-", "", "*"].contains(host) || isOwn(word)
      result += masked != word || stays ? masked : "＊＊" + word[word.index(word.startIndex, offsetBy: host.count)...]
      word = ""
    }
    // Who names the proxy stands before it.
    let named =
      text.firstIndex(of: ":").flatMap { text[$0...].hasPrefix(": ") ? text.index(after: $0) : nil } ?? text.startIndex
    result += maskProfile(String(text[..<named]))
    for character in text[named...] {
      if character.isLetter || character.isNumber || ".-:*".contains(character) {
        word.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }

  private static func isOwn(_ word: String) -> Bool {
    word.hasPrefix("127.") || word.hasPrefix("0.0.0.0") || word == "::1" || word == "::" || word.allSatisfy(\.isNumber)
      || word.first == ":"
  }

  /// Ends of file names, which look like those of hosts.
  private static let notHosts: Set<String> = [
    "so", "db", "txt", "conf", "service", "socket", "rules", "comm", "default", "release", "esr", "json", "js",
    "bundle", "plist", "list", "gen", "asmx", "html", "htm", "pem", "crt", "cer", "log", "lock", "sh", "py", "ini",
    "dll",
    "desktop", "cfg", "xml",
  ]

  private static func isHex(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }

  /// Folders that belong to the system keep their names; those below a home or elsewhere become `＊＊`, the file's own name
  /// stays.
  static func maskPath(_ text: String) -> String {
    guard let start = text.firstIndex(of: "/") else { return text }
    let path = text[start...].prefix { $0 != " " && $0 != ":" }
    let rest = text[path.endIndex...]
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 2, !systemFolders.contains(parts[1]) else { return text }
    let shown = parts.enumerated().map { index, part in
      index <= 1 || index == parts.count - 1 || keptFolders.contains(part) ? part : "＊＊"
    }
    return text[..<start] + shown.joined(separator: "/") + (rest.contains("/") ? maskPath(String(rest)) : String(rest))
  }

  private static let systemFolders: Set<String> = [
    "usr", "lib", "lib64", "etc", "run", "var", "proc", "sys", "dev", "bin", "sbin", "snap",
  ]
  private static let keptFolders: Set<String> = [
    ".pki", "nssdb", ".mozilla", "firefox", ".config", ".local", "lib", "snap", "common",
  ]

  /// Of an answer only its kind: what a server or program writes may hold anything.
  static func maskAnswer(_ text: String) -> String {
    let words = text.split(separator: " ")
    guard let at = words.firstIndex(where: { $0.hasPrefix("HTTP/") }) else { return text.isEmpty ? "" : "＊＊" }
    let status = words[at...].dropFirst().first.flatMap { $0.count == 3 && $0.allSatisfy(\.isNumber) ? " " + $0 : nil }
    return words[at].prefix(8) + (status ?? "") + " ＊＊"
  }
}
