internal import COpenSSL
package import Failures
internal import Glibc
package import TokenKit

/// A user PIN for one use, which the holder changes at once.
package enum TemporaryPIN {
  /// Eight random digits, no well-known PIN and no run, from OpenSSL's generator for secrets, kept in locked memory.
  ///
  /// - Throws: `UK-901` when there are no random bytes.
  package static func fill(_ pin: inout PIN) throws(Failure) {
    repeat {
      pin.wipe()
      while pin.count < 8 { try appendDigits(&pin) }
    } while !PINPolicy.gmt.warnings(new: pin, identities: []).isEmpty
  }

  private static func appendDigits(_ pin: inout PIN) throws(Failure) {
    let isGood = withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { bytes in
      defer { if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) } }
      guard RAND_priv_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, Int32(bytes.count)) == 1 else { return false }
      // 250 is the largest multiple of ten in a byte: each digit equally likely.
      for byte in bytes where byte < 250 && pin.count < 8 { _ = pin.append(0x30 + byte % 10) }
      return true
    }
    guard isGood else { throw Failure(.crypto, function: "RAND_priv_bytes") }
  }
}
