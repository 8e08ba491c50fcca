import Base
import Glibc
import TokenKit

extension Context {
  private func evidence(_ device: USBDevice) -> [Evidence] {
    var list = [
      nameEvidence(device), Evidence(.usbID, device.id),
      Evidence(.interfaceClass, device.classText),
    ]
    if let serial = device.serial { list.append(Evidence(.keySerial, serial, .serial)) }
    if let known = device.known {
      list.append(Evidence(.source, known.source))
      list.append(Evidence(.confidence, known.confidence.rawValue))
    }
    return list
  }

  /// What it is called: by the list of known keys, or by itself, which may be after its owner.
  func nameEvidence(_ device: USBDevice) -> Evidence {
    Evidence(.device, device.known?.name ?? device.name, device.known == nil ? .name : .open)
  }

  func checkUSBDevice() -> Finding {
    if options.isDemo { return Finding(.skipped, .notNeededDemo) }
    let keys = usb.filter(\.isKey)
    // Of a device that is kept from everybody only the ids are seen: where no key is seen, it may be the key.
    if let blocked = usb.first(where: { !$0.isAuthorized && ($0.isKey || keys.isEmpty) }), with({ $0.slots.isEmpty }) {
      let guards = [
        "/etc/usbguard/usbguard-daemon.conf", "/usr/share/deepin-defender", "/usr/sbin/kysec_monitor",
        "/etc/udev/rules.d/99-usb-disable.rules",
      ].filter(files.exists)
      let name = blocked.bus.flatMap { bus in blocked.address.map { "\(bus)-\($0)" } } ?? "-"
      return Finding(
        .fault, .deviceBlocked,
        evidence(blocked) + [Evidence(.node, blocked.node ?? name)] + guards.map { Evidence(.path, $0) })
    }
    let hasCard = with { $0.slots }.contains { $0.slot.content != .empty }
    if let off = keys.first(where: { $0.isUnconfigured && $0.isAuthorized }), !hasCard {
      return Finding(.fault, .deviceUnconfigured, evidence(off))
    }
    // One that is no card and need not be any, beside the key that is meant, is blamed for nothing.
    if let off = keys.first(where: \.hasCardPartOff), !hasCard, keys.allSatisfy(\.hasCardPartOff) {
      return Finding(.fault, .smartCardPartOff, evidence(off))
    }
    if !keys.isEmpty { return .ok(keys.flatMap(evidence)) }
    let others = usb.map { $0.id + " " + $0.name }.prefix(16).map { Evidence(.otherDevices, $0, .text) }
    let readers = with { $0.slots }.map { Evidence(.reader, $0.slot.source.reader, .text) }
    // A reader that pcscd shows without one on USB: virtual, serial, or passed in by a container's socket.
    if !readers.isEmpty { return .ok(readers) }
    if let otherService { return Finding(.fault, .socketElsewhere, otherService + others) }
    let answered = with { $0.findings[.serviceAnswers]?.holds == true }
    return answered ? Finding(.fault, .nothingPluggedIn, others) : Finding(.unknown, .noKnownKey, others)
  }

  func checkUSBPermission() -> Finding {
    // pcscd opens the others itself, as root. A library that shows a key has got through to it, by this node or another.
    let keys = vendorKeys
    if keys.isEmpty || libraries.hasKey { return Finding(.skipped, .notNeeded) }
    var good: [Evidence] = []
    for key in keys where key.isAuthorized {
      guard let node = key.node else { continue }
      let facts = [nameEvidence(key), Evidence(.node, node)]
      guard let status = files.status(node) else { return Finding(.fault, .nodeMissing, facts) }
      let more =
        facts + [Evidence(.mode, modeText(status.st_mode)), Evidence(.owner, accountName(status.st_uid), .name)]
      guard access(files.path(node), R_OK | W_OK) == 0 else {
        return Finding(.fault, .nodeDenied, more, fix: Self.udevFix(key.vendor, key.product))
      }
      good += more
    }
    return .ok(good)
  }

  /// A rule that gives the local user of the session the device (systemd's uaccess tag).
  static func udevFix(_ vendor: UInt16, _ product: UInt16) -> Fix {
    let (vendor, product) = (lowerHexText(UInt(vendor), digits: 4), lowerHexText(UInt(product), digits: 4))
    let rule =
      "SUBSYSTEMS==\"usb\", ATTRS{idVendor}==\"\(vendor)\", ATTRS{idProduct}==\"\(product)\", TAG+=\"uaccess\""
    let file = "/etc/udev/rules.d/70-ukey-\(vendor)-\(product).rules"
    return Fix(
      "printf '%s\\n' '\(rule)' > \(file) && /usr/bin/udevadm control --reload && /usr/bin/udevadm trigger",
      needsRoot: true)
  }

  func checkUSBDriver() -> Finding {
    var good: [Evidence] = []
    for device in usb where device.isKey {
      for interface in device.interfaces {
        guard let driver = interface.driver else { continue }
        let facts = evidence(device).prefix(3) + [Evidence(.kernelDriver, driver)]
        if ["pn533_usb", "pn533", "port100"].contains(driver) {
          return Finding(
            .fault, .nfcDriver, Array(facts),
            fix: Fix(
              "printf 'blacklist \(driver)\\n' > /etc/modprobe.d/ukey-nfc.conf && /usr/sbin/modprobe -r \(driver)",
              needsRoot: true))
        }
        // usbfs is pcscd itself; HID and disks keep the kernel's own driver.
        if interface.number == 0x0B, driver != "usbfs" { return Finding(.fault, .otherDriver, Array(facts)) }
        good.append(Evidence(.kernelDriver, driver))
      }
    }
    return usb.contains(where: \.isKey) ? .ok(good) : Finding(.skipped, .notNeeded)
  }
}
