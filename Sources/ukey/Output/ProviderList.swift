import Failures
import StrictJSON
import TokenKit

/// `ukey provider list`: the libraries of this machine beside the keys that are plugged in. Loads nothing.
struct ProviderList {
  private let catalog: LibraryCatalog
  private let plugged: PluggedKeys
  private let modules: [LibraryFile]
  private let language: Language

  /// - Parameter root: of a recorded tree; empty for this machine.
  init(root: String, language: Language) {
    catalog = LibraryCatalog(root: root)
    plugged = catalog.pluggedKeys(root: root)
    modules = catalog.p11Kit.map(\.library)
    self.language = language
  }

  /// Lines of the configuration that were not understood.
  var mistakes: [String] { catalog.mistakes }

  var json: JSONValue {
    .object([
      ("schema", "ukey.provider-list/1"),
      ("providers", .array(libraries.map { row($0, isUsed: true) } + modules.map { row($0, isUsed: false) })),
      ("devices", plugged.isKnown ? .array(plugged.keys.map(device)) : nil),
      ("mistakes", mistakes.isEmpty ? nil : .array(mistakes.map { .string($0) })),
    ])
  }

  /// In the order in which they are asked.
  private var libraries: [LibraryFile] { plugged.ordered(catalog.chosen) }

  private func row(_ library: LibraryFile, isUsed: Bool) -> JSONValue {
    .object([
      ("provider", .string(library.provider)), ("origin", .string(library.origin.rawValue)), ("used", .bool(isUsed)),
      ("machine", (try? library.check()).map { .string($0.text) }),
      ("devices", isUsed ? .array(plugged.keys(of: library).map { .string($0.device.id) }) : nil),
      ("nothingForIt", isUsed && plugged.hasNothing(for: library) ? .bool(true) : nil),
    ])
  }

  private func device(_ key: PluggedKeys.Key) -> JSONValue {
    .object([
      ("id", .string(key.device.id)), ("name", .string(key.device.name)),
      ("transport", .string(key.device.transport.rawValue)), ("pcsc", .bool(key.isForPCSC)),
      ("libraries", .array(key.served.map { .string($0.provider) })),
      ("wanted", .array(key.wanted.flatMap(\.candidatePaths).map { .string($0) })),
      ("error", key.isUnreached ? FailureReport(failure: key.failure(), language: language).inner : nil),
    ])
  }

  var text: String {
    let words = ProviderWords[language]
    var lines = ["pcsc"]
    for library in libraries {
      lines.append(line(library))
      let keys = plugged.keys(of: library)
      lines += keys.map { "  ● " + words.isFor + displaySafe($0.title) }
      if keys.isEmpty, plugged.isKnown {
        lines.append("  ○ " + (plugged.hasNothing(for: library) ? words.notAsked : words.nothingListed))
      }
    }
    lines += modules.map { line($0) + "  (--provider)" }
    if !plugged.isKnown { lines += ["", "? " + words.usbUnknown] }
    for key in plugged.keys where key.isForPCSC {
      lines += ["", "● " + displaySafe(key.title), "  → " + words.byCards]
    }
    for key in plugged.keys where !key.isForPCSC && key.served.isEmpty && key.mayBeServed {
      lines += ["", "? " + displaySafe(key.title), "  → " + words.perhaps]
    }
    for key in plugged.unreached {
      lines += ["", "✕ " + FailureReport(failure: key.failure(), language: language).text]
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ library: LibraryFile) -> String {
    let state: String
    do throws(Failure) {
      state = "✓ " + (try library.check().text)
    } catch {
      state = "✕ " + error.line(language)
    }
    return [displaySafe(library.provider), library.origin.rawValue, state].joined(separator: "  ")
  }
}

/// The words that only `ukey provider list` prints.
private struct ProviderWords {
  var isFor: String
  var nothingListed: String
  var notAsked: String
  var usbUnknown: String
  var byCards: String
  var perhaps: String

  static subscript(language: Language) -> ProviderWords {
    switch language {
    case .zh:
      ProviderWords(
        isFor: "用于已插入的 ", nothingListed: "没有插入它对应的已知 U-Key；仍会尝试，它可能支持未列出的型号",
        notAsked: "没有插入它可能支持的设备；status 等命令不启动它，管理窗口和 watch 会启动以等待插入",
        usbUnknown: "无法查看 USB 设备（没有 /sys/bus/usb），不知道插入了什么", byCards: "由读卡服务（pcscd）读取，不需要厂商动态库",
        perhaps: "列表中的动态库都不在本机；配置文件指定的动态库是否用于它，不清楚")
    case .en:
      ProviderWords(
        isFor: "for the plugged-in ",
        nothingListed: "no key listed for it is plugged in; it is asked all the same, as it may serve others",
        notAsked: "nothing it may serve is plugged in; status and the like do not start it, the manager and watch do",
        usbUnknown: "the USB devices cannot be looked at (no /sys/bus/usb): what is plugged in is not known",
        byCards: "read by the reader service (pcscd), needs no maker's library",
        perhaps: "no library listed for it is here; whether the one that you configured is for it is not known")
    }
  }
}
