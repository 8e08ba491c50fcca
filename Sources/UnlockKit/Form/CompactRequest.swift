internal import Base
package import Failures

/// A request on one line, for a QR code or the telephone: which key it is of, the key that answers are sealed to, and the
/// digest of the whole.
///
/// `UKREQ2/KIND/CREATED/SERIAL/APPLICATION/KEY/DIGEST`, see ``LineFields``. Fields that the key does not have are empty.
package struct CompactRequest: Sendable, Equatable {
  package var kind: UnlockKind
  package var created: Int64
  package var serial: String
  package var application: String
  /// ``UnlockRequest/waitingKey``; empty where the key cannot be unlocked by file.
  package var waitingKey: [UInt8]
  /// Of the request file, 32 bytes.
  package var digest: [UInt8]

  private static let mark = "UKREQ2"

  package init(_ request: UnlockRequest, digest: [UInt8]) {
    kind = request.kind
    created = request.created
    serial = request.key.serial ?? ""
    application = request.application
    waitingKey = request.waitingKey ?? []
    self.digest = digest
  }

  package var text: String {
    var line = LineFields(Self.mark)
    line.add(text: kind.rawValue.uppercased())
    line.add(number: created)
    line.add(text: serial)
    line.add(text: application)
    line.add(bytes: waitingKey)
    line.add(bytes: digest)
    return line.text
  }

  /// Reads the line again. - Throws: `UK-501`.
  package init(parsing text: String) throws(Failure) {
    var line = try LineReader(text, mark: Self.mark, count: 6)
    kind = try line.choice(UnlockKind.self)
    created = try line.time()
    serial = try line.text(limit: 128)
    application = try line.text(limit: 64)
    waitingKey = try line.bytes(0...SM2Key.pointSize)
    digest = try line.bytes(32...32)
    guard self.text == text, waitingKey.isEmpty || waitingKey.count == SM2Key.pointSize else {
      throw Failure(.unlockFileMalformed, context: Self.mark)
    }
  }
}
