package import Failures

/// Where a software card keeps what survives power-off: one block of bytes, replaced as a whole.
///
/// Used by one thread at a time.
package protocol StateStore: AnyObject {
  /// The block saved last; nil when nothing was ever saved.
  ///
  /// - Throws: `UK-620`.
  func load() throws(Failure) -> [UInt8]?
  /// Replaces the block. When this returns the block is durable. When it throws, or the machine stops inside it,
  /// either the old or the new block is found later, never a mix; which one is not known.
  ///
  /// - Throws: `UK-620`.
  func save(_ block: [UInt8]) throws(Failure)
}

/// A store that ends with the program: the embedded demo and tests.
package final class MemoryStore: StateStore {
  private var block: [UInt8]?

  package init(_ block: [UInt8]? = nil) {
    self.block = block
  }

  package func load() throws(Failure) -> [UInt8]? {
    block
  }

  package func save(_ block: [UInt8]) throws(Failure) {
    self.block = block
  }
}
