/// What is known of U-Keys by their USB ids: the built-in list and the user's own files behind it.
///
/// The text format is one section a thing, `[device VID:PID]` or `[library NAME]`, with `key = value` lines; `#` begins
/// a comment. Keys of a device: `name`, `transport` (ccid, hid, mass-storage, vendor, unknown), `library` (may repeat),
/// `source`, `confidence` (high, medium, low). Keys of a library: `interface` (skf, pkcs11), `maker`, `file` (may
/// repeat), `source`, `confidence`, and `keys = pcsc` where its keys are cards that PC/SC shows anyway. A later section of the same name replaces an earlier one.
public struct KnownDevices: Sendable {
  public private(set) var devices: [KnownDevice] = []
  public private(set) var libraries: [VendorLibrary] = []
  /// Lines that were not understood, as `NAME:LINE`.
  public private(set) var mistakes: [String] = []

  /// Folders whose `*.conf` files extend the list, the user's last (`$HOME` is put before a leading `~`).
  public static let folders = ["/etc/ukey/devices.d", "~/.config/ukey/devices.d"]
  /// Bytes of one file, and sections in all.
  public static let fileLimit = 1 << 20
  static let sectionLimit = 4096

  /// The built-in list alone.
  public static let builtIn: KnownDevices = {
    var list = KnownDevices()
    list.add(KnownDevicesData.text, name: "built-in")
    return list
  }()

  /// The libraries of the built-in list without the devices: all that a start needs.
  public static let builtInLibraries: KnownDevices = {
    var list = KnownDevices()
    list.add(KnownDevicesData.libraries, name: "built-in")
    return list
  }()

  public init() {}

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
      let path = isUsers ? home + folder.dropFirst() : folder
      let system = isUsers ? SystemFiles(root: "") : files
      for name in system.list(path).sorted() where name.hasSuffix(".conf") {
        if let text = system.text(path + "/" + name, limit: Self.fileLimit) { list.add(text, name: name) }
      }
    }
    return list
  }

  public func device(vendor: UInt16, product: UInt16) -> KnownDevice? {
    devices.last { $0.vendor == vendor && $0.product == product }
  }

  public func library(_ name: String) -> VendorLibrary? { libraries.last { $0.name == name } }

  /// The libraries for a device, in its order.
  public func libraries(for device: KnownDevice) -> [VendorLibrary] { device.libraries.compactMap { library($0) } }

  /// Takes the sections of one file in.
  public mutating func add(_ text: String, name: String) {
    var section: Section?
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = Self.trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        finish(section)
        section = Section(header: Self.trimmed(line.dropFirst().dropLast()))
        if section == nil { mistakes.append("\(name):\(index + 1)") }
        continue
      }
      guard let equals = line.firstIndex(of: "="), section != nil,
        section?.set(Self.trimmed(line[..<equals]), String(Self.trimmed(line[line.index(after: equals)...]))) == true
      else {
        mistakes.append("\(name):\(index + 1)")
        continue
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

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" || first == "\r" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return text
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
  var interface = VendorLibrary.Interface.skf
  var list: [String] = []
  var source = ""
  var confidence = DeviceConfidence.low
  var isForCards = false

  init?(header: Substring) {
    let words = header.split(separator: " ")
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "device":
      let ids = words[1].split(separator: ":")
      guard ids.count == 2, let vendor = UInt16(ids[0], radix: 16), let product = UInt16(ids[1], radix: 16) else {
        return nil
      }
      kind = .device(vendor, product)
    case "library": kind = .library(String(words[1]))
    default: return nil
    }
  }

  /// - Returns: `false` when the key or its value means nothing.
  mutating func set(_ key: Substring, _ value: String) -> Bool {
    switch (kind, key) {
    case (.device, "name"), (.library, "maker"): name = value
    case (.device, "library"), (.library, "file"): list.append(value)
    case (_, "source"): source = value
    case (.device, "transport"):
      guard let found = USBTransport(rawValue: value) else { return false }
      transport = found
    case (.library, "interface"):
      guard let found = VendorLibrary.Interface(rawValue: value) else { return false }
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
