import TokenKit

/// One device of /sys/bus/usb/devices.
struct USBDevice: Sendable {
  struct Interface: Sendable {
    /// bInterfaceClass.
    var number: UInt8
    /// The bound kernel driver, if any.
    var driver: String?
  }

  var vendor: UInt16
  var product: UInt16
  var name: String
  var serial: String?
  /// busnum and devnum as /dev/bus/usb names them.
  var bus: Int?
  var address: Int?
  var interfaces: [Interface]
  var known: KnownDevice?

  var id: String { usbID(vendor, product) }
  var hasCCID: Bool { interfaces.contains { $0.number == 0x0B } }

  /// `/dev/bus/usb/001/004`.
  var node: String? {
    guard let bus, let address else { return nil }
    func three(_ value: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, 3 - text.utf8.count)) + text
    }
    return "/dev/bus/usb/" + three(bus) + "/" + three(address)
  }

  /// A known key without a smart-card interface: HID, disk or vendor class.
  var isVendorRoute: Bool {
    guard let known, !hasCCID else { return false }
    return known.transport != .ccid
  }

  /// Keys that should have a smart-card interface and show none.
  var hasCardPartOff: Bool {
    // 1050 is Yubico, whose interfaces can be switched off one by one.
    !hasCCID && (known?.transport == .ccid || (vendor == 0x1050 && !interfaces.isEmpty))
  }

  var isKey: Bool { known != nil || hasCCID || hasCardPartOff }

  /// The classes as people know them.
  var classText: String {
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

  static func scan(_ files: SystemFiles, known: KnownDevices) -> [USBDevice] {
    let base = "/sys/bus/usb/devices"
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
        return Interface(number: number, driver: files.linkName(place + "/driver"))
      }
      let model = files.value(folder + "/product") ?? ""
      let maker = files.value(folder + "/manufacturer") ?? ""
      return USBDevice(
        vendor: vendor, product: product, name: trim(maker + " " + model), serial: files.value(folder + "/serial"),
        bus: files.value(folder + "/busnum").flatMap { Int($0) },
        address: files.value(folder + "/devnum").flatMap { Int($0) }, interfaces: Array(interfaces),
        known: known.device(vendor: vendor, product: product))
    }
  }
}
