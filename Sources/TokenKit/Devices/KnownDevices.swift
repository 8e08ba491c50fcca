package import Base
package import Failures

/// What is known of U-Keys by their USB ids: the built-in list (`libraries.conf` and `devices.conf` beside this file, embedded
/// when the program is built) and the user's own files behind it.
///
/// The format is that of all settings files (`SettingsLine`), one section a thing, `[device VID:PID]` or `[library NAME]`. Keys of a device: `name`, `transport` (ccid, hid, mass-storage, vendor, unknown), `library` (may repeat),
/// `source`, `confidence` (high, medium, low). Keys of a library: `interface` (skf, pkcs11), `maker`, `file` (may
/// repeat), `source`, `confidence`, and `keys = pcsc` where its keys are cards that PC/SC shows anyway. A later section of the same name replaces an earlier one.
package struct KnownDevices: Sendable {
  package private(set) var devices: [KnownDevice] = []
  package private(set) var libraries: [VendorLibrary] = []
  /// Lines that were not understood.
  package private(set) var mistakes: [SettingsMistake] = []
  /// `UK-614` for each file that another user could have written; nothing of it is used.
  package private(set) var refused: [Failure] = []

  /// Folders whose `*.conf` files extend the list, the user's last (`$HOME` is put before a leading `~`).
  package static let folders = ["/etc/ukey/devices.d", "~/.config/ukey/devices.d"]
  /// Bytes of one file, and sections in all.
  package static let fileLimit = 1 << 20
  static let sectionLimit = 4096
  static let mistakeLimit = 20

  /// The built-in list alone.
  package static let builtIn: KnownDevices = {
    var list = builtInLibraries
    list.add(PackageResources.devices_conf, name: "built-in devices.conf")
    return list
  }()

  /// The libraries of the built-in list without the devices: all that a start needs.
  package static let builtInLibraries: KnownDevices = {
    var list = KnownDevices()
    list.add(PackageResources.libraries_conf, name: "built-in libraries.conf")
    return list
  }()

  package init() {}

  /// This list with the files of ``folders`` behind it, the user's own last.
  ///
  /// - Parameters:
  ///   - files: where the folders of the system are looked for; the user's is no part of a recorded tree.
  ///   - home: `$HOME`; empty: no folder of the user's.
  package func extended(_ files: SystemFiles, home: String) -> KnownDevices {
    var list = self
    for folder in Self.folders {
      let isUsers = folder.hasPrefix("~")
      if isUsers, home.isEmpty { continue }
      let path = isUsers ? home + String(folder.dropFirst()) : folder
      let system = isUsers ? SystemFiles(root: "") : files
      for name in system.list(path).sorted() where name.hasSuffix(".conf") {
        do throws(Failure) {
          try Failure.checkTrust(system.path(path + "/" + name), missing: .fileRead)
        } catch {
          if error.code == .pathUntrusted { list.refused.append(error) }
          continue
        }
        if let bytes = system.bytes(path + "/" + name, limit: Self.fileLimit) {
          list.add(bytes, name: path + "/" + name)
        }
      }
    }
    return list
  }

  package func device(vendor: UInt16, product: UInt16) -> KnownDevice? {
    devices.last { $0.vendor == vendor && $0.product == product }
  }

  package func library(_ name: String) -> VendorLibrary? { libraries.last { $0.name == name } }

  /// The libraries for a device, in its order.
  package func libraries(for device: KnownDevice) -> [VendorLibrary] { device.libraries.compactMap { library($0) } }

  /// Takes the sections of one file in.
  package mutating func add(_ text: String, name: String) { add(Array(text.utf8), name: name) }

  /// Takes the sections of one file in; bytes that are no UTF-8 are replaced.
  package mutating func add(_ bytes: [UInt8], name: String) {
    // By bytes: every start reads the built-in libraries, and by characters that took longer than reading a key.
    bytes.withUnsafeBufferPointer { add($0, name: name) }
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, name: String) {
    var section: Section?
    readSettings(bytes) { line in
      var isTaken = false
      switch line.content {
      case .section(let header):
        finish(section)
        section = Section(header: header)
        isTaken = section != nil
      case .entry(let key, let value): isTaken = section?.set(key.string, value.string) == true
      case .other: break
      }
      if !isTaken, mistakes.count < Self.mistakeLimit {
        mistakes.append(line.mistake(in: name, shown: { displaySafe($0) }))
      }
    }
    finish(section)
  }

  private mutating func finish(_ section: Section?) {
    guard let section, devices.count + libraries.count < Self.sectionLimit else { return }
    switch section.kind {
    case .device(let vendor, let product):
      devices.removeAll { $0.vendor == vendor && $0.product == product }
      devices.append(
        KnownDevice(
          vendor: vendor, product: product, name: section.name, transport: section.transport,
          libraries: section.list, source: section.source, confidence: section.confidence))
    case .library(let name):
      libraries.removeAll { $0.name == name }
      libraries.append(
        VendorLibrary(
          name: name, interface: section.interface, maker: section.name, files: section.list, source: section.source,
          confidence: section.confidence, isForCards: section.isForCards))
    }
  }
}

extension SettingsLine.Bytes {
  /// What stands between blanks. Not by `split`, whose array of slices costs every start more than the whole file does.
  fileprivate var words: [String] {
    var result: [String] = []
    var begin = startIndex
    for index in startIndex...endIndex
    where index == endIndex || self[index] == UInt8(ascii: " ") || self[index] == UInt8(ascii: "\t") {
      if begin < index { result.append(self[begin..<index].string) }
      begin = index + 1
    }
    return result
  }
}

private struct Section {
  enum Kind {
    case device(UInt16, UInt16)
    case library(String)
  }

  var kind: Kind
  var name = ""
  var transport = USBTransport.unknown
  var interface = LibraryKind.skf
  var list: [String] = []
  var source = ""
  var confidence = DeviceConfidence.low
  var isForCards = false

  init?(header: SettingsLine.Bytes) {
    let words = header.words
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "device":
      let ids = words[1].split(separator: ":", omittingEmptySubsequences: false)
      guard ids.count == 2, let vendor = UInt16(ids[0], radix: 16), let product = UInt16(ids[1], radix: 16) else {
        return nil
      }
      kind = .device(vendor, product)
    case "library": kind = .library(words[1])
    default: return nil
    }
  }

  /// - Returns: `false` when the key or its value means nothing.
  mutating func set(_ key: String, _ value: String) -> Bool {
    switch (kind, key) {
    case (.device, "name"), (.library, "maker"): name = value
    case (.device, "library"), (.library, "file"): list.append(value)
    case (_, "source"): source = value
    case (.device, "transport"):
      guard let found = USBTransport(rawValue: value) else { return false }
      transport = found
    case (.library, "interface"):
      guard let found = LibraryKind(rawValue: value) else { return false }
      interface = found
    case (.library, "keys"):
      guard value == "pcsc" else { return false }
      isForCards = true
    case (_, "confidence"):
      guard let found = DeviceConfidence(rawValue: value) else { return false }
      confidence = found
    default: return false
    }
    return true
  }
}
