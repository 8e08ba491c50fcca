internal import Failures
internal import SmartCard

/// PIN commands of a GM/T 0017 token under a profile, on an opened application (GM/T 0017 §9.2; forms of the profile).
struct GMCommands: CardPINCommands {
  var application: GMApplication
  var form: GMProfile.PINForm
  /// Name of the profile that ``form`` is of.
  var profile: String
  var order: GMByteOrder
  /// `nil`: the profile knows of no way to bring an encryption pair onto the key.
  var pairLayout: GMPairLayout?

  func status(
    _ card: borrowing CardTransaction, _ role: PINReference.Role
  ) throws(Failure) -> Reading<PINStatus> {
    try application.pinStatus(card, Self.type(role))
  }

  /// VerifyPIN, `80 18`: the challenge encrypted under the PIN's key; the PIN itself is not sent.
  func verify(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, _ pin: borrowing PIN, before: PINStatus?
  ) -> PINOutcome {
    let block: [UInt8]
    do throws(Failure) {
      block = try GMPINCrypto.authentication(pin, challenge: try Self.random(card), form.authentication)
    } catch {
      return .notSent(.failure(error))
    }
    return verify(card, role, block, before)
  }

  /// - Parameter block: the challenge under the key of the PIN.
  func verify(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, _ block: [UInt8], _ before: PINStatus?
  ) -> PINOutcome {
    send(
      card, CommandAPDU(cla: 0x80, ins: 0x18, p2: Self.type(role).rawValue, data: application.id + block),
      name: "VerifyPIN", role, before: before, success: .verified, uncertain: .verify)
  }

  /// VerifyPIN with the old PIN, then ChangePIN, `84 16`, protected by the old PIN's key: whether the old PIN is right
  /// is known before the change is asked for.
  func change(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN,
    before: PINStatus?
  ) -> PINOutcome {
    let verified = verify(card, role, old, before: before)
    guard verified == .verified else { return verified }
    return protected(
      card, ins: 0x16, p2: Self.type(role).rawValue, name: "ChangePIN", role, key: old, new: new, success: .changed,
      uncertain: .change)
  }

  /// CLA INS P1 P2 of UnblockPIN.
  static let unblockHeader: [UInt8] = [0x84, 0x1A, 0x00, 0x00]

  /// UnblockPIN, `84 1A`, protected by the administrator PIN's key; after VerifyPIN where the profile wants it.
  func unblock(
    _ card: borrowing CardTransaction, admin: borrowing PIN, new: borrowing PIN, before: PINStatus?
  ) -> PINOutcome {
    if form.loginBeforeUnblock {
      let verified = verify(card, .admin, admin, before: before)
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
        new: new, keyFrom: key, challenge: try Self.random(card), applicationID: application.id,
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
    sendJudged(card, role, command: name, before: before, success: success, uncertain: uncertain) {
      card throws(Failure) in
      try card.sendOnce(command, form: .extended)
    }
  }

  /// GenRandom, `80 50`: eight bytes, fetched immediately before each use.
  static func random(_ card: borrowing CardTransaction) throws(Failure) -> [UInt8] {
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
