/// One device of /sys/bus/usb/devices.
package struct USBDevice: Sendable {
  package struct Interface: Sendable {
    /// bInterfaceClass.
    package var number: UInt8
    /// bInterfaceSubClass; of a HID interface 1 is the boot protocol of keyboards and mice.
    package var subclass: UInt8?
    /// The bound kernel driver, if any.
    package var driver: String?
  }

  package var vendor: UInt16
  package var product: UInt16
  package var name: String
  package var serial: String?
  /// busnum and devnum as /dev/bus/usb names them.
  package var bus: Int?
  package var address: Int?
  package var interfaces: [Interface]
  package var known: KnownDevice?
  /// `false`: the kernel was told to keep it from everybody (USBGuard, a desktop's device control); it then shows no
  /// interfaces.
  package var isAuthorized = true
  /// The kernel has chosen no configuration, mostly because the port gives too little power: no part of it is on.
  package var isUnconfigured = false
  /// The firmware says that it cannot be taken out.
  package var isBuiltIn = false

  package var id: String { usbID(vendor, product) }
  package var hasCCID: Bool { interfaces.contains { $0.number == 0x0B } }

  /// `/dev/bus/usb/001/004`.
  package var node: String? {
    guard let bus, let address else { return nil }
    func three(_ value: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, 3 - text.utf8.count)) + text
    }
    return "/dev/bus/usb/" + three(bus) + "/" + three(address)
  }

  /// A known key without a smart-card interface: HID, disk or vendor class.
  package var isVendorRoute: Bool {
    guard let known, !hasCCID else { return false }
    return known.transport != .ccid
  }

  /// Keys that should have a smart-card interface and show none.
  package var hasCardPartOff: Bool {
    isAuthorized && !hasCCID && !isUnconfigured
      && (known?.transport == .ccid || (isYubiKey && !interfaces.isEmpty))
  }

  /// A YubiKey of the kinds whose interfaces can be switched off one by one: the product ids of NEO and of 4 and 5 tell
  /// which are on. Yubico's Security Keys, some with an id of these, have no card to switch on.
  private var isYubiKey: Bool {
    vendor == 0x1050 && (0x0110...0x0116 ~= product || 0x0401...0x0407 ~= product) && !name.contains("Security Key")
  }

  package var isKey: Bool { known != nil || hasCCID || hasCardPartOff }

  /// Whether it has an interface such as keys have. One whose interfaces are not told may be a key too.
  package var mayBeKey: Bool {
    interfaces.isEmpty
      || interfaces.contains { interface in
        switch interface.number {
        case 0x0B, 0x08, 0xFF: true
        case 0x03: interface.subclass != 1
        default: false
        }
      }
  }

  /// The classes as people know them.
  package var classText: String {
    var names: [String] = []
    for interface in interfaces {
      let name =
        switch interface.number {
        case 0x0B: "CCID"
        case 0x03: "HID"
        case 0x08: "mass storage"
        case 0xFF: "vendor"
        default: "class " + String(interface.number, radix: 16)
        }
      if !names.contains(name) { names.append(name) }
    }
    return names.isEmpty ? "-" : names.joined(separator: " + ")
  }

  static let base = "/sys/bus/usb/devices"

  /// Reads ids, interfaces and names of everything on USB but the hubs.
  package static func scan(_ files: SystemFiles, known: KnownDevices) -> [USBDevice] {
    let names = files.list(base).sorted()
    return names.prefix(256).compactMap { name in
      // `1-2.3` is a device, `1-2.3:1.0` an interface of it, `usb1` a root hub.
      guard !name.contains(":"), !name.hasPrefix("usb") else { return nil }
      let folder = base + "/" + name
      guard let vendor = files.value(folder + "/idVendor").flatMap({ UInt16($0, radix: 16) }),
        let product = files.value(folder + "/idProduct").flatMap({ UInt16($0, radix: 16) }),
        files.value(folder + "/bDeviceClass") != "09"
      else { return nil }
      let parts = names.filter { $0.hasPrefix(name + ":") } + files.list(folder).filter { $0.hasPrefix(name + ":") }
      let interfaces = Set(parts).sorted().prefix(32).compactMap { part -> Interface? in
        let place = files.exists(base + "/" + part) ? base + "/" + part : folder + "/" + part
        guard let number = files.value(place + "/bInterfaceClass").flatMap({ UInt8($0, radix: 16) }) else { return nil }
        return Interface(
          number: number, subclass: files.value(place + "/bInterfaceSubClass").flatMap { UInt8($0, radix: 16) },
          driver: files.linkName(place + "/driver"))
      }
      let model = files.value(folder + "/product") ?? ""
      let maker = files.value(folder + "/manufacturer") ?? ""
      return USBDevice(
        vendor: vendor, product: product, name: trim(maker + " " + model), serial: files.value(folder + "/serial"),
        bus: files.value(folder + "/busnum").flatMap { Int($0) },
        address: files.value(folder + "/devnum").flatMap { Int($0) }, interfaces: Array(interfaces),
        known: known.device(vendor: vendor, product: product),
        isAuthorized: files.value(folder + "/authorized") != "0",
        isUnconfigured: interfaces.isEmpty
          && files.text(folder + "/bConfigurationValue").map { trim($0).isEmpty } ?? false,
        isBuiltIn: files.value(folder + "/removable") == "fixed")
    }
  }
}
