internal import Failures

extension GMPINKey {
  /// The form of Longmai's remote unblock: the length before the PIN, the MAC over the plain PIN.
  ///
  /// Everything but cipher text stays in locked memory, the chain of the MAC too: with the random it would tell the PIN.
  func measuredPIN(
    _ new: borrowing PIN, _ challenge: [UInt8], _ applicationID: [UInt8]
  ) throws(Failure) -> [UInt8] {
    let size = Self.blockSize
    let count = new.count
    guard count <= size else { throw Failure(.pinRule, context: PINRule.tooLong(maximum: size).name) }
    defer { plain.wipe() }
    plain.wipe()
    new.withBytes { bytes in
      for index in 0..<count { plain[2 + index] = bytes[index] }
    }
    plain[0] = UInt8(count)
    plain[2 + count] = 0x80
    let cipher = try encrypt(plain.bytes((2 + count) / size * size + size))
    plain.wipe()
    // One block at a time, at the start of the page: the chain, then the block over it.
    var chain = Array((challenge + [UInt8](repeating: 0, count: size)).prefix(size))
    for start in stride(from: 0, through: count, by: size) {
      new.withBytes { bytes in
        for index in 0..<size {
          let place = start + index
          plain[index] = chain[index] ^ (place < count ? bytes[place] : place == count ? 0x80 : 0)
        }
      }
      chain = try encrypt(plain.bytes(size))
    }
    return applicationID + cipher + chain.prefix(4)
  }
}
