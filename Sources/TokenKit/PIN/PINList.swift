package import Failures

/// Up to ``capacity`` PINs in one locked page, for programs that make many: each ``PIN`` has a page of its own, and
/// the system limits how many may be locked.
package struct PINList: ~Copyable {
  package static let capacity = pages * LockedMemory.pageSize / (PIN.capacity + 1)
  private static let pages = 4

  private let memory: LockedMemory
  package private(set) var count = 0

  /// - Throws: `UK-440`.
  package init() throws(Failure) { memory = try LockedMemory(pages: Self.pages) }

  /// Keeps a copy. - Returns: `false` when the list is full.
  package mutating func append(_ pin: borrowing PIN) -> Bool {
    guard count < Self.capacity else { return false }
    // One byte of length and the bytes, in a field of 65.
    let start = count * (PIN.capacity + 1)
    memory[start] = UInt8(pin.count)
    pin.withBytes { bytes in
      for index in bytes.indices { memory[start + 1 + index] = bytes[index] }
    }
    count += 1
    return true
  }

  /// Copies one out. - Returns: `false` when there is none with this number.
  package func get(_ index: Int, into pin: inout PIN) -> Bool {
    guard (0..<count).contains(index) else { return false }
    let start = index * (PIN.capacity + 1)
    pin.wipe()
    for offset in 0..<Int(memory[start]) { _ = pin.append(memory[start + 1 + offset]) }
    return true
  }

  package mutating func removeAll() {
    memory.wipe()
    count = 0
  }
}
