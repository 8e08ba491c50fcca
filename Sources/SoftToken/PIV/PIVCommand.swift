/// A command APDU as the card sees it (ISO/IEC 7816-4, 5.1).
struct PIVCommand {
  let cla: UInt8
  let ins: UInt8
  let p1: UInt8
  let p2: UInt8
  var data: [UInt8]
  /// Expected length in bytes: 1…256 short, 1…65536 extended; nil when the field is absent.
  let le: Int?
  let isExtended: Bool
  /// The Le field is all zeros: whatever there is.
  let leIsOpen: Bool

  /// Nil when the length fields and the length of `bytes` do not fit together.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    (cla, ins, p1, p2) = (bytes[0], bytes[1], bytes[2], bytes[3])
    let body = bytes.dropFirst(4)
    let first = bytes.count > 4 ? bytes[4] : 0
    switch body.count {
    case 0:  // case 1
      (data, le, isExtended) = ([], nil, false)
    case 1:  // case 2S
      (data, le, isExtended) = ([], first == 0 ? 256 : Int(first), false)
    case 1 + Int(first) where first != 0:  // case 3S
      (data, le, isExtended) = (Array(body.dropFirst()), nil, false)
    case 2 + Int(first) where first != 0:  // case 4S
      let last = bytes[bytes.count - 1]
      (data, le, isExtended) = (Array(body.dropFirst().dropLast()), last == 0 ? 256 : Int(last), false)
    case 3... where first == 0:
      let length = Int(bytes[5]) << 8 | Int(bytes[6])
      if body.count == 3 {  // case 2E
        (data, le, isExtended) = ([], length == 0 ? 65_536 : length, true)
      } else if length > 0, body.count == 3 + length {  // case 3E
        (data, le, isExtended) = (Array(body.dropFirst(3)), nil, true)
      } else if length > 0, body.count == 5 + length {  // case 4E
        let last = Int(bytes[bytes.count - 2]) << 8 | Int(bytes[bytes.count - 1])
        (data, le, isExtended) = (Array(body.dropFirst(3).dropLast(2)), last == 0 ? 65_536 : last, true)
      } else {
        return nil
      }
    default:
      return nil
    }
    leIsOpen = le == (isExtended ? 65_536 : 256)
  }
}

/// Status words of SP 800-73-4 part 2, 5.6, and of ISO/IEC 7816-4.
enum PIVStatus {
  static let success: UInt16 = 0x9000
  static let wrongLength: UInt16 = 0x6700
  static let channelNotSupported: UInt16 = 0x6881
  static let secureMessagingNotSupported: UInt16 = 0x6882
  static let lastCommandExpected: UInt16 = 0x6883
  static let chainingNotSupported: UInt16 = 0x6884
  static let memoryFailure: UInt16 = 0x6581
  static let securityStatus: UInt16 = 0x6982
  static let blocked: UInt16 = 0x6983
  static let conditionsOfUse: UInt16 = 0x6985
  static let wrongData: UInt16 = 0x6A80
  static let notFound: UInt16 = 0x6A82
  static let notEnoughMemory: UInt16 = 0x6A84
  static let wrongParameters: UInt16 = 0x6A86
  static let keyReferenceNotFound: UInt16 = 0x6A88
  static let unknownInstruction: UInt16 = 0x6D00
  static let unknownClass: UInt16 = 0x6E00
  static let internalError: UInt16 = 0x6F00

  /// 63CX: wrong, X tries left.
  static func triesLeft(_ tries: Int) -> UInt16 { 0x63C0 | UInt16(max(0, min(tries, 15))) }
  /// 61xx: that many bytes more, 00 for 256 and above.
  static func moreData(_ count: Int) -> UInt16 { 0x6100 | UInt16(count > 255 ? 0 : max(0, count)) }
  /// 6Cxx: ask again with this Le.
  static func exactLength(_ count: Int) -> UInt16 { 0x6C00 | UInt16(count > 255 ? 0 : max(0, count)) }
}

/// Data with the status word that goes with it.
struct PIVAnswer {
  var data: [UInt8] = []
  var status: UInt16

  static func status(_ status: UInt16) -> PIVAnswer { PIVAnswer(status: status) }
  static func data(_ data: [UInt8]) -> PIVAnswer { PIVAnswer(data: data, status: PIVStatus.success) }
}
