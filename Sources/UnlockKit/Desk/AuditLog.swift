internal import Base
package import Failures
internal import Glibc
package import StrictJSON

/// One decision, as a line of the desk's record.
package protocol AuditEntry: Sendable {
  /// Serial of the key that an unlocking was approved for; `nil`: none was.
  var approvedSerial: String? { get }
  /// - Parameters:
  ///   - number: of this line, from 1.
  ///   - previous: SM3 of the line before.
  func write(to writer: inout JSONWriter, number: Int, previous: [UInt8])
}

/// The desk's record: one JSON line a decision, appended, each tied to the one before (``AuditChain``), no secrets.
///
/// A line is on disk before the answer that it tells of becomes visible, so that no answer is without its line
/// whenever the program or the machine stops. A line whose answer is missing tells of a decision that was not
/// delivered.
package final class AuditLog {
  private let descriptor: Int32
  private let path: String
  private var chain: AuditChain
  /// How far ``chain`` has read.
  private var position: off_t = 0
  private var pending: [any AuditEntry] = []

  /// Opens or makes the file, mode 0600, and reads what is in it. Never through a symbolic link.
  ///
  /// - Parameter now: seconds since 1970-01-01 UTC; answers of the day before count for ``answers(for:)``.
  /// - Throws: `UK-507`, also when another user owns the file or may write to it; `UK-517` when its lines do not hold
  ///   together.
  package init(_ givenPath: String, now: Int64) throws(Failure) {
    path = absolutePath(givenPath)
    chain = AuditChain(horizon: now - 86_400)
    descriptor =
      path.utf8.contains(0)
      ? -1 : open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw Failure(.unlockLog, function: "open", number: .errno(errno), context: displaySafe(path))
    }
    try Self.checkOwner(descriptor, path)
    try locked { () throws(Failure) in try follow() }
  }

  deinit { close(descriptor) }

  /// A record that another user could have written proves nothing.
  private static func checkOwner(_ descriptor: Int32, _ path: String) throws(Failure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.unlockLog, function: "fstat", number: .errno(EINVAL), context: displaySafe(path))
    }
    guard status.st_uid == geteuid() || status.st_uid == 0, status.st_mode & 0o022 == 0, status.st_nlink == 1 else {
      let mode = String(status.st_mode & 0o7777, radix: 8)
      throw Failure(
        .unlockLog, function: "fstat", number: .errno(EPERM),
        context: displaySafe(path) + " · uid \(status.st_uid), mode 0\(mode), links \(status.st_nlink)")
    }
    // Nor one that another user could have put in the place of ours.
    do throws(SystemError) {
      try TrustedPath.check(path)
    } catch {
      throw Failure(
        .unlockLog, function: error.function, number: .errno(error.number),
        context: displaySafe(path) + " · " + displaySafe(error.subject ?? ""))
    }
  }

  /// Adds a decision; on disk only after ``commit()``.
  package func add(_ decision: any AuditEntry) { pending.append(decision) }

  /// Answers that this key has had in the last day, those not yet on disk among them.
  package func answers(for serial: String) -> Int {
    (chain.approvals[serial]?.count ?? 0)
      + pending.count { $0.approvedSerial?.utf8.elementsEqual(serial.utf8) == true }
  }

  /// Brings all added decisions to disk.
  ///
  /// - Throws: `UK-507`, `UK-517`; what was added then counts as not recorded.
  package func commit() throws(Failure) {
    guard !pending.isEmpty else { return }
    defer { pending.removeAll() }
    try locked { () throws(Failure) in
      // Another desk may have written meanwhile.
      try follow()
      var writer = JSONWriter(capacity: 512 * pending.count)
      var previous = chain.head
      var number = chain.lines
      // A line that a power failure cut is closed, so that the next one stands by itself.
      if !chain.rest.isEmpty {
        writer.endLine()
        previous = try Digest.sm3(chain.rest)
        number += 1
      }
      for decision in pending {
        let start = writer.bytes.count
        number += 1
        decision.write(to: &writer, number: number, previous: previous)
        previous = try Digest.sm3(Array(writer.bytes[start...]))
        writer.endLine()
      }
      do throws(SystemError) {
        try writeAll(writer.bytes[...], to: descriptor)
      } catch {
        throw Failure(.unlockLog, function: error.function, number: .errno(error.number), context: displaySafe(path))
      }
      guard fsync(descriptor) == 0 else { throw failure("fsync") }
      try follow()
    }
    journal()
  }

  /// Line and digest of the end of the record, to the system's journal: there the operator cannot take it back, and
  /// `ukey unlock audit verify --holds` compares it.
  private func journal() {
    let words = "unlock audit \(displaySafe(path)) line \(chain.lines) sm3 \(lowerHexText(chain.head))"
    words.withCString { text in withVaList([text]) { vsyslog(LOG_AUTHPRIV | LOG_NOTICE, "ukey: %s", $0) } }
  }

  /// Longer than any commit of another desk takes.
  private static let turn = Duration.seconds(10)

  /// Two desks may share a record; each commit is whole. One that stands still in the middle of its own is not waited for without
  /// end.
  private func locked(_ body: () throws(Failure) -> Void) throws(Failure) {
    let deadline = Instant.now + Self.turn
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR || (errno == EWOULDBLOCK && Instant.now < deadline) else { throw failure("flock") }
      usleep(10_000)
    }
    defer { flock(descriptor, LOCK_UN) }
    try body()
  }

  /// Reads what has been added since.
  private func follow() throws(Failure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("fstat") }
    guard status.st_size >= position else {
      throw Failure(.auditBroken, context: displaySafe(path) + " · \(status.st_size) < \(position)")
    }
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = pread(descriptor, &block, block.count, position)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("pread") }
      if count == 0 { break }
      position += off_t(count)
      try chain.take(block[..<count])
    }
    if let found = chain.firstBreak {
      throw Failure(.auditBroken, context: displaySafe(path) + ":\(found.line)")
    }
  }

  private func failure(_ function: String) -> Failure {
    Failure(.unlockLog, function: function, number: .errno(errno), context: displaySafe(path))
  }
}
