internal import Failures

/// A token behind a PKCS#11 module for one operation with a PIN, inside one session of its ``LibraryCaller``.
///
/// Where the token has a PIN pad (protected authentication path), nothing typed here is sent: the module asks for the PIN
/// there.
final class P11PINTarget: PINTarget {
  let token: P11Token
  /// What the token said when the operation began.
  private let info: P11TokenInfo
  private(set) var session: UInt64?
  /// The session is to write objects.
  private let writes: Bool
  private var mayBeLoggedIn = false
  /// The accepted PIN, while a renewal goes on.
  private var lent: UnsafeRawBufferPointer?

  var calls: P11Calls { token.calls }

  init(_ token: P11Token, _ info: P11TokenInfo, writes: Bool = false) {
    self.writes = writes
    self.token = token
    self.info = info
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy? {
    if task == .answer { throw Failure(.unlockNotRemote) }
    var policy = info.policy
    if info.hasPINPad { policy.padLimit = token.padLimit }
    return policy
  }

  func serial() -> TokenName? { info.serial }

  var hasPINPad: Bool { info.hasPINPad }

  /// The flags of the token tell of tries; a session is opened only when something is to be sent.
  ///
  /// - Throws: `UK-412` when there is no PIN that could be tried.
  func open(_ reference: PINReference, _ task: PINTask) throws(Failure) -> Reading<PINStatus> {
    let status = info.status(reference.role)
    if reference.role == .user, !info.hasUserPIN, !status.isLocked { throw Failure(.pinNotSet) }
    return .value(status)
  }

  func verify(_ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome {
    pin.withBytes { bytes in
      inSession(write: role == .admin || writes) { session in login(session, role, secrets([bytes])) }
    }
  }

  func change(_ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    old.withBytes { from in
      new.withBytes { to in
        inSession(write: true) { session in
          // Without a login C_SetPIN changes the user's PIN (§5.6.2), so the old one is sent once. The security officer's
          // needs a login before.
          if role == .admin {
            let outcome = login(session, .admin, secrets([from]))
            guard outcome == .verified else { return outcome }
          }
          let changed = send(.setPIN, session, 0, secrets([from, to]), role, success: .changed, uncertain: .change)
          // Nothing was compared: some modules want the user's login before too.
          guard role == .user, case .refused(let failure) = changed, failure.number == .ckr(UInt(CKR.userNotLoggedIn))
          else {
            return changed
          }
          let outcome = login(session, .user, secrets([from]))
          guard outcome == .verified else { return outcome }
          return send(.setPIN, session, 0, secrets([from, to]), role, success: .changed, uncertain: .change)
        }
      }
    }
  }

  func unblock(admin: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    admin.withBytes { from in
      new.withBytes { to in
        inSession(write: true) { session in
          let outcome = login(session, .admin, secrets([from]))
          guard outcome == .verified else { return outcome }
          let result = send(
            .initPIN, session, 0, secrets([to]), .admin, success: .unblocked, uncertain: .unblock)
          // The officer is in: what fails now is not about that PIN.
          if case .wrong = result { return .refused(Failure(.pinRefused, function: P11Function.initPIN.symbol)) }
          return result
        }
      }
    }
  }

  func sign(_ message: [UInt8], _ key: SigningKey, _ pin: borrowing PIN) throws(Failure) -> [UInt8] {
    guard let session else { throw Failure(.internalError, function: "sign") }
    var result: Result<[UInt8], Failure> = .failure(Failure(.internalError, function: "sign"))
    pin.withBytes { bytes in
      do throws(Failure) {
        result = .success(try signature(session, message, key, secrets([bytes])))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// Logging out fails when nobody is logged in; closing the last session logs out too (§5.6.5). What fails both ways is
  /// ended.
  func finish(after outcome: PINOutcome?) {
    guard let session else { return }
    if (try? calls.call(.logout, handle: session)) == nil, mayBeLoggedIn {
      calls.caller.discard()
    }
    calls.closeSession(session)
    self.session = nil
  }

  func lend(_ pin: UnsafeRawBufferPointer?) { lent = pin }

  /// What a login for a signature sends during a renewal.
  var lentSecrets: [UnsafeRawBufferPointer] { secrets([lent].compactMap { $0 }) }

  private func secrets(_ typed: [UnsafeRawBufferPointer]) -> [UnsafeRawBufferPointer] { info.hasPINPad ? [] : typed }

  private func inSession(write: Bool, _ body: (UInt64) -> PINOutcome) -> PINOutcome {
    do throws(Failure) {
      let opened = try calls.openSession(token.slot, write: write)
      session = opened
      return body(opened)
    } catch {
      return .notSent(.failure(error))
    }
  }

  private func login(
    _ session: UInt64, _ role: PINReference.Role, _ secrets: [UnsafeRawBufferPointer]
  ) -> PINOutcome {
    let outcome = send(
      .login, session, role == .user ? CK.user : CK.securityOfficer, secrets, role, success: .verified,
      uncertain: .verify)
    if outcome == .verified { mayBeLoggedIn = true }
    return outcome
  }

  /// Calls the one function that carries the PIN, once, and judges what came of it.
  func send(
    _ function: P11Function, _ session: UInt64, _ number: UInt64, _ secrets: [UnsafeRawBufferPointer],
    _ role: PINReference.Role, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    let request = HostRequest(function.rawValue, handle: session, number: number)
    switch calls.caller.exchange(request, secrets: secrets, name: function.symbol, takesTime: true) {
    case .failed(let failure, hadLeft: false): return .notSent(.failure(failure))
    case .failed(let failure, hadLeft: true): return .unknown(uncertain, failure)
    case .reply(let reply):
      return P11Judgement.outcome(
        of: reply, function, before: info.status(role), now: { try? calls.tokenInfo(token.slot).status(role) },
        success: success,
        uncertain: uncertain)
    }
  }
}
