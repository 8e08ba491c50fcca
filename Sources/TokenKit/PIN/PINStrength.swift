/// How hard a new PIN is to guess, for a hint beside the field. It decides nothing: a key locks after a few wrong ones.
package enum PINStrength: Int, Sendable, Comparable {
  case weak = 1
  case fair
  case strong

  package static func < (left: PINStrength, right: PINStrength) -> Bool { left.rawValue < right.rawValue }
}

extension PINPolicy {
  /// - Parameter warnings: the weak rules that this PIN breaks, of ``warnings(new:identities:)``.
  package func strength(new pin: borrowing PIN, warnings: [PINRule]) -> PINStrength {
    pin.withBytes { bytes in
      // Sets of bits and not of bytes: nothing that was typed is left on the heap.
      var seen: (UInt64, UInt64) = (0, 0)
      var kinds: UInt8 = 0
      for byte in bytes {
        let bit = UInt64(1) << UInt64(byte & 63)
        if byte & 64 == 0 { seen.0 |= bit } else { seen.1 |= bit }
        switch byte {
        case 0x30...0x39: kinds |= 1
        case 0x41...0x5A: kinds |= 2
        case 0x61...0x7A: kinds |= 4
        default: kinds |= 8
        }
      }
      let distinct = seen.0.nonzeroBitCount + seen.1.nonzeroBitCount
      if !warnings.isEmpty || distinct < 4 || bytes.count < minimum { return .weak }
      return bytes.count >= 8 && distinct >= 6 && kinds.nonzeroBitCount >= 2 ? .strong : .fair
    }
  }
}
