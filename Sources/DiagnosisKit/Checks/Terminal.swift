import Glibc
import TokenKit

extension Context {
  func checkLocale() -> Finding {
    let name = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? "C"
    // A locale of its own: setlocale would change the whole process.
    guard let locale = newlocale(1 << LC_CTYPE, name, nil) else {
      return Finding(
        .warning, .localeNotGenerated, [Evidence(.locale, name)],
        fix: localeFix(name))
    }
    defer { freelocale(locale) }
    let codeset = nl_langinfo_l(nl_item(CODESET), locale).map { String(cString: $0) } ?? ""
    let evidence = [Evidence(.locale, name), Evidence(.codeset, codeset)]
    return codeset == "UTF-8" ? .ok(evidence) : Finding(.warning, .localeNotUTF8, evidence)
  }

  /// Makes a UTF-8 locale. `locale-gen` (Debian, Arch) takes no names: it makes what /etc/locale.gen lists; Debian may have
  /// to install it first. Elsewhere a package brings the locales. No other codeset is offered: ukey and its neighbours
  /// want UTF-8.
  private func localeFix(_ name: String) -> Fix? {
    let words = name.split(separator: ".", maxSplits: 1)
    guard words.count == 2, ["utf-8", "utf8"].contains(words[1].lowercased()),
      words[0].utf8.allSatisfy({ ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F })
    else { return nil }
    let line = words[0] + ".UTF-8 UTF-8"
    let manager = PackageManager(files)
    let program = ["/usr/sbin/locale-gen", "/usr/bin/locale-gen"].first(where: files.exists)
    if program != nil || manager == .apt {
      let install = program == nil ? "/usr/bin/apt-get install -y locales && " : ""
      return Fix(
        install + "{ /usr/bin/grep -qx '\(line)' /etc/locale.gen || echo '\(line)' >> /etc/locale.gen; }"
          + " && " + (program ?? "/usr/sbin/locale-gen"),
        needsRoot: true)
    }
    switch manager {
    case .dnf: return .install("glibc-langpack-" + words[0].prefix { $0 != "_" }, with: .dnf)
    case .zypper: return .install("glibc-locale", with: .zypper)
    default: return nil
    }
  }

  func checkTerminal() -> Finding {
    guard let name = variable("TERM") else {
      return isatty(STDOUT_FILENO) == 1 ? Finding(.warning, .terminalUnknown) : Finding(.skipped, .notNeeded)
    }
    guard name.utf8.count <= 64, !name.contains("/"), let initial = name.utf8.first else {
      return Finding(.warning, .terminalUnknown, [Evidence(.terminal, name)])
    }
    let home = variable("HOME") ?? ""
    var folders = [variable("TERMINFO"), home.isEmpty ? nil : home + "/.terminfo"].compactMap { $0 }
    folders += (variable("TERMINFO_DIRS") ?? "").split(separator: ":").map(String.init)
    folders += ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"]
    // By first letter, or by its code where file names have no case.
    let parts = [String(name.prefix(1)), String(initial, radix: 16)]
    let found = folders.contains { folder in parts.contains { live.exists(folder + "/" + $0 + "/" + name) } }
    return found
      ? .ok([Evidence(.terminal, name)]) : Finding(.warning, .terminalUnknown, [Evidence(.terminal, name)])
  }

  func checkSystem() -> Finding {
    var evidence: [Evidence] = []
    let release = files.text("/etc/os-release") ?? files.text("/usr/lib/os-release") ?? ""
    if let name = release.split(separator: "\n").first(where: { $0.hasPrefix("PRETTY_NAME=") }) {
      evidence.append(Evidence(.distribution, name.dropFirst(12).filter { $0 != "\"" }))
    }
    var names = utsname()
    if uname(&names) == 0 {
      evidence.append(Evidence(.kernel, text(names.release)))
      evidence.append(Evidence(.architecture, text(names.machine)))
    }
    if let container { evidence.append(Evidence(.container, container)) }
    evidence.append(Evidence(.session, session))
    if !options.programVersion.isEmpty { evidence.append(Evidence(.programVersion, options.programVersion)) }
    evidence += packageVersions.map { Evidence(.libraryVersion, $0) }
    return .ok(evidence)
  }

  private func text<Tuple>(_ tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// `libccid 1.5.2-1` of the packages that matter, as dpkg's own list has them; empty elsewhere.
  var packageVersions: [String] {
    guard var bytes = files.bytes("/var/lib/dpkg/status", limit: 16 << 20) else { return [] }
    bytes.append(0)
    return bytes.withUnsafeBufferPointer { buffer -> [String] in
      buffer.withMemoryRebound(to: CChar.self) { text -> [String] in
        guard let start = text.baseAddress else { return [] }
        return ["pcscd", "libpcsclite1", "libccid", "opensc-pkcs11", "libssl3"].compactMap { name in
          guard let entry = strstr(start, "\nPackage: " + name + "\n"),
            let line = strstr(entry, "\nVersion: "), let end = strstr(entry, "\n\n"), line < end
          else { return nil }
          return name + " " + String(cString: line + 10).prefix { $0 != "\n" }.prefix(100)
        }
      }
    }
  }

  /// The kind of container this runs in, if it does.
  var container: String? {
    if files.exists("/.flatpak-info") { return "flatpak" }
    if variable("SNAP") != nil { return "snap" }
    if files.exists("/run/.containerenv") { return "podman" }
    if files.exists("/.dockerenv") { return "docker" }
    if let name = variable("container") { return name }
    if let version = live.value("/proc/version"), version.lowercased().contains("microsoft") { return "wsl" }
    return nil
  }

  var isRemote: Bool { variable("SSH_CONNECTION") != nil || variable("SSH_TTY") != nil }

  /// How the user is logged in, as far as the environment tells.
  var session: String {
    if isRemote { return "ssh" }
    if let kind = variable("XDG_SESSION_TYPE") { return kind }
    return isatty(STDIN_FILENO) == 1 ? "terminal" : "no terminal"
  }
}
