import Base

/// How a USB key speaks to the computer.
package enum USBTransport: String, Sendable, CaseIterable {
  /// USB class 0B: pcscd reaches it.
  case ccid
  /// USB class 03: only the maker's library reaches it.
  case hid
  /// USB class 08, a disk or CD-ROM: only the maker's library reaches it.
  case massStorage = "mass-storage"
  /// USB class FF: only the maker's library reaches it.
  case vendor
  /// Not documented.
  case unknown
}

/// How sure a fact about a device is.
package enum DeviceConfidence: String, Sendable, CaseIterable {
  /// The maker's or a distribution's own file, or seen.
  case high
  /// One good public source.
  case medium
  /// One weak source.
  case low
}

/// A U-Key by its USB ids, with the maker's library that speaks to it.
package struct KnownDevice: Sendable, Equatable {
  /// USB idVendor and idProduct.
  package var vendor: UInt16
  package var product: UInt16
  package var name: String
  package var transport: USBTransport
  /// Names of ``VendorLibrary`` entries; empty when none is known for Linux.
  package var libraries: [String]
  /// Where the facts come from, and how sure they are.
  package var source: String
  package var confidence: DeviceConfidence

  /// `096e:0309`.
  package var id: String { usbID(vendor, product) }
}

/// Which interface a library has.
package enum LibraryKind: String, Sendable, CaseIterable {
  /// GM/T 0016.
  case skf
  /// PKCS#11.
  case pkcs11
}

/// A maker's library for Linux: SKF (GM/T 0016) or PKCS#11.
package struct VendorLibrary: Sendable, Equatable {
  package var name: String
  package var interface: LibraryKind
  package var maker: String
  /// Absolute paths, and bare file names to be looked for in the usual folders.
  package var files: [String]
  package var source: String
  package var confidence: DeviceConfidence
  /// Its keys are cards that PC/SC shows by itself (`keys = pcsc`): used only when asked for.
  package var isForCards = false

  /// Every absolute path at which it may be, in the order to be tried.
  package var candidatePaths: [String] {
    files.flatMap { file in
      file.hasPrefix("/") ? [file] : Self.folders.map { $0 + "/" + file }
    }
  }

  /// Where a bare file name is looked for.
  package static let folders = [
    "/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
    "/usr/lib/loongarch64-linux-gnu", "/usr/lib/mips64el-linux-gnuabi64", "/usr/local/lib", "/usr/local/lib64",
    "/usr/lib64/kiran-authentication-devices-sdk/ukey/skf", "/opt/TopSAP",
  ]
}

/// Two ids as four hexadecimal digits each: `096e:0309`.
package func usbID(_ vendor: UInt16, _ product: UInt16) -> String {
  lowerHexText(UInt(vendor), digits: 4) + ":" + lowerHexText(UInt(product), digits: 4)
}
