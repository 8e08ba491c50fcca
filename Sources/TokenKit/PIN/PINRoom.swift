internal import Glibc

/// How many PINs someone has to try who holds an answer that was made with this one.
///
/// GM/T 0017 derives the key by one SHA-1 and leaves a MAC of four bytes in the answer: candidates can be tried off line,
/// without the key and without costing a try of it. What stands against that is the room of the PIN alone.
package struct PINRoom: Sendable, Equatable {
  /// Candidates a second on one processor core, as measured (`Docs/unlock-format.md` §5).
  package static let coreRate = 1e6
  /// Candidates a second of a room of graphics cards; assumed, on the safe side.
  package static let farmRate = 1e10
  /// Bits below which a PIN is weak. A farm needs 58 years for all of them.
  package static let enough = 64.0
  /// Characters below which a PIN is weak.
  package static let minimumLength = 12

  /// Base-2 logarithm of the number of PINs that look like this one: as long, of the same kinds of character.
  package let bits: Double
  package let isWeak: Bool

  package init(_ pin: borrowing PIN) {
    let isCommon = !PINPolicy.gmt.warnings(new: pin, identities: []).isEmpty
    let (alphabet, distinct, count) = pin.withBytes { bytes in
      // Sets of bits and not of bytes: nothing that was typed is left on the heap.
      var seen: (UInt64, UInt64) = (0, 0)
      var kinds: (digit: Bool, upper: Bool, lower: Bool, other: Bool) = (false, false, false, false)
      for byte in bytes {
        let bit = UInt64(1) << UInt64(byte & 63)
        if byte & 64 == 0 { seen.0 |= bit } else { seen.1 |= bit }
        switch byte {
        case 0x30...0x39: kinds.digit = true
        case 0x41...0x5A: kinds.upper = true
        case 0x61...0x7A: kinds.lower = true
        default: kinds.other = true
        }
      }
      let alphabet = (kinds.digit ? 10 : 0) + (kinds.upper ? 26 : 0) + (kinds.lower ? 26 : 0) + (kinds.other ? 33 : 0)
      return (alphabet, seen.0.nonzeroBitCount + seen.1.nonzeroBitCount, bytes.count)
    }
    // One that repeats few characters is searched for among such ones; a well-known one among the first 65,536.
    let each = log2(Double(max(1, 2 * distinct <= count ? distinct : alphabet)))
    bits = isCommon ? min(16, Double(count) * each) : Double(count) * each
    isWeak = bits < Self.enough || count < Self.minimumLength || alphabet <= 10
  }

  /// Time to try all of them.
  package func seconds(at rate: Double) -> Double { exp2(bits) / rate }
}
