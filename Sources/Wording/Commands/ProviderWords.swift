package import TokenKit

/// The words that only `ukey provider` prints.
package struct ProviderWords {
  package var isFor: String
  package var nothingListed: String
  package var notAsked: String
  package var usbUnknown: String
  package var byCards: String
  /// Of a plugged-in key for which only a library of the configuration may be.
  package var perhaps: String
  /// Of a module that is looked at only when `--provider` names it.
  package var onlyNamed: String
  /// Why a library is looked at.
  package var origin: @Sendable (LibraryFile.Origin) -> String
  /// What stands before the lines of `ukey provider test`.
  package var exports: String
  package var missing: String
  /// Whether a locked key can be unlocked by an answer from afar.
  package var unlocking: String
  package var unlocksRemotely: String
  package var unlocksAtDesk: String
  package var abi: String
  package var sandbox: String
  /// What keeps the library to itself, and what of it the kernel does not offer.
  package var confinement: @Sendable (Sandbox, Confinement) -> String
  package var device: String
  package var noDevice: String
  package var printed: String

  package static subscript(language: Language) -> ProviderWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = ProviderWords(
    isFor: "用于已插入的 ", nothingListed: "没有插入它对应的已知 U-Key；仍会尝试，它可能支持未列出的型号",
    notAsked: "没有插入它可能支持的设备；status 等命令不启动它，管理窗口和 watch 会启动以等待插入",
    usbUnknown: "无法查看 USB 设备（没有 /sys/bus/usb），不知道插入了什么", byCards: "由读卡服务（pcscd）读取，不需要厂商动态库",
    perhaps: "列表中的动态库都不在本机；配置文件指定的动态库是否用于它，不清楚",
    onlyNamed: "（默认不使用，须用 --provider 指定）",
    origin: { origin in
      switch origin {
      case .commandLine: "命令行指定"
      case .configuration: "配置文件"
      case .knownPath: "厂商默认位置"
      case .p11Kit: "p11-kit 列表"
      }
    },
    exports: "导出函数", missing: "缺少函数", unlocking: "解锁",
    unlocksRemotely: "可以凭办理台的批准文件远程解锁（SKF_GenRemoteUnblockRequest、SKF_RemoteUnblockPIN）",
    unlocksAtDesk: "只能在办理台用管理员密码解锁（没有远程解锁的两个函数）", abi: "ABI", sandbox: "沙箱",
    confinement: { sandbox, inForce in
      line(sandbox, inForce, "  ✕ 系统不支持：") { name in
        switch name {
        case "session": "独立会话，没有终端"
        case "privileges": "没有特权"
        case "limits": "资源上限"
        case "files": "文件（Landlock）"
        default: "网络、程序和进程（seccomp）"
        }
      }
    },
    device: "设备", noDevice: "没有", printed: "库的输出")

  private static let en = ProviderWords(
    isFor: "for the plugged-in ",
    nothingListed: "no key listed for it is plugged in; it is asked all the same, as it may serve others",
    notAsked: "nothing it may serve is plugged in; status and the like do not start it, the manager and watch do",
    usbUnknown: "the USB devices cannot be looked at (no /sys/bus/usb): what is plugged in is not known",
    byCards: "read by the reader service (pcscd), needs no maker's library",
    perhaps: "no library listed for it is here; whether the one that you configured is for it is not known",
    onlyNamed: "(not used unless named with --provider)",
    origin: { origin in
      switch origin {
      case .commandLine: "named"
      case .configuration: "from the configuration"
      case .knownPath: "in its maker's place"
      case .p11Kit: "from p11-kit's list"
      }
    },
    exports: "exports", missing: "missing", unlocking: "unlocking",
    unlocksRemotely: "by an answer from the desk, from afar (SKF_GenRemoteUnblockRequest, SKF_RemoteUnblockPIN)",
    unlocksAtDesk: "only at the desk, with the administrator PIN (no functions for an answer from afar)", abi: "ABI",
    sandbox: "sandbox",
    confinement: { sandbox, inForce in
      line(sandbox, inForce, "  ✕ not offered by this system: ") { name in
        switch name {
        case "session": "own session, no terminal"
        case "privileges": "no privileges"
        case "limits": "limits"
        case "files": "files (Landlock)"
        default: "network, programs and processes (seccomp)"
        }
      }
    },
    device: "device", noDevice: "none", printed: "printed")

  private static func line(
    _ sandbox: Sandbox, _ inForce: Confinement, _ missing: String, _ name: (String) -> String
  ) -> String {
    func names(_ parts: Confinement) -> String {
      Confinement.parts.filter { parts.contains($0.part) }.map { name($0.name) }.joined(separator: " · ")
    }
    let absent = Confinement.wanted(sandbox).subtracting(inForce)
    return sandbox.rawValue + ": " + names(inForce) + (absent.isEmpty ? "" : missing + names(absent))
  }
}
