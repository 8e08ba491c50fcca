/// Which environment variables a library's process is given.
enum LibraryEnvironment {
  /// - Parameter named: by `env=` in the configuration.
  static func keeps(_ name: String, _ sandbox: Sandbox, named: [String]) -> Bool {
    if sandbox == .off || named.contains(name) { return true }
    let isUsual =
      [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "PCSCLITE_CSOCK_NAME",
      ].contains(name) || name.hasPrefix("LC_")
    // Modules are told by variables of their own where their settings are; ways to the desktop, to agents, and what looks
    // like a secret they are not told.
    return isUsual || (sandbox == .relaxed && !isOfOthers(name))
  }

  private static func isOfOthers(_ name: String) -> Bool {
    let beginnings = ["SSH_", "GPG_", "DBUS_", "GNOME_", "KDE_", "AWS_", "AZURE_", "GOOGLE_", "LD_", "SUDO_"]
    let names = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "SESSION_MANAGER", "TERMINFO", "TERM"]
    let parts = ["TOKEN", "SECRET", "PASSW", "PASSPHRASE", "CREDENTIAL", "API_KEY", "APIKEY", "_PROXY"]
    let upper = name.uppercased()
    return beginnings.contains { upper.hasPrefix($0) } || names.contains(upper) || parts.contains { upper.contains($0) }
  }
}
