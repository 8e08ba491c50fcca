import TokenKit

/// What installs packages on a distribution, and what it calls the packages that a repair names.
enum PackageManager: CaseIterable {
  /// Debian, Ubuntu, UOS, Deepin, Kylin's desktop.
  case apt
  /// Fedora, Red Hat, openEuler, Kylin's server.
  case dnf
  /// The same before dnf.
  case yum
  /// openSUSE.
  case zypper
  /// Arch.
  case pacman
  /// Alpine.
  case apk

  /// The one of this machine; `nil` where none is known, and where the system is an image that it does not change (ostree).
  init?(_ files: SystemFiles) {
    guard !files.exists("/run/ostree-booted"),
      let found = Self.allCases.first(where: { files.isExecutable($0.program) })
    else { return nil }
    self = found
  }

  private var program: String {
    switch self {
    case .apt: "/usr/bin/apt-get"
    case .dnf: "/usr/bin/dnf"
    case .yum: "/usr/bin/yum"
    case .zypper: "/usr/bin/zypper"
    case .pacman: "/usr/bin/pacman"
    case .apk: "/sbin/apk"
    }
  }

  /// Installs the packages that stand behind it, and asks nothing.
  var command: String {
    switch self {
    case .apt, .dnf, .yum: program + " install -y"
    case .zypper: program + " --non-interactive install"
    case .pacman: program + " -S --needed --noconfirm"
    case .apk: program + " add"
    }
  }

  /// pcscd, and the driver with it.
  var readerService: String {
    switch self {
    case .apt: "pcscd " + readerDriver
    case .dnf, .yum, .zypper, .apk: "pcsc-lite " + readerDriver
    case .pacman: "pcsclite " + readerDriver
    }
  }

  /// The driver of USB readers.
  var readerDriver: String {
    switch self {
    case .apt: "libccid"
    case .dnf, .yum: "pcsc-lite-ccid"
    case .zypper: "pcsc-ccid"
    case .pacman, .apk: "ccid"
    }
  }
}
