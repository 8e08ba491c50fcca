internal import CertificateKit
internal import Failures
internal import SmartCard

/// The operations with a PIN. Each is one transaction: find the key's kind, see that it is still the key that was shown,
/// check the rules, read the tries, and only then send, once. None takes longer than ``TimedLink/limit``.
extension CardToken {
  func pinSupport() throws(Failure) -> PINSupport {
    let card = try timedTransaction()
    switch try recognise(card) {
    case .piv: return .supported(profile: "PIV", provenance: "NIST SP 800-73-4", .piv)
    case .gmt0017(let device):
      guard let profile = profile(for: device, atr: card.atr), profile.pin != nil else { return .noProfile }
      return .supported(profile: profile.name, provenance: profile.provenance, .gmt)
    }
  }

  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus {
    let card = try timedTransaction()
    switch try recognise(card) {
    case .piv(let application):
      return try Self.freshStatus(card, PIVCommands(application: application), reference.role)
    case .gmt0017:
      let application = try GMApplication.open(card, name: Array(reference.application.utf8))
      let status = try Reading.item { () throws(Failure) in
        try application.pinStatus(card, reference.role == .user ? .user : .administrator)
      }
      try application.close(card)
      return try Self.value(status)
    }
  }

  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome {
    do throws(Failure) {
      var card = try timedTransaction()
      switch try prepare(card, reference, consent) {
      case .ended(let outcome): return outcome
      case .ready(let commands, let policy):
        if let rule = policy.refusal(current: pin) {
          _ = commands.finish(card, loggedIn: false)
          return .notSent(.rule(rule))
        }
        let outcome = commands.verify(card, reference.role, pin)
        if !commands.finish(card, loggedIn: true) { card.resetAtEnd() }
        return outcome
      }
    } catch {
      return .notSent(.failure(error))
    }
  }

  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    do throws(Failure) {
      var card = try timedTransaction()
      switch try prepare(card, reference, consent) {
      case .ended(let outcome): return outcome
      case .ready(let commands, let policy):
        let rule =
          policy.refusal(current: old) ?? policy.refusal(new: new) ?? (PIN.isEqual(old, new) ? .sameAsOld : nil)
        if let rule {
          _ = commands.finish(card, loggedIn: false)
          return .notSent(.rule(rule))
        }
        let outcome = commands.change(card, reference.role, old: old, new: new)
        if !commands.finish(card, loggedIn: true) { card.resetAtEnd() }
        return outcome
      }
    } catch {
      return .notSent(.failure(error))
    }
  }

  func unblockPIN(
    application: String, keySerial: String?, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    do throws(Failure) {
      var card = try timedTransaction()
      let reference = PINReference(application: application, role: .admin, keySerial: keySerial)
      switch try prepare(card, reference, consent) {
      case .ended(let outcome): return outcome
      case .ready(let commands, let policy):
        if let rule = policy.refusal(current: admin) ?? policy.refusal(new: new) {
          _ = commands.finish(card, loggedIn: false)
          return .notSent(.rule(rule))
        }
        let outcome = commands.unblock(card, admin: admin, new: new)
        if !commands.finish(card, loggedIn: true) { card.resetAtEnd() }
        return outcome
      }
    } catch {
      return .notSent(.failure(error))
    }
  }

  func sign(
    _ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent
  ) -> SignOutcome {
    do throws(Failure) {
      var card = try timedTransaction()
      let reference = PINReference(application: key.application, role: .user, keySerial: key.keySerial)
      switch try prepare(card, reference, consent) {
      case .ended(let outcome): return .pin(outcome)
      case .ready(let commands, let policy):
        if let rule = policy.refusal(current: pin) {
          _ = commands.finish(card, loggedIn: false)
          return .pin(.notSent(.rule(rule)))
        }
        let outcome = commands.verify(card, .user, pin)
        var result = SignOutcome.pin(outcome)
        if outcome == .verified {
          do throws(Failure) {
            result = .signed(try commands.sign(card, message, key))
          } catch {
            result = .pin(.refused(error))
          }
        }
        if !commands.finish(card, loggedIn: true) { card.resetAtEnd() }
        return result
      }
    } catch {
      return .pin(.notSent(.failure(error)))
    }
  }

  /// The commands to go on with, or how it ended before anything was sent.
  enum Prepared {
    case ready(any PINCommands, PINPolicy)
    case ended(PINOutcome)
  }

  func prepare(
    _ card: borrowing CardTransaction, _ reference: PINReference, _ consent: TryConsent
  ) throws(Failure) -> Prepared {
    switch try recognise(card) {
    case .piv(let selected):
      var application = selected
      if let serial = reference.keySerial, try PIVReader.serial(card, &application).value != serial {
        return .ended(.notSent(.otherKey))
      }
      let commands = PIVCommands(application: application)
      let status = try Self.freshStatus(card, commands, reference.role)
      return Self.admitted(status, consent).map { .ended($0) } ?? .ready(commands, .piv)
    case .gmt0017(let device):
      if let serial = reference.keySerial, device.serial != serial { return .ended(.notSent(.otherKey)) }
      guard let form = profile(for: device, atr: card.atr)?.pin else { return .ended(.notSent(.noProfile)) }
      let commands = GMCommands(
        application: try GMApplication.open(card, name: Array(reference.application.utf8)), form: form)
      do throws(Failure) {
        let status = try Self.value(try commands.status(card, reference.role))
        guard let outcome = Self.admitted(status, consent) else { return .ready(commands, .gmt) }
        _ = commands.finish(card, loggedIn: false)
        return .ended(outcome)
      } catch {
        // The application must not stay open: some tokens hold only one.
        _ = commands.finish(card, loggedIn: false)
        throw error
      }
    }
  }

  /// The state of a PIV PIN with its tries: a card on which some program has left a PIN verified does not tell them until
  /// it has forgotten that.
  private static func freshStatus(
    _ card: borrowing CardTransaction, _ commands: PIVCommands, _ role: PINReference.Role
  ) throws(Failure) -> PINStatus {
    let status = try value(try commands.status(card, role))
    guard status.isVerified, try commands.forgetVerification(card) else { return status }
    return try value(try commands.status(card, role))
  }

  /// `nil` when the tries left allow the operation under this consent.
  private static func admitted(_ status: PINStatus, _ consent: TryConsent) -> PINOutcome? {
    if status.isLocked { return .locked }
    return consent < .needed(triesLeft: status.triesLeft) ? .notSent(.tries(status.triesLeft)) : nil
  }

  private static func value(_ reading: Reading<PINStatus>) throws(Failure) -> PINStatus {
    switch reading {
    case .value(let status): return status
    case .failed(let failure): throw failure
    case .absent, .notOffered: throw Failure(.notSupported, function: "PIN status")
    }
  }
}
