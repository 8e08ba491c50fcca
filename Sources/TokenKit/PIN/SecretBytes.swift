package import Failures

/// Bytes of a secret that is no PIN, or holds one: at most ``capacity`` in one locked page, overwritten when the value ends.
package struct SecretBytes: ~Copyable {
  package static let capacity = 4096

  private let memory: LockedMemory
  package private(set) var count = 0

  /// - Throws: `UK-440` when no memory can be had or locked.
  package init() throws(Failure) { memory = try LockedMemory() }

  /// - Returns: `false` when they do not all fit; nothing is added then.
  package mutating func append(_ bytes: [UInt8]) -> Bool {
    guard bytes.count <= Self.capacity - count else { return false }
    for byte in bytes {
      memory[count] = byte
      count += 1
    }
    return true
  }

  /// Adds a PIN. - Returns: `false` when it does not fit.
  package mutating func append(_ pin: borrowing PIN) -> Bool {
    guard pin.count <= Self.capacity - count else { return false }
    pin.withBytes { bytes in
      for byte in bytes {
        memory[count] = byte
        count += 1
      }
    }
    return true
  }

  /// Lets `body` write up to ``capacity`` bytes in place of what is there.
  ///
  /// - Parameter body: returns how many it wrote; `nil` for none.
  /// - Returns: whether it wrote any.
  package mutating func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int?) -> Bool {
    memory.wipe()
    count = 0
    guard let written = body(UnsafeMutableRawBufferPointer(start: memory.base, count: Self.capacity)),
      (0...Self.capacity).contains(written)
    else { return false }
    count = written
    return true
  }

  /// The bytes, for as long as `body` runs. Do not copy them out.
  package borrowing func withBytes<Result, Thrown: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    try body(memory.bytes(count))
  }
}
