internal import Failures
internal import SmartCard

/// The 288-byte answer to GetDevInfo, `80 04 00 00` (GM/T 0017 §9.1; layout as two independent implementations agree).
struct GMDeviceInformation: Sendable, Equatable {
  static let size = 0x120

  var manufacturer: TokenName
  var issuer: TokenName
  var label: TokenName
  var serial: TokenName
  var hardwareVersion: String
  var firmwareVersion: String
  var totalSpace: UInt32
  var freeSpace: UInt32
  /// Found from the numbers themselves, see ``detectByteOrder(_:)``.
  var byteOrder: GMByteOrder

  /// Asks the token for its information; this is also how a GM/T 0017 token is recognised, since no AID or ATR is
  /// defined for it.
  ///
  /// - Throws: `UK-202` or `UK-203` when the card is not such a token.
  static func read(_ card: borrowing CardTransaction) throws(Failure) -> GMDeviceInformation {
    var answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x04, le: 65_536), form: .extended)
    if answer.status == .wrongLength || answer.status.sw1 == 0x6C {
      // Some tokens insist on the exact length.
      answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x04, le: size), form: .extended)
    }
    guard answer.status.isSuccess else { throw .refused("GetDevInfo", answer.status) }
    guard let information = GMDeviceInformation(answer.data) else {
      throw Failure(.answerMalformed, function: "GetDevInfo", context: "\(answer.data.count)")
    }
    return information
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size else { return nil }
    let order = Self.detectByteOrder(bytes)
    manufacturer = TokenName(field: bytes[4..<68])
    issuer = TokenName(field: bytes[68..<132])
    label = TokenName(field: bytes[132..<164])
    serial = TokenName(field: bytes[164..<196])
    hardwareVersion = "\(bytes[196]).\(bytes[197])"
    firmwareVersion = "\(bytes[198]).\(bytes[199])"
    totalSpace = order.uint32(bytes[216...])
    freeSpace = order.uint32(bytes[220...])
    byteOrder = order
  }

  /// Algorithm identifiers and capabilities (offsets 200 to 215) have their bits in the low half in the right order,
  /// so the reading with the smaller sum is the right one; big-endian when they do not tell.
  private static func detectByteOrder(_ bytes: [UInt8]) -> GMByteOrder {
    func sum(_ order: GMByteOrder) -> UInt64 {
      stride(from: 200, to: 216, by: 4).reduce(0) { $0 + UInt64(order.uint32(bytes[$1...])) }
    }
    return sum(.little) < sum(.big) ? .little : .big
  }
}
