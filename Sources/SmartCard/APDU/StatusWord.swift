/// The two status bytes of a response APDU (ISO/IEC 7816-4 §5.6). Unknown values are kept, never mapped.
public struct StatusWord: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public init(_ sw1: UInt8, _ sw2: UInt8) { rawValue = UInt16(sw1) << 8 | UInt16(sw2) }

  public var sw1: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }
  public var sw2: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

  /// 9000.
  public static let success = StatusWord(rawValue: 0x9000)
  /// 6700: Lc or Le is wrong; also the answer of cards without extended length.
  public static let wrongLength = StatusWord(rawValue: 0x6700)
  /// 6982.
  public static let securityStatusNotSatisfied = StatusWord(rawValue: 0x6982)
  /// 6983: the PIN or key is locked.
  public static let authenticationBlocked = StatusWord(rawValue: 0x6983)
  /// 6984: in GM/T 0017 no fresh random was fetched.
  public static let referenceDataNotUsable = StatusWord(rawValue: 0x6984)
  /// 6985.
  public static let conditionsNotSatisfied = StatusWord(rawValue: 0x6985)
  /// 6A80.
  public static let incorrectData = StatusWord(rawValue: 0x6A80)
  /// 6A81.
  public static let functionNotSupported = StatusWord(rawValue: 0x6A81)
  /// 6A82.
  public static let fileNotFound = StatusWord(rawValue: 0x6A82)
  /// 6A86.
  public static let incorrectParameters = StatusWord(rawValue: 0x6A86)
  /// 6A88.
  public static let referenceDataNotFound = StatusWord(rawValue: 0x6A88)
  /// 6D00.
  public static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
  /// 6E00.
  public static let classNotSupported = StatusWord(rawValue: 0x6E00)

  public var isSuccess: Bool { self == .success }

  /// 63CX: the X tries that are left; `nil` for any other value.
  public var triesLeft: Int? {
    rawValue & 0xFFF0 == 0x63C0 ? Int(rawValue & 0xF) : nil
  }

  /// 61XX: the bytes that GET RESPONSE will give; 00 means 256 or more.
  public var bytesAvailable: Int? {
    sw1 == 0x61 ? (sw2 == 0 ? 256 : Int(sw2)) : nil
  }

  /// 6CXX: the Le that the card wants; 00 means 256.
  public var expectedLe: Int? {
    sw1 == 0x6C ? (sw2 == 0 ? 256 : Int(sw2)) : nil
  }
}

extension StatusWord: CustomStringConvertible {
  /// Four hexadecimal digits.
  public var description: String {
    let text = String(rawValue, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - text.utf8.count) + text
  }
}
