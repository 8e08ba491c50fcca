internal import CertificateKit
internal import Failures
internal import SmartCard

/// PIN commands of a GM/T 0017 token under a profile, on an opened application (GM/T 0017 §9.2; forms of the profile).
struct GMCommands: PINCommands {
  var application: GMApplication
  var form: GMProfile.PINForm

  func status(
    _ card: borrowing CardTransaction, _ role: PINReference.Role
  ) throws(Failure) -> Reading<PINStatus> {
    try application.pinStatus(card, Self.type(role))
  }

  /// VerifyPIN, `80 18`: the challenge encrypted under the PIN's key; the PIN itself is not sent.
  func verify(_ card: borrowing CardTransaction, _ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome {
    let before: PINStatus?
    let command: CommandAPDU
    do throws(Failure) {
      before = try status(card, role).value
      let block = try GMPINCrypto.authentication(pin, challenge: try Self.challenge(card), form.authentication)
      command = CommandAPDU(cla: 0x80, ins: 0x18, p2: Self.type(role).rawValue, data: application.id + block)
    } catch {
      return .notSent(.failure(error))
    }
    return send(
      card, command, name: "VerifyPIN", role, before: before, success: .verified, uncertain: .verify)
  }

  /// VerifyPIN with the old PIN, then ChangePIN, `84 16`, protected by the old PIN's key: whether the old PIN is right
  /// is known before the change is asked for.
  func change(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN
  ) -> PINOutcome {
    let verified = verify(card, role, old)
    guard verified == .verified else { return verified }
    return protected(
      card, ins: 0x16, p2: Self.type(role).rawValue, name: "ChangePIN", role, key: old, new: new, success: .changed,
      uncertain: .change)
  }

  /// CLA INS P1 P2 of UnblockPIN.
  static let unblockHeader: [UInt8] = [0x84, 0x1A, 0x00, 0x00]

  /// UnblockPIN, `84 1A`, protected by the administrator PIN's key; after VerifyPIN where the profile wants it.
  func unblock(_ card: borrowing CardTransaction, admin: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    if form.loginBeforeUnblock {
      let verified = verify(card, .admin, admin)
      guard verified == .verified else { return verified }
    }
    return protected(
      card, ins: 0x1A, p2: 0, name: "UnblockPIN", .admin, key: admin, new: new, success: .unblocked, uncertain: .unblock
    )
  }

  /// ClearSecureState, `80 1C`, and CloseApplication.
  func finish(_ card: borrowing CardTransaction, loggedIn: Bool) -> Bool {
    do throws(Failure) {
      var isClear = true
      if loggedIn {
        let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x1C, data: application.id), form: .extended)
        isClear = answer.status.isSuccess
      }
      try application.close(card)
      return isClear
    } catch {
      return false
    }
  }

  private func protected(
    _ card: borrowing CardTransaction, ins: UInt8, p2: UInt8, name: String, _ role: PINReference.Role,
    key: borrowing PIN, new: borrowing PIN, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    let before: PINStatus?
    let command: CommandAPDU
    do throws(Failure) {
      before = try status(card, role).value
      let data = try GMPINCrypto.protectedPIN(
        new: new, keyFrom: key, challenge: try Self.challenge(card), applicationID: application.id,
        header: [0x84, ins, 0x00, p2], form.newPIN)
      command = CommandAPDU(cla: 0x84, ins: ins, p2: p2, data: data)
    } catch {
      return .notSent(.failure(error))
    }
    return send(card, command, name: name, role, before: before, success: success, uncertain: uncertain)
  }

  func send(
    _ card: borrowing CardTransaction, _ command: CommandAPDU, name: String, _ role: PINReference.Role,
    before: PINStatus?, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    carryOut(card, role, command: name, before: before, success: success, uncertain: uncertain) {
      card throws(Failure) in
      try card.sendOnce(command, form: .extended)
    }
  }

  /// GenRandom, `80 50`: eight bytes, fetched immediately before each use.
  static func challenge(_ card: borrowing CardTransaction) throws(Failure) -> [UInt8] {
    let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x50, le: 8), form: .extended)
    guard answer.status.isSuccess else { throw .refused("GenRandom", answer.status) }
    guard answer.data.count == 8 else {
      throw Failure(.answerMalformed, function: "GenRandom", context: "\(answer.data.count)")
    }
    return answer.data
  }

  private static func type(_ role: PINReference.Role) -> GMApplication.PINType {
    role == .user ? .user : .administrator
  }
}

extension GMCommands {
  /// ECCSignData, `80 74 02`, over the digest e; RSASignData, `80 58 02`.
  ///
  /// Whether a token adds the DigestInfo of PKCS#1 itself is not known, so what comes back is checked with the
  /// certificate and the other form is tried when it does not fit; signing costs no try.
  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8] {
    let container = try application.openContainer(card, name: Array(key.container.utf8))
    switch key.certificate.publicKey {
    case .sm2:
      let digest = try key.certificate.sm2Digest(of: message)
      let answer = try card.send(
        CommandAPDU(cla: 0x80, ins: 0x74, p1: 0x02, data: application.id + container + digest, le: 68), form: .extended)
      guard answer.status.isSuccess else { throw .refused("ECCSignData", answer.status) }
      guard answer.data.count >= 64 else {
        throw Failure(.answerMalformed, function: "ECCSignData", context: "\(answer.data.count)")
      }
      // Key length in bits, then r and s; a token may leave the length out.
      let signature = try Signature.der(fromRS: Array(answer.data.suffix(64)))
      try key.certificate.verify(signature, of: message)
      return signature
    case .rsa(let bits):
      var last = Failure(.notSupported, function: "RSASignData")
      for input in try Signature.rsaInputs(for: message) {
        let answer = try card.send(
          CommandAPDU(cla: 0x80, ins: 0x58, p1: 0x02, data: application.id + container + input, le: bits / 8),
          form: .extended)
        guard answer.status.isSuccess else {
          last = .refused("RSASignData", answer.status)
          continue
        }
        do throws(Failure) {
          try key.certificate.verify(answer.data, of: message)
          return answer.data
        } catch {
          last = error
        }
      }
      throw last
    case .ec, .other:
      throw Failure(.notSupported, function: "sign", context: key.certificate.signatureAlgorithm)
    }
  }
}
