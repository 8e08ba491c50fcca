internal import CZlib

/// What the lists that are part of the program hold, for telling versions apart.
package enum DeviceLists {
  package static var devices: Int { KnownDevices.builtIn.devices.count }
  package static var libraries: Int { KnownDevices.builtIn.libraries.count }
  /// The bytes of the lists, in their order.
  package static var bytes: [UInt8] { PackageResources.devices_conf + PackageResources.libraries_conf }
  /// Of the library that unpacks certificates of PIV cards.
  package static var zlibVersion: String { CZlib.zlibVersion().map { String(cString: $0) } ?? "" }
}
