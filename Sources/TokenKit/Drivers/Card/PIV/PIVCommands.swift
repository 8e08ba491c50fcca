internal import CertificateKit
internal import Failures
internal import SmartCard

/// PIN and PUK commands of a PIV card (NIST SP 800-73-4 part 2 §3.2), on the selected application.
struct PIVCommands: CardPINCommands {
  var application: PIVApplication

  /// Bytes of a PIN field; shorter ones are filled with FF.
  static let fieldSize = 8

  func status(
    _ card: borrowing CardTransaction, _ role: PINReference.Role
  ) throws(Failure) -> Reading<PINStatus> {
    role == .user ? try application.pinStatus(card) : .value(try application.pukStatus(card))
  }

  /// A card on which some program has left a PIN verified does not tell the tries until it has forgotten that.
  func freshStatus(
    _ card: borrowing CardTransaction, _ role: PINReference.Role
  ) throws(Failure) -> Reading<PINStatus> {
    let reading = try status(card, role)
    guard reading.value?.isVerified == true, try forgetVerification(card) else { return reading }
    return try status(card, role)
  }

  /// Makes a card that already has a verified PIN forget it (VERIFY with P1 = FF), so that it tells the tries again.
  func forgetVerification(_ card: borrowing CardTransaction) throws(Failure) -> Bool {
    let status = try card.send(CommandAPDU(ins: 0x20, p1: 0xFF, p2: application.userPIN)).status
    // Some cards say it as the empty VERIFY does: not verified, so many tries.
    return status.isSuccess || status.triesLeft != nil
  }

  /// VERIFY, `00 20 00 80` (or `00`): only the user PIN can be verified; the PUK is checked only by what it is used for.
  func verify(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, _ pin: borrowing PIN, before: PINStatus?
  ) -> PINOutcome {
    guard role == .user else { return .notSent(.failure(Failure(.notSupported, function: "VERIFY PUK"))) }
    do throws(Failure) {
      let command = try SecretCommand(header: [0x00, 0x20, 0x00, application.userPIN], fields: 1)
      command.set(pin, at: 0)
      return send(card, command, name: "VERIFY", role, before, success: .verified, uncertain: .verify)
    } catch {
      return .notSent(.failure(error))
    }
  }

  /// CHANGE REFERENCE DATA, `00 24 00 80` (or `00`) or `81`: old and new in one command.
  func change(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN,
    before: PINStatus?
  ) -> PINOutcome {
    do throws(Failure) {
      let command = try SecretCommand(
        header: [0x00, 0x24, 0x00, role == .user ? application.userPIN : PIVPIN.puk], fields: 2)
      command.set(old, at: 0)
      command.set(new, at: 1)
      return send(
        card, command, name: "CHANGE REFERENCE DATA", role, before, success: .changed, uncertain: .change)
    } catch {
      return .notSent(.failure(error))
    }
  }

  /// RESET RETRY COUNTER, `00 2C 00 80`: PUK and new PIN.
  func unblock(
    _ card: borrowing CardTransaction, admin: borrowing PIN, new: borrowing PIN, before: PINStatus?
  ) -> PINOutcome {
    do throws(Failure) {
      // It would set the application's own PIN, which is not the one that is locked.
      guard application.userPIN == PIVPIN.application else {
        throw Failure(.notSupported, function: "RESET RETRY COUNTER", context: "Global PIN")
      }
      let command = try SecretCommand(header: [0x00, 0x2C, 0x00, PIVPIN.application], fields: 2)
      command.set(admin, at: 0)
      command.set(new, at: 1)
      return send(
        card, command, name: "RESET RETRY COUNTER", .admin, before, success: .unblocked, uncertain: .unblock)
    } catch {
      return .notSent(.failure(error))
    }
  }

  func finish(_ card: borrowing CardTransaction, loggedIn: Bool) -> Bool {
    guard loggedIn else { return true }
    do throws(Failure) {
      return try forgetVerification(card)
    } catch {
      return false
    }
  }

  private func send(
    _ card: borrowing CardTransaction, _ secret: borrowing SecretCommand, name: String, _ role: PINReference.Role,
    _ before: PINStatus?, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    let bytes = secret.bytes
    return sendJudged(card, role, command: name, before: before, success: success, uncertain: uncertain) {
      card throws(Failure) in try card.sendSecret(bytes)
    }
  }

  /// A command APDU with one or two PIN fields of eight bytes, in locked memory.
  private struct SecretCommand: ~Copyable {
    private let memory: LockedMemory
    private let count: Int

    init(header: [UInt8], fields: Int) throws(Failure) {
      memory = try LockedMemory()
      count = header.count + 1 + fields * PIVCommands.fieldSize
      for (index, byte) in (header + [UInt8(fields * PIVCommands.fieldSize)]).enumerated() { memory[index] = byte }
      for index in header.count + 1..<count { memory[index] = 0xFF }
    }

    func set(_ pin: borrowing PIN, at field: Int) {
      pin.withBytes { bytes in
        for index in 0..<min(bytes.count, PIVCommands.fieldSize) {
          memory[5 + field * PIVCommands.fieldSize + index] = bytes[index]
        }
      }
    }

    var bytes: UnsafeRawBufferPointer { memory.bytes(count) }
  }
}
