internal import Base
package import Failures
internal import Glibc

/// The record as somebody reads it who decides nothing.
package enum AuditReading {
  /// - Parameter witness: see ``AuditChain/witnessHolds``.
  /// - Throws: `UK-612` when the file cannot be read.
  package static func chain(
    _ givenPath: String, witness: (number: Int, digest: [UInt8])?
  ) throws(Failure) -> AuditChain {
    let path = absolutePath(givenPath)
    func failure(_ function: String) -> Failure {
      Failure(.fileRead, function: function, number: .errno(errno), context: displaySafe(path))
    }
    let file = path.utf8.contains(0) ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure("open") }
    defer { close(file) }
    var chain = AuditChain(witness: witness)
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read") }
      if count == 0 { return chain }
      try chain.take(block[..<count])
    }
  }
}
