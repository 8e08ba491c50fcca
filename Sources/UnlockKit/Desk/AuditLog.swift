internal import Base
package import Failures
internal import Glibc
internal import StrictJSON

/// The desk's record: one JSON line a decision, appended, no secrets.
///
/// A line is on disk before the answer that it tells of becomes visible, so that no answer is without its line
/// whenever the program or the machine stops. A line whose answer is missing tells of a decision that was not
/// delivered.
package final class AuditLog {
  private let descriptor: Int32
  private let path: String
  private var pending = JSONWriter(capacity: 32 * 1024)

  /// Opens or makes the file, mode 0600. Never through a symbolic link.
  ///
  /// - Throws: `UK-507`.
  package init(_ givenPath: String) throws(Failure) {
    path = absolutePath(givenPath)
    descriptor =
      path.utf8.contains(0)
      ? -1 : open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw Failure(.unlockLog, function: "open", number: .errno(errno), context: displaySafe(path))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.unlockLog, function: "fstat", number: .errno(EINVAL), context: displaySafe(path))
    }
    // A line that a power failure cut is closed, so that the next one stands by itself.
    var last: UInt8 = 0x0A
    if status.st_size > 0, pread(descriptor, &last, 1, status.st_size - 1) == 1, last != 0x0A { pending.endLine() }
  }

  deinit { close(descriptor) }

  /// Adds a line; on disk only after ``commit()``.
  package func add(_ decision: DeskDecision) {
    decision.write(to: &pending)
    pending.endLine()
  }

  /// Brings all added lines to disk.
  ///
  /// - Throws: `UK-507`; what was added then counts as not recorded.
  package func commit() throws(Failure) {
    defer { pending.removeAll() }
    do throws(SystemError) {
      try writeAll(pending.bytes[...], to: descriptor)
    } catch {
      throw Failure(.unlockLog, function: error.function, number: .errno(error.number), context: displaySafe(path))
    }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
  }

  private func failure(_ function: String) -> Failure {
    Failure(.unlockLog, function: function, number: .errno(errno), context: displaySafe(path))
  }
}

/// One decision of the desk.
package struct DeskDecision: Sendable {
  /// Seconds since 1970-01-01 UTC.
  package var time: Int64
  /// Name of the file without its directory.
  package var file: String
  package var checked: CheckedRequest?
  /// Digest of the response; `nil` when refused.
  package var response: [UInt8]?
  package var failure: Failure?
  /// User id of who decided.
  package var operatorID: UInt32

  package init(
    time: Int64, file: String, checked: CheckedRequest?, response: [UInt8]?, failure: Failure?, operatorID: UInt32
  ) {
    self.time = time
    self.file = file
    self.checked = checked
    self.response = response
    self.failure = failure
    self.operatorID = operatorID
  }

  /// The line of the record. The owner is the certificate's; name, mobile and address of the person are not recorded.
  func write(to writer: inout JSONWriter) {
    writer.begin()
    if let checked { writer.member("application", checked.request.application) }
    writer.member("decision", failure == nil ? "approved" : "refused")
    if let failure { writer.member("error", failure.code.rawValue) }
    writer.member("file", file)
    if let checked { writer.member("keySerial", checked.keySerial) }
    writer.member("operator", Int64(operatorID))
    if let owner = checked?.request.owner { writer.member("owner", owner) }
    if let checked { writer.member("request", hex: checked.digest) }
    if let response { writer.member("response", hex: response) }
    writer.member("schema", "ukey.unlock-audit/1")
    writer.member("time", time)
    writer.end()
  }
}
