internal import Base
package import Failures
internal import Glibc
package import StrictJSON

/// Who decides: the user of the process, and whom he was before `sudo`.
package struct DeskOperator: Sendable, Equatable {
  package var userID: UInt32
  package var sudoUserID: UInt32?

  /// Of this process. `SUDO_UID` is believed of root only: anyone else could set it.
  package static func ofProcess() -> DeskOperator {
    let user = getuid()
    let before = user == 0 ? getenv("SUDO_UID").flatMap { UInt32(String(cString: $0)) } : nil
    return DeskOperator(userID: user, sudoUserID: before)
  }
}

/// One decision of the desk.
package struct DeskDecision: AuditEntry {
  /// Seconds since 1970-01-01 UTC.
  package var time: Int64
  /// Name of the file without its directory.
  package var file: String
  package var checked: CheckedRequest?
  /// Digest of the challenge's line, once there was one.
  package var challenge: [UInt8]?
  /// Digest of the response; `nil` when refused.
  package var response: [UInt8]?
  package var failure: Failure?
  package var decidedBy: DeskOperator

  package init(
    time: Int64, file: String, checked: CheckedRequest?, challenge: [UInt8]? = nil, response: [UInt8]?,
    failure: Failure?,
    decidedBy: DeskOperator
  ) {
    self.time = time
    self.file = file
    self.checked = checked
    self.challenge = challenge
    self.response = response
    self.failure = failure
    self.decidedBy = decidedBy
  }

  package var approvedSerial: String? { failure == nil ? checked?.keySerial : nil }

  /// The owner is the certificate's; name, mobile and address of the person are not recorded.
  package func write(to writer: inout JSONWriter, number: Int, previous: [UInt8]) {
    writer.begin()
    if let checked { writer.member("application", checked.request.application) }
    if let challenge { writer.member("challenge", hex: challenge) }
    writer.member("decision", failure == nil ? "approved" : "refused")
    if let failure { writer.member("error", failure.code.rawValue) }
    writer.member("file", file)
    if let checked { writer.member("keySerial", checked.keySerial) }
    writer.member("number", Int64(number))
    writer.member("operator", Int64(decidedBy.userID))
    if let owner = checked?.request.owner { writer.member("owner", owner) }
    writer.member("prev", hex: previous)
    if let checked { writer.member("request", hex: checked.digest) }
    if let response { writer.member("response", hex: response) }
    writer.member("schema", "ukey.unlock-audit/1")
    if let before = decidedBy.sudoUserID { writer.member("sudoUser", Int64(before)) }
    writer.member("time", time)
    writer.end()
  }
}
