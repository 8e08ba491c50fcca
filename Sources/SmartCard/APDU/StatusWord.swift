import Base

/// The two status bytes of a response APDU (ISO/IEC 7816-4 §5.6). Unknown values are kept, never mapped.
package struct StatusWord: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package init(_ sw1: UInt8, _ sw2: UInt8) { rawValue = UInt16(sw1) << 8 | UInt16(sw2) }

  package var sw1: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }
  package var sw2: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

  /// 9000.
  package static let success = StatusWord(rawValue: 0x9000)
  /// 6700: Lc or Le is wrong; also the answer of cards without extended length.
  package static let wrongLength = StatusWord(rawValue: 0x6700)
  /// 6983: the PIN or key is locked.
  package static let authenticationBlocked = StatusWord(rawValue: 0x6983)
  /// 6984: in GM/T 0017 no fresh random was fetched.
  package static let referenceDataNotUsable = StatusWord(rawValue: 0x6984)
  /// 6A81.
  package static let functionNotSupported = StatusWord(rawValue: 0x6A81)
  /// 6A82.
  package static let fileNotFound = StatusWord(rawValue: 0x6A82)
  /// 6A88.
  package static let referenceDataNotFound = StatusWord(rawValue: 0x6A88)
  /// 6D00.
  package static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
  /// 6E00.
  package static let classNotSupported = StatusWord(rawValue: 0x6E00)

  package var isSuccess: Bool { self == .success }

  /// 63CX: the X tries that are left; `nil` for any other value.
  package var triesLeft: Int? {
    rawValue & 0xFFF0 == 0x63C0 ? Int(rawValue & 0xF) : nil
  }

  /// 61XX: the bytes that GET RESPONSE will give; 00 means 256 or more.
  package var bytesAvailable: Int? {
    sw1 == 0x61 ? (sw2 == 0 ? 256 : Int(sw2)) : nil
  }

  /// 6CXX: the Le that the card wants; 00 means 256.
  package var expectedLe: Int? {
    sw1 == 0x6C ? (sw2 == 0 ? 256 : Int(sw2)) : nil
  }
}

extension StatusWord: CustomStringConvertible {
  /// Four hexadecimal digits.
  package var description: String { hexText(UInt(rawValue), digits: 4) }
}
