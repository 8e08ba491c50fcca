internal import CQRencode

/// The library that makes QR codes.
package enum QRLibrary {
  package static var version: String { QRcode_APIVersionString().map { String(cString: $0) } ?? "" }
}
