package import Failures

/// The known keys on USB beside the vendor libraries of this machine: which library is for which key, and which key has
/// none.
package struct PluggedKeys: Sendable {
  /// A key on USB whose ids are in the list.
  package struct Key: Sendable, Equatable {
    package var device: KnownDevice
    /// pcscd reaches it, or should, without its maker's library: it is a smart-card device.
    package var isForPCSC: Bool
    /// The libraries of this machine that are listed for it.
    package var served: [LibraryFile]
    /// The libraries listed for it, here or not; empty when none is known for Linux.
    package var wanted: [VendorLibrary]

    /// A library that the user named and the list does not know: whether it is for this key is not known.
    package var mayBeServed: Bool

    /// Only a library reaches it, and none that may be for it is on this machine.
    package var isUnreached: Bool { !isForPCSC && served.isEmpty && !mayBeServed }

    /// `096e:0309 飞天诚信 ePass3000GM`.
    package var title: String { device.id + " " + device.name }

    /// Why it is not reached, for a key that ``isUnreached``: `UK-235` with the file names looked for, `UK-236` when no
    /// library for Linux is known.
    package func failure(causes: [Failure] = []) -> Failure {
      wanted.isEmpty
        ? Failure(.libraryUnknown, context: title, causes: causes)
        : Failure(
          .libraryMissing, context: title + " · " + wanted.flatMap(\.fileNames).joined(separator: ", "), causes: causes)
    }
  }

  package private(set) var keys: [Key] = []
  /// Whether the USB devices could be looked at.
  package private(set) var isKnown: Bool
  /// A device is plugged in that is not in the list and may be a key.
  package private(set) var hasStranger = false

  /// Looks at USB: about a millisecond.
  ///
  /// - Parameter root: of a recorded tree; empty for this machine.
  package init(_ libraries: [LibraryFile], root: String = "", home: String = "") {
    let files = SystemFiles(root: root)
    let list = KnownDevices.builtIn.extended(files, home: home)
    self.init(libraries, USBDevice.scan(files, known: list), list, isKnown: files.exists(USBDevice.base))
  }

  init(_ libraries: [LibraryFile], _ devices: [USBDevice], _ list: KnownDevices, isKnown: Bool) {
    self.isKnown = isKnown
    let hasUnlisted = libraries.contains { library in
      library.origin == .configuration && !list.libraries.contains { $0.fileNames.contains(library.name) }
    }
    for device in devices {
      guard let known = device.known else {
        if device.mayBeKey { hasStranger = true }
        continue
      }
      let wanted = list.libraries(for: known)
      keys.append(
        Key(
          device: known, isForPCSC: !device.isVendorRoute,
          served: libraries.filter { library in wanted.contains { $0.fileNames.contains(library.name) } },
          wanted: wanted, mayBeServed: hasUnlisted))
    }
  }

  package var unreached: [Key] { keys.filter(\.isUnreached) }

  /// The keys that a library is listed for.
  package func keys(of library: LibraryFile) -> [Key] { keys.filter { $0.served.contains(library) } }

  /// The libraries in the order in which they are to be asked: those of a plugged-in key first.
  package func ordered(_ libraries: [LibraryFile]) -> [LibraryFile] {
    libraries.filter { !keys(of: $0).isEmpty } + libraries.filter { keys(of: $0).isEmpty }
  }

  /// Whether it is certain that a library would find no key: it is here only because it lies in a known place, USB could
  /// be looked at, and everything plugged in that may be a key is one that other libraries of this machine are listed
  /// for. A key that the list does not know, or that no library here is listed for, may be this one's.
  package func hasNothing(for library: LibraryFile) -> Bool {
    library.origin == .knownPath && isKnown && !hasStranger && keys(of: library).isEmpty
      && keys.allSatisfy { !$0.served.isEmpty }
  }
}

extension VendorLibrary {
  /// The files' names without their folders, each once.
  var fileNames: [String] {
    var names: [String] = []
    for file in files {
      let name = file.split(separator: "/").last.map(String.init) ?? file
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
