/// A part of the file system that a confined library may use; what no rule names is closed to it.
struct FileRule: Equatable {
  enum Access: Equatable {
    case read
    case write

    /// Landlock's bits.
    func rights(isFolder: Bool) -> UInt64 {
      // READ_FILE and READ_DIR; with them WRITE_FILE, TRUNCATE, making and removing what is no device, and moving it.
      let read: UInt64 = 0b1100
      let write = [1, 4, 5, 7, 8, 9, 10, 12, 13, 14].reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
      let ofFiles: UInt64 = 1 << 1 | 1 << 2 | 1 << 14
      return (self == .read ? read : read | write) & (isFolder ? .max : ofFiles)
    }
  }

  var path: String
  var access: Access

  /// The rights over files that this version of Landlock knows: EXECUTE to MAKE_SYM, then REFER, then TRUNCATE.
  static func rights(_ version: Int32) -> UInt64 {
    (1 << (version >= 3 ? 15 : version == 2 ? 14 : 13)) - 1
  }

  /// Where the library is and for whom; all paths without symbolic links.
  struct Place {
    var home: String
    var library: String
    var process: Int32
    var isRoot: Bool
    /// From the configuration.
    var files: [String]
  }

  /// - Parameter list: the names in a folder; none when it cannot be read.
  static func all(_ sandbox: Sandbox, _ place: Place, list: @escaping (String) -> [String]) -> [FileRule] {
    var closed = secrets(of: place.home) + (place.home == "/root" ? [] : ["/root"]) + ["/run/user", "/var/spool"]
    // Root reads what nobody else does.
    if place.isRoot {
      closed += ["/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/ssh", "/etc/ssl/private"]
    }
    if sandbox == .strict { closed.append(place.home) }
    let tree = Tree(
      closed: closed.filter { $0.hasPrefix("/") && $0 != "/" }, needed: [place.home, place.library], list: list)
    var rules = processes(place.process, list) + devices(list)
    for name in list("/") where !["proc", "dev", "boot", "lost+found"].contains(name) {
      if isSystem(name) {
        rules += tree.open("/" + name, .read)
      } else if sandbox == .relaxed {
        rules += tree.open("/" + name, .write)
      } else if name == "tmp" {
        rules += tree.open("/tmp", .write)
      } else if name == "run" {
        rules += tree.open("/run", .read)
      }
    }
    if sandbox == .strict {
      let folder = place.library.lastIndex(of: "/").map { String(place.library[..<$0]) } ?? ""
      if !folder.isEmpty, folder != place.home { rules += tree.open(folder, .read) }
      rules.append(FileRule(path: place.library, access: .read))
    }
    return rules + place.files.map { FileRule(path: $0, access: .write) }
  }

  private static func isSystem(_ name: String) -> Bool {
    ["usr", "bin", "sbin", "etc", "sys", "nix", "snap"].contains(name) || name.hasPrefix("lib")
      || name == "opt"
  }

  /// The machine's own files in /proc and those of this process; of other processes nothing.
  private static func processes(_ own: Int32, _ list: (String) -> [String]) -> [FileRule] {
    let closed = ["kcore", "kmsg", "sysrq-trigger", "self", "thread-self"]
    let names = list("/proc").filter { !closed.contains($0) && $0.first?.isNumber == false }
    return names.map { FileRule(path: "/proc/" + $0, access: .read) } + [FileRule(path: "/proc/\(own)", access: .write)]
  }

  /// Keys hang on USB, as storage, as a keyboard's sibling or on a serial line. No terminal is among them, nor a disk.
  private static func devices(_ list: (String) -> [String]) -> [FileRule] {
    let names = ["null", "zero", "full", "random", "urandom", "shm", "mqueue", "bus", "usb"]
    let beginnings = ["hidraw", "usbdev", "sg", "sr", "ttyUSB", "ttyACM", "tpm"]
    return list("/dev").filter { name in names.contains(name) || beginnings.contains { name.hasPrefix($0) } }
      .map { FileRule(path: "/dev/" + $0, access: .write) }
  }

  /// What no library for keys has to look for: secrets of other programs, and what would be run later without a sandbox.
  private static func secrets(of home: String) -> [String] {
    guard home.hasPrefix("/"), home != "/" else { return [] }
    return [
      ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".git-credentials", ".gitconfig",
      ".password-store",
      ".mozilla", ".thunderbird", ".bash_history", ".zsh_history", ".bashrc", ".bash_profile", ".bash_login",
      ".bash_logout",
      ".profile", ".zshrc", ".zshenv", ".zprofile", ".zlogin", ".xprofile", ".xsession", ".xsessionrc", ".xinitrc",
      ".pam_environment", "bin", ".local/bin", ".local/share/keyrings", ".local/share/kwalletd",
      ".local/share/applications",
      ".local/share/systemd", ".local/state/ukey", ".config/ukey", ".config/pkcs11", ".config/autostart",
      ".config/systemd",
      ".config/environment.d", ".config/fish", ".config/git", ".config/gh", ".config/gcloud", ".config/google-chrome",
      ".config/chromium", ".config/microsoft-edge", ".config/BraveSoftware", ".config/keepassxc",
      // Editors, multiplexers, debuggers and desktops run what stands there.
      ".vim", ".vimrc", ".config/nvim", ".emacs", ".emacs.d", ".config/emacs", ".vscode", ".config/Code", ".tmux.conf",
      ".config/tmux", ".screenrc", ".gdbinit", ".config/gdb", ".cargo", ".npmrc", ".local/lib", ".local/share/dbus-1",
      ".local/share/nautilus", ".local/share/gnome-shell", ".config/plasma-workspace",
    ].map { home + "/" + $0 }
  }

  private struct Tree {
    var closed: [String]
    /// Told whole even where a folder has more names than are listed: /tmp with years in it, /home of a university.
    var needed: [String]
    var list: (String) -> [String]

    /// The whole of it, or around what is closed the parts that are not.
    func open(_ path: String, _ access: Access) -> [FileRule] {
      if closed.contains(path) { return [] }
      guard closed.contains(where: { $0.hasPrefix(path + "/") }) else { return [FileRule(path: path, access: access)] }
      var names = list(path)
      for place in needed where place.hasPrefix(path + "/") {
        let rest = place.utf8.dropFirst(path.utf8.count + 1)
        let name = String(decoding: rest.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
        if !names.contains(name) { names.append(name) }
      }
      return names.flatMap { open(path + "/" + $0, access) }
    }
  }
}
