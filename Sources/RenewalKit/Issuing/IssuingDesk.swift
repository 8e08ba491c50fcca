internal import Base
internal import CertificateKit
package import Failures
internal import Glibc
package import StrictJSON
package import UnlockKit

/// Who makes the certificates of a desk.
package enum Issuer: Sendable {
  case privateAuthority(PrivateAuthority)
  /// A program that gets the order as a line of JSON and the PKCS#10 in PEM on its standard input, and gives CSRResponse
  /// (GM/T 0092) or another form that ``IssuedAnswer`` reads on its standard output.
  case program(String)
}

/// Answers orders, each once: the same order gets the bytes that it got before.
package struct IssuingDesk: Sendable {
  package var issuer: Issuer
  /// Where answers are kept.
  package var folder: String
  /// Days that certificates of the built-in authority are valid.
  package var days: Int64
  /// The longest time that a connector may take.
  private static let limit = Duration.seconds(120)

  package init(issuer: Issuer, folder: String, days: Int64 = 365) {
    self.issuer = issuer
    self.folder = absolutePath(folder)
    self.days = days
  }

  /// - Parameter sign: signs for an authority whose key is in a token.
  /// - Returns: what goes to the holder, and whether it was there already.
  /// - Throws: `UK-541` when this number was answered for another pair; `UK-542` when the issuer fails or answers something
  ///   else than a certificate for this pair; `UK-611`.
  package func answer(
    _ order: RenewalOrder, document: SealedDocument, now: Int64,
    sign: PrivateAuthority.Sign = PrivateAuthority.noSignature
  ) throws(Failure) -> (bytes: [UInt8], isRepeated: Bool) {
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw Failure(.fileWrite, function: "mkdir", number: .errno(errno), context: displaySafe(folder))
    }
    let path = folder + "/" + order.numberText + ".answer"
    if let kept = try kept(path) {
      guard try Self.certifies(kept, order) else { throw Failure(.orderAnswered, context: order.numberText) }
      return (kept, true)
    }
    let made =
      switch issuer {
      case .privateAuthority(let authority): try authority.issue(order, days: days, now: now, sign: sign)
      case .program(let program): try Self.ask(program, order, document)
      }
    guard try Self.certifies(made, order) else { throw Failure(.issuer, function: "CSRResponse", context: "SPKI") }
    // On disk before anybody has it: asked again, the same is given.
    switch writeFile(made, to: path, overwrite: false, mode: 0o600) {
    case .written: return (made, false)
    case .exists: throw Failure(.orderAnswered, context: order.numberText)
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }

  private func kept(_ path: String) throws(Failure) -> [UInt8]? {
    do throws(SystemError) {
      return try readFile(path, limit: IssuedAnswer.limit)
    } catch {
      if error.number == ENOENT { return nil }
      throw Failure(.fileRead, error)
    }
  }

  /// Whether one of the certificates is for the order's pair.
  private static func certifies(_ bytes: [UInt8], _ order: RenewalOrder) throws(Failure) -> Bool {
    var answer = IssuedAnswer()
    do throws(Failure) {
      try answer.add(bytes)
    } catch {
      throw Failure(.issuer, function: "CSRResponse", causes: [error])
    }
    return answer.certificates.contains { der in
      (try? Certificate(der: der)).flatMap { try? $0.publicKeyInfo() } == order.csr.key
    }
  }

  private static func ask(
    _ program: String, _ order: RenewalOrder, _ document: SealedDocument
  ) throws(Failure) -> [UInt8] {
    let old = order.old?.certificate
    let line = JSONValue.object([
      ("schema", .string("ukey.issue/1")), ("order", .string(order.numberText)), ("kind", .string(order.kind.rawValue)),
      ("keySerial", .string(order.keySerial)), ("created", .int(Int(order.created))),
      ("digest", .string(document.digestText)), ("request", order.request.map { .string(lowerHexText($0)) }),
      ("keyKind", .string(order.csr.key.kind.name)), ("owner", old.map { .string($0.owner) }),
      ("uscc", old?.uscc.map { .string($0.code) }), ("oldCertificate", old.map { .string(Base64.encode($0.der)) }),
    ]).line
    let finished = FinishedProgram.run([program], giving: Array((line + "\n" + order.csr.pem).utf8), limit: limit)
    guard case .ended(let end) = finished.end, end == .exited(0) else {
      throw Failure(.issuer, function: displaySafe(program), context: "\(finished.end)")
    }
    return finished.bytes
  }
}

/// A decision of the desk that issues, for its record.
package struct IssueDecision: AuditEntry {
  package var time: Int64
  package var file: String
  package var order: RenewalOrder?
  /// SM3 of the answer; `nil`: none was given.
  package var answer: [UInt8]?
  package var failure: Failure?
  /// What did not hold of the old certificate, and was overruled by whoever issued.
  package var overruled: [OldCertificateDoubt]
  package var decidedBy: DeskOperator

  package init(
    time: Int64, file: String, order: RenewalOrder?, answer: [UInt8]?, failure: Failure?,
    overruled: [OldCertificateDoubt], decidedBy: DeskOperator
  ) {
    self.time = time
    self.file = file
    self.order = order
    self.answer = answer
    self.failure = failure
    self.overruled = overruled
    self.decidedBy = decidedBy
  }

  /// No PIN is set by it.
  package var approvedSerial: String? { nil }

  package func write(to writer: inout JSONWriter, number: Int, previous: [UInt8]) {
    writer.begin()
    if let answer { writer.member("answer", hex: answer) }
    writer.member("decision", failure == nil ? "issued" : "refused")
    if let failure { writer.member("error", failure.code.rawValue) }
    writer.member("file", file)
    if let order { writer.member("keySerial", order.keySerial) }
    if let order { writer.member("kind", order.kind.rawValue) }
    writer.member("number", Int64(number))
    writer.member("operator", Int64(decidedBy.userID))
    if let order { writer.member("order", hex: order.number) }
    if let owner = order?.old?.certificate.owner { writer.member("owner", owner) }
    if !overruled.isEmpty { writer.member("overruled", overruled.map(\.name).joined(separator: ",")) }
    writer.member("prev", hex: previous)
    if let request = order?.request { writer.member("request", hex: request) }
    writer.member("schema", "ukey.issue-audit/1")
    // The name that was certified; `owner` is the old certificate's.
    if let order { writer.member("subject", order.csr.name.text) }
    if let before = decidedBy.sudoUserID { writer.member("sudoUser", Int64(before)) }
    writer.member("time", time)
    writer.end()
  }
}
