internal import Failures

/// A key behind an SKF library for one operation with a PIN, inside one session of its ``LibraryCaller``.
final class SKFPINTarget: PINTarget {
  let calls: SKFCalls
  /// Name of the device, in the library's bytes.
  private let device: [UInt8]
  private var connection: SKFCalls.Handle?
  private var application: SKFCalls.Handle?
  /// Tries left when it was opened.
  private var before: Int?
  /// An answer to a function with a PIN came: somebody may be logged in.
  private var mayBeLoggedIn = false

  init(calls: SKFCalls, device: [UInt8]) {
    self.calls = calls
    self.device = device
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy? {
    let function: SKFFunction
    switch task {
    case .status: return .gmt
    case .verify, .sign: function = .verifyPIN
    case .change: function = .changePIN
    case .unblock: function = .unblockPIN
    case .answer: throw Failure(.unlockNotRemote)
    }
    return try calls.has(function) ? .gmt : nil
  }

  func serial() throws(Failure) -> TokenName? { try calls.info(try connect()).serial }

  func open(_ reference: PINReference, _ task: PINTask) throws(Failure) -> Reading<PINStatus> {
    let opened = try calls.open(.openApplication, try connect(), reference.application.bytes)
    application = opened
    let status = try Reading.item { () throws(Failure) in .value(try calls.pinStatus(opened, reference.role)) }
    before = status.value?.triesLeft
    return status
  }

  func verify(_ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome {
    pin.withBytes { send(.verifyPIN, role, [$0], success: .verified, uncertain: .verify) }
  }

  func change(_ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    old.withBytes { from in
      new.withBytes { to in send(.changePIN, role, [from, to], success: .changed, uncertain: .change) }
    }
  }

  func unblock(admin: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    admin.withBytes { from in
      new.withBytes { to in send(.unblockPIN, .admin, [from, to], success: .unblocked, uncertain: .unblock) }
    }
  }

  func sign(_ message: [UInt8], _ key: SigningKey, _ pin: borrowing PIN) throws(Failure) -> [UInt8] {
    guard let application else { throw Failure(.internalError, function: "sign") }
    return try signature(application, message, key)
  }

  /// Clears the secure state: closing an application or disconnecting does not (GM/T 0016 §7.1.6, §7.3.6).
  func finish(after outcome: PINOutcome?) {
    if let application {
      if mayBeLoggedIn, (try? calls.call(.clearSecureState, handle: application)) == nil { calls.caller.discard() }
      calls.close(.closeApplication, application)
    }
    if let connection { calls.close(.disConnectDev, connection) }
    application = nil
    connection = nil
    mayBeLoggedIn = false
  }

  private func connect() throws(Failure) -> SKFCalls.Handle {
    if let connection { return connection }
    let connection = try calls.connect(device)
    self.connection = connection
    return connection
  }

  /// Calls the one function that carries the PIN, once, and judges what came of it.
  private func send(
    _ function: SKFFunction, _ role: PINReference.Role, _ secrets: [UnsafeRawBufferPointer], success: PINOutcome,
    uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    guard let application else { return .notSent(.failure(Failure(.internalError, function: function.symbol))) }
    let request = HostRequest(function.rawValue, handle: application, number: role.skfType)
    switch calls.caller.exchange(request, secrets: secrets, name: function.symbol, takesTime: true) {
    case .failed(let failure, hadLeft: false): return .notSent(.failure(failure))
    case .failed(let failure, hadLeft: true): return .unknown(uncertain, failure)
    case .reply(let reply):
      mayBeLoggedIn = true
      return SKFJudgement.outcome(
        of: reply, function, before: before, now: { try? calls.pinStatus(application, role) }, success: success,
        uncertain: uncertain)
    }
  }
}
