internal import Base
internal import Glibc

/// The vendor libraries on this machine: named by the user, in the makers' known places, and in p11-kit's list.
///
/// The configuration is `/etc/ukey/providers.conf`, then `~/.config/ukey/providers.conf`; one library a line as on the
/// command line, `#` begins a comment, words may follow the path:
///
///     skf:/opt/maker/libkey.so limit=20
///     pkcs11:/usr/lib/libtoken.so off
///     p11-kit
///
/// `limit=SECONDS` is the time a call may take, `off` leaves a library out even where it would be found, `p11-kit` takes
/// the modules of p11-kit's list too. `sandbox=strict|relaxed|off` says how far the library is kept to itself, `files=/PATH`
/// and `env=NAME` what it is given nevertheless.
package struct LibraryCatalog: Sendable {
  /// Looked at when the command line says nothing.
  package private(set) var chosen: [LibraryFile] = []
  /// The modules of p11-kit's list that it does not keep from this program, by their names.
  ///
  /// Read each time it is asked for: a start that does not need the list does not pay for it.
  package var p11Kit: [(name: String, library: LibraryFile)] { Self.readP11Kit() }
  /// Lines of the configuration that were not understood, as `FILE:LINE`.
  package private(set) var mistakes: [String] = []

  // Lists, not dictionaries: a handful at most, and the runtime need not look for what hashing takes at every start.
  private var settings: [(path: String, set: @Sendable (inout LibraryFile) -> Void)] = []
  private var excluded: [String] = []
  private var takesP11Kit = false

  private static let fileLimit = 65_536
  private static let libraryLimit = 32

  /// Reads the configuration and looks at the known places, those of ``KnownDevices/folders`` too; loads nothing.
  ///
  /// - Parameter root: of a recorded tree in which the known places are; empty for this machine.
  package init(root: String = "") {
    let files = SystemFiles(root: root)
    let devices = KnownDevices.builtInLibraries.extended(files, home: Self.inHome("").first ?? "")
    mistakes = devices.mistakes
    var configured: [LibraryFile] = []
    for path in ["/etc/ukey/providers.conf"] + Self.inHome("/.config/ukey/providers.conf") {
      for (number, line) in Self.lines(path) { take(line, at: "\(path):\(number)", &configured) }
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

  private mutating func take(_ line: Substring, at place: String, _ configured: inout [LibraryFile]) {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard let first = words.first, !first.hasPrefix("#") else { return }
    if first == "p11-kit", words.count == 1 {
      takesP11Kit = true
      return
    }
    guard let (kind, path) = Self.split(String(first)), path.hasPrefix("/") else {
      mistakes.append(place)
      return
    }
    var isOff = false
    for word in words.dropFirst() {
      if word == "off" {
        isOff = true
      } else if word.hasPrefix("limit="), let seconds = Int(word.dropFirst(6)), (1...600).contains(seconds) {
        settings.append((path, { $0.limit = .seconds(seconds) }))
      } else if word.hasPrefix("sandbox="), let sandbox = Sandbox(rawValue: String(word.dropFirst(8))) {
        settings.append((path, { $0.sandbox = sandbox }))
      } else if word.hasPrefix("files=/") {
        settings.append((path, { $0.files.append(String(word.dropFirst(6))) }))
      } else if word.hasPrefix("env="), word.count > 4 {
        settings.append((path, { $0.variables.append(String(word.dropFirst(4))) }))
      } else {
        mistakes.append(place)
      }
    }
    if isOff {
      excluded += [path, Self.realPath(path)]
    } else {
      configured.append(LibraryFile(path: path, kind: kind, origin: .configuration))
    }
  }

  // MARK: p11-kit

  /// The `*.module` files of pkcs11.conf(5). A file of the same name nearer to the user replaces the farther one.
  private static func readP11Kit() -> [(name: String, library: LibraryFile)] {
    var modules: [String: [String: String]] = [:]
    for folder in ["/usr/share/p11-kit/modules", "/etc/pkcs11/modules"] + Self.inHome("/.config/pkcs11/modules") {
      for file in Self.files(in: folder) where file.hasSuffix(".module") {
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
    guard let home = getenv("HOME"), home.pointee == UInt8(ascii: "/") else { return [] }
    return [String(cString: home) + rest]
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
