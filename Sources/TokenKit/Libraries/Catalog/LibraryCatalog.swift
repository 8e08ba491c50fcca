package import Base
internal import CertificateKit
package import Failures
internal import Glibc

/// The vendor libraries on this machine: named by the user, in the makers' known places, and in p11-kit's list.
///
/// The configuration is `/etc/ukey/providers.conf`, then `~/.config/ukey/providers.conf`, in the format of all settings files
/// (`SettingsLine`): a section a library, named as on the command line; `[p11-kit]` takes the modules of p11-kit's list
/// too. A line `skf:/PATH WORD …` says the same in one.
///
///     [skf:/opt/maker/libkey.so]
///     limit = 20
///     pkcs11:/usr/lib/libtoken.so off
///
/// `limit` is the seconds a call may take, `off` leaves a library out even where it would be found, `sandbox`
/// (strict, relaxed, off) says how far the library is kept to itself, `files` and `env` what it is given nevertheless.
package struct LibraryCatalog: Sendable {
  /// Looked at when the command line says nothing.
  package private(set) var chosen: [LibraryFile] = []
  /// The modules of p11-kit's list that it does not keep from this program, by their names.
  ///
  /// Read each time it is asked for: a start that does not need the list does not pay for it.
  package var p11Kit: [(name: String, library: LibraryFile)] { Self.readP11Kit() }
  /// Lines of the configuration that were not understood.
  package private(set) var mistakes: [SettingsMistake] = []
  /// `UK-614` for each settings file that another user could have written; nothing of it is used.
  package private(set) var refused: [Failure] = []

  // Lists, not dictionaries: a handful at most, and the runtime need not look for what hashing takes at every start.
  private var settings: [(path: String, set: @Sendable (inout LibraryFile) -> Void)] = []
  private var excluded: [String] = []
  private var takesP11Kit = false

  private static let fileLimit = 65_536
  private static let mistakeLimit = 20
  private static let libraryLimit = 32

  /// Reads the configuration and looks at the known places, those of ``KnownDevices/folders`` too; loads nothing.
  ///
  /// - Parameter root: of a recorded tree in which the known places are; empty for this machine.
  package init(root: String = "") {
    let files = SystemFiles(root: root)
    let devices = KnownDevices.builtInLibraries.extended(files, home: Self.inHome("").first ?? "")
    mistakes = devices.mistakes
    refused = devices.refused
    var configured: [LibraryFile] = []
    for path in ["/etc/ukey/providers.conf"] + Self.inHome("/.config/ukey/providers.conf") {
      if let failure = Self.refusal(path) {
        refused.append(failure)
        continue
      }
      let bytes = (try? readBeginning(of: path, limit: Self.fileLimit)) ?? []
      if !bytes.isEmpty { configured += read(bytes, file: path) }
    }
    // A library for cards would only read, slowly, what PC/SC has shown already.
    let known = devices.libraries.filter { !$0.isForCards }.flatMap { library in
      library.candidatePaths.map {
        LibraryFile(path: files.path($0), kind: library.interface, origin: .knownPath)
      }
    }.filter { access($0.path, R_OK) == 0 }
    var seen: [String] = []
    for library in configured + known + (takesP11Kit ? p11Kit.map(\.library).filter { !$0.isTrustPolicy } : []) {
      let real = Self.realPath(library.path)
      guard !excluded.contains(real), !excluded.contains(library.path), !seen.contains(real) else { continue }
      seen.append(real)
      if chosen.count < Self.libraryLimit { chosen.append(limited(library)) }
    }
  }

  /// The keys on USB and the libraries that are for them.
  package func pluggedKeys(root: String = "") -> PluggedKeys {
    PluggedKeys(chosen, root: root, home: Self.inHome("").first ?? "")
  }

  /// The library that a word of the command line means: `skf:PATH`, `pkcs11:PATH`, `pkcs11:NAME` with a name of p11-kit's
  /// list. `nil` when it is none of these.
  package func library(_ word: String) -> LibraryFile? {
    guard let (kind, place) = Self.split(word) else { return nil }
    if kind == .pkcs11, !place.contains("/"), let module = p11Kit.first(where: { $0.name == place }) {
      return limited(module.library)
    }
    return limited(LibraryFile(path: Self.absolute(place), kind: kind, origin: .commandLine))
  }

  /// Which interface a library has, by its name's look alone; the file is not opened. For `ukey provider test PATH`.
  package static func split(_ word: String) -> (LibraryKind, String)? {
    for kind in LibraryKind.allCases where word.hasPrefix(kind.rawValue + ":") {
      let place = String(word.dropFirst(kind.rawValue.utf8.count + 1))
      return place.isEmpty ? nil : (kind, place)
    }
    return nil
  }

  private func limited(_ library: LibraryFile) -> LibraryFile {
    var result = library
    let real = Self.realPath(library.path)
    for setting in settings where setting.path == real || setting.path == library.path { setting.set(&result) }
    return result
  }

  /// Takes one file of the configuration in.
  ///
  /// - Returns: the libraries that it names to be used.
  mutating func read(_ bytes: [UInt8], file: String) -> [LibraryFile] {
    var entries: [Entry] = []
    var isInLibrary = false
    bytes.withUnsafeBufferPointer { bytes in
      readSettings(bytes) { line in
        var isTaken = true
        let words = line.text.string.split { $0 == " " || $0 == "\t" }.map(String.init)
        switch line.content {
        case .section(let name):
          let name = name.string
          isInLibrary = name != "p11-kit"
          if isInLibrary, let entry = Entry(name) {
            entries.append(entry)
          } else {
            takesP11Kit = takesP11Kit || !isInLibrary
            isTaken = !isInLibrary
            isInLibrary = false
          }
        case _ where words == ["p11-kit"]: takesP11Kit = true
        case _ where words.first.flatMap(Entry.init) != nil:
          // A library in one line.
          guard var entry = words.first.flatMap(Entry.init) else { break }
          for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? parts[1] : nil
            if parts.isEmpty || !entry.set(parts[0], value) { isTaken = false }
          }
          entries.append(entry)
        case .entry(let key, let value):
          isTaken = isInLibrary && !entries.isEmpty && entries[entries.count - 1].set(key.string, value.string)
        case .other:
          isTaken = isInLibrary && !entries.isEmpty && entries[entries.count - 1].set(line.text.string, nil)
        }
        if !isTaken, mistakes.count < Self.mistakeLimit {
          mistakes.append(line.mistake(in: file, shown: { displaySafe($0) }))
        }
      }
    }
    for entry in entries {
      settings += entry.settings.map { (entry.path, $0) }
      if entry.isOff { excluded += [entry.path, Self.realPath(entry.path)] }
    }
    return entries.filter { !$0.isOff }.map { LibraryFile(path: $0.path, kind: $0.kind, origin: .configuration) }
  }

  /// What the configuration says of one library.
  private struct Entry {
    var path: String
    var kind: LibraryKind
    var isOff = false
    var settings: [@Sendable (inout LibraryFile) -> Void] = []

    /// `nil` for what names no library by a whole path.
    init?(_ name: String) {
      guard let (kind, path) = LibraryCatalog.split(name), path.hasPrefix("/") else { return nil }
      self.kind = kind
      self.path = path
    }

    /// - Returns: `false` when the key or its value means nothing.
    mutating func set(_ key: String, _ value: String?) -> Bool {
      switch (key, value) {
      case ("off", nil), ("off", "yes"): isOff = true
      case ("off", "no"): isOff = false
      case ("limit", let value?):
        guard let seconds = Int(value), (1...600).contains(seconds) else { return false }
        settings.append { $0.limit = .seconds(seconds) }
      case ("sandbox", let value?):
        guard let sandbox = Sandbox(rawValue: value) else { return false }
        settings.append { $0.sandbox = sandbox }
      case ("key-in-blob", let value?):
        guard let alignment = EnvelopedKey.Alignment(rawValue: value) else { return false }
        settings.append { $0.pairAlignment = alignment }
      case ("files", let value?) where value.hasPrefix("/"): settings.append { $0.files.append(value) }
      case ("env", let value?) where !value.isEmpty: settings.append { $0.variables.append(value) }
      default: return false
      }
      return true
    }
  }

  // MARK: p11-kit

  /// The `*.module` files of pkcs11.conf(5). A file of the same name nearer to the user replaces the farther one.
  private static func readP11Kit() -> [(name: String, library: LibraryFile)] {
    var modules: [String: [String: String]] = [:]
    for folder in ["/usr/share/p11-kit/modules", "/etc/pkcs11/modules"] + Self.inHome("/.config/pkcs11/modules") {
      for file in Self.files(in: folder) where file.hasSuffix(".module") && refusal(folder + "/" + file) == nil {
        var values: [String: String] = [:]
        for (_, line) in Self.lines(folder + "/" + file) where !line.hasPrefix("#") {
          guard let colon = line.firstIndex(of: ":") else { continue }
          let key = line[..<colon].filter { $0 != " " && $0 != "\t" }
          values[String(key)] = Self.trimmed(line[line.index(after: colon)...])
        }
        modules[String(file.dropLast(7))] = values
      }
    }
    return modules.sorted { $0.key < $1.key }.compactMap { name, values in
      guard let module = values["module"], !module.isEmpty, isEnabled(values) else { return nil }
      let path = module.hasPrefix("/") ? module : moduleFolder + module
      var library = LibraryFile(path: path, kind: .pkcs11, origin: .p11Kit)
      library.isTrustPolicy = values["trust-policy"] == "yes"
      return (name, library)
    }
  }

  /// `enable-in` and `disable-in` name programs; ours is `ukey`.
  private static func isEnabled(_ values: [String: String]) -> Bool {
    func names(_ key: String) -> [Substring]? { values[key]?.split { $0 == "," || $0 == " " } }
    if let enabled = names("enable-in") { return enabled.contains("ukey") }
    return names("disable-in")?.contains("ukey") != true
  }

  /// Where p11-kit looks for modules without a path.
  private static var moduleFolder: String {
    #if arch(arm64)
      "/usr/lib/aarch64-linux-gnu/pkcs11/"
    #else
      "/usr/lib/x86_64-linux-gnu/pkcs11/"
    #endif
  }

  // MARK: Files

  private static func inHome(_ rest: String) -> [String] {
    TrustedPath.home.map { [$0 + rest] } ?? []
  }

  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  private static func realPath(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }

  /// Why a settings file is not used; `nil` for one that may be, and for one that is not there.
  private static func refusal(_ path: String) -> Failure? {
    do throws(Failure) {
      try Failure.checkTrust(path, missing: .fileRead)
    } catch {
      return error.code == .pathUntrusted ? error : nil
    }
    return nil
  }

  /// Numbered lines of a small file; none when it cannot be read.
  private static func lines(_ path: String) -> [(Int, Substring)] {
    let bytes = (try? readBeginning(of: path, limit: fileLimit)) ?? []
    if bytes.isEmpty { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { ($0.offset + 1, $0.element) }
  }

  private static func files(in folder: String) -> [String] {
    ((try? listFolder(folder, limit: 256)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }
}
