package import Failures

/// A PIN while it is being typed and sent: at most ``capacity`` bytes of UTF-8 in one locked page of its own.
///
/// Not copyable, so that there is one place to wipe. It has no description and is never turned into a `String`. The page
/// is locked into memory, left out of core dumps and of forked children, and overwritten when the value ends.
package struct PIN: ~Copyable {
  /// Room for more than any key takes, so that a PIN that is too long is refused by its rule and not cut.
  package static let capacity = 64

  private let memory: LockedMemory

  /// Bytes of UTF-8 entered so far.
  package private(set) var count = 0

  /// An empty PIN. Makes the process undumpable before the first one exists (see ``Secrecy``).
  ///
  /// - Throws: `UK-440` when no memory can be had or locked.
  package init() throws(Failure) { memory = try LockedMemory() }

  package var isEmpty: Bool { count == 0 }

  /// Adds one byte. - Returns: `false` when it is full; nothing is added then.
  package mutating func append(_ byte: UInt8) -> Bool {
    guard count < Self.capacity else { return false }
    memory[count] = byte
    count += 1
    return true
  }

  /// Adds one typed character as UTF-8. - Returns: `false` when it does not fit; nothing is added then.
  package mutating func append(_ scalar: Unicode.Scalar) -> Bool {
    guard let units = UTF8.encode(scalar), count + units.count <= Self.capacity else { return false }
    for unit in units { _ = append(unit) }
    return true
  }

  /// Takes the last character away, all its bytes.
  package mutating func removeLast() {
    while count > 0 {
      count -= 1
      let byte = memory[count]
      memory[count] = 0
      if byte & 0xC0 != 0x80 { return }
    }
  }

  /// Overwrites what was entered.
  package mutating func wipe() {
    memory.wipe()
    count = 0
  }

  /// Characters entered so far, for the dots on the screen.
  package var characterCount: Int {
    (0..<count).reduce(0) { memory[$1] & 0xC0 != 0x80 ? $0 + 1 : $0 }
  }

  /// The bytes, for as long as `body` runs. Do not copy them out.
  package borrowing func withBytes<Result, Thrown: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    try body(memory.bytes(count))
  }

  /// Another one with the same bytes. - Throws: `UK-440`.
  package borrowing func copy() throws(Failure) -> PIN {
    var copy = try PIN()
    for index in 0..<count { _ = copy.append(memory[index]) }
    return copy
  }

  /// Compares in a time that depends on nothing but the lengths.
  package static func isEqual(_ left: borrowing PIN, _ right: borrowing PIN) -> Bool {
    var difference = left.count ^ right.count
    for index in 0..<capacity {
      difference |= Int(left.memory[index] ^ right.memory[index])
    }
    return difference == 0
  }
}
