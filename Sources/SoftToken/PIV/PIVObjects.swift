import COpenSSL
import CZlib
import Failures

/// Data objects of SP 800-73-4 part 1: their tags and contents (what stands inside tag 53).
enum PIVObject {
  static let chuid: UInt32 = 0x5F_C102
  static let cardCapabilityContainer: UInt32 = 0x5F_C107
  static let keyHistory: UInt32 = 0x5F_C10C
  static let discovery: UInt32 = 0x7E
  /// Fingerprints, facial image, printed information, iris: read after PIN verification only (part 1, table 2).
  static let readWithPIN: Set<UInt32> = [0x5F_C103, 0x5F_C108, 0x5F_C109, 0x5F_C121]
  /// Retired key management keys 82…95.
  static let retiredSlots: ClosedRange<UInt8> = 0x82...0x95

  /// The object that holds the certificate of a key; nil when the key reference has none (part 1, table 3).
  static func certificate(of slot: UInt8) -> UInt32? {
    switch slot {
    case 0x9A: 0x5F_C105
    case 0x9C: 0x5F_C10A
    case 0x9D: 0x5F_C10B
    case 0x9E: 0x5F_C101
    case retiredSlots: 0x5F_C10D + UInt32(slot - retiredSlots.lowerBound)
    default: nil
    }
  }

  /// Certificate (70), CertInfo (71), error detection code (FE) (part 1, table 10).
  static func certificateContent(_ der: [UInt8], gzip: Bool) throws(Failure) -> [UInt8] {
    let stored = gzip ? try gzipped(der) : der
    return PIVTLV.encode(0x70, stored) + PIVTLV.encode(0x71, [gzip ? 0x01 : 0x00]) + PIVTLV.encode(0xFE, [UInt8]())
  }

  /// Discovery object with its own tag 7E: AID and PIN usage policy "PIV PIN, no global PIN" (part 1, 3.3.2).
  static var discoveryObject: [UInt8] {
    PIVTLV.encode(
      discovery, [PIVTLV.encode(0x4F, PIVCard.applicationID), PIVTLV.encode(0x5F2F, [0x40, 0x00])])
  }

  /// CHUID of a card that is not of the US government: FASC-N of agency 9999, GUID, expiry (part 1, 3.1.2), without
  /// the issuer's signature.
  ///
  /// - Parameter guid: 16 bytes.
  static func chuidContent(guid: [UInt8]) -> [UInt8] {
    [
      PIVTLV.encode(0x30, fascN), PIVTLV.encode(0x34, guid), PIVTLV.encode(0x35, Array("20491231".utf8)),
      PIVTLV.encode(0x3E, [UInt8]()), PIVTLV.encode(0xFE, [UInt8]()),
    ].flatMap { $0 }
  }

  /// Card capability container (part 1, 3.1.1 and table 8) of a card with only the PIV data model (10).
  ///
  /// - Parameter id: 14 bytes that tell cards apart.
  static func cardCapabilityContent(id: [UInt8]) -> [UInt8] {
    // GSC-RID, manufacturer (unknown), card type (02: Java Card, the usual one), card id.
    let identifier: [UInt8] = [0xA0, 0x00, 0x00, 0x01, 0x16, 0xFF, 0x02] + id.prefix(14)
    let empty: [UInt32] = [0xF3, 0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE]
    let items: [UInt32: [UInt8]] = [0xF0: identifier, 0xF1: [0x21], 0xF2: [0x21], 0xF4: [0x00], 0xF5: [0x10]]
    return (items.keys + empty).sorted().flatMap { PIVTLV.encode($0, items[$0] ?? []) }
  }

  /// Key history object (part 1, 3.3.3): how many retired keys have their certificate on the card.
  static func keyHistoryContent(onCard: Int) -> [UInt8] {
    PIVTLV.encode(0xC1, [UInt8(clamping: onCard)]) + PIVTLV.encode(0xC2, [0x00]) + PIVTLV.encode(0xFE, [UInt8]())
  }

  /// FASC-N 9999-9999-999999-0-1-0000000000-3-0000-1 (TIG SCEPACS 6.1): decimal digits as 4 bits from the lowest up and
  /// an odd parity bit, between sentinels, with a longitudinal check.
  static var fascN: [UInt8] {
    let (start, field, end) = (11, 13, 15)
    let nines = { (count: Int) in [Int](repeating: 9, count: count) }
    let zeros = { (count: Int) in [Int](repeating: 0, count: count) }
    let systems = [start] + nines(4) + [field] + nines(4) + [field] + nines(6) + [field, 0, field, 1, field]
    let symbols = systems + zeros(10) + [3] + zeros(4) + [1, end]
    let check = symbols.reduce(0, ^)
    let bits = (symbols + [check]).flatMap { symbol -> [Int] in
      let low = (0..<4).map { symbol >> $0 & 1 }
      return low + [1 - low.reduce(0, +) % 2]
    }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
    }
  }

  /// RFC 1952, by zlib.
  static func gzipped(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    var stream = z_stream()
    guard ukey_deflateInit_gzip(&stream) == Z_OK else { throw Failure(.internalError, function: "deflateInit2") }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let result = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target -> Int32 in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(clamping: source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(clamping: target.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard result == Z_STREAM_END else { throw Failure(.internalError, function: "deflate") }
    return Array(output.prefix(Int(stream.total_out)))
  }
}
