import Failures
import StrictJSON
import TokenKit
import Wording

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
  var mistakes: [String] { catalog.mistakes.map(\.description) }

  var json: JSONValue {
    .object([
      ("schema", "ukey.provider-list/1"), ("time", documentTime()),
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
    var lines = [ProviderKind.pcsc.rawValue]
    for library in libraries {
      lines.append(line(library))
      let keys = plugged.keys(of: library)
      lines += keys.map { "  " + Symbol.present.before(words.isFor + displaySafe($0.title)) }
      if keys.isEmpty, plugged.isKnown {
        lines.append(
          "  " + Symbol.absent.before(plugged.hasNothing(for: library) ? words.notAsked : words.nothingListed))
      }
    }
    lines += modules.map { line($0) + "  " + words.onlyNamed }
    if !plugged.isKnown { lines += ["", Symbol.unknown.before(words.usbUnknown)] }
    for key in plugged.keys where key.isForPCSC {
      lines += ["", Symbol.present.before(displaySafe(key.title)), "  " + Symbol.next.before(words.byCards)]
    }
    for key in plugged.keys where !key.isForPCSC && key.served.isEmpty && key.mayBeServed {
      lines += ["", Symbol.unknown.before(displaySafe(key.title)), "  " + Symbol.next.before(words.perhaps)]
    }
    for key in plugged.unreached {
      lines += ["", Symbol.error.before(FailureReport(failure: key.failure(), language: language).text)]
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ library: LibraryFile) -> String {
    let state: String
    do throws(Failure) {
      state = Symbol.ok.before(try library.check().text)
    } catch {
      state = Symbol.error.before(error.line(language))
    }
    return [displaySafe(library.provider), ProviderWords[language].origin(library.origin), state].joined(
      separator: "  ")
  }
}
