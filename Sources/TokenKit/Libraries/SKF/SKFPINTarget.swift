internal import Failures

/// A key behind an SKF library for one operation with a PIN, inside one session of its ``LibraryCaller``.
final class SKFPINTarget: PINTarget {
  let calls: SKFCalls
  /// Name of the device, in the library's bytes.
  private let device: [UInt8]
  private var connection: SKFCalls.Handle?
  private(set) var application: SKFCalls.Handle?
  /// Tries left when it was opened.
  var before: Int?
  /// An answer to a function with a PIN came: somebody may be logged in.
  private var mayBeLoggedIn = false
  /// A challenge that waits for its answer: what it holds open is used, and stays open until its answer was sent. Libraries
  /// have one current device and application for the whole process: another connection would be the end of it.
  var kept: SKFOpenChallenge?
  /// ULONG's width, once it was asked for.
  private var knownWidth: Int?
  /// The answer has been sent: whatever came of it, the challenge is over.
  var isAnswered = false

  init(calls: SKFCalls, device: [UInt8], kept: SKFOpenChallenge? = nil) {
    self.calls = calls
    self.device = device
    self.kept = kept
  }

  /// ULONG's width in this library, see ``SKFCalls/probe()``.
  func width() throws(Failure) -> Int {
    if let knownWidth { return knownWidth }
    let width = try calls.probe().width
    knownWidth = width
    return width
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy? {
    let function: SKFFunction
    switch task {
    case .status: return .gmt
    case .verify, .sign: function = .verifyPIN
    case .change: function = .changePIN
    case .unblock: function = .unblockPIN
    case .answer:
      guard try calls.unlocksRemotely() else {
        throw Failure(
          .unlockNotRemote, function: SKFFunction.remoteUnblockPIN.symbol, context: calls.caller.library.name)
      }
      return .gmt
    }
    return try calls.has(function) ? .gmt : nil
  }

  func serial() throws(Failure) -> TokenName? { try calls.info(try connect()).serial }

  func open(_ reference: PINReference, _ task: PINTask) throws(Failure) -> Reading<PINStatus> {
    let opened: SKFCalls.Handle
    if let kept, kept.name == reference.application.bytes {
      opened = kept.application
    } else {
      opened = try calls.open(.openApplication, try connect(), reference.application.bytes)
    }
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
      if application != kept?.application { calls.close(.closeApplication, application) }
    }
    if let connection, connection != kept?.device { calls.close(.disConnectDev, connection) }
    application = nil
    connection = nil
    mayBeLoggedIn = false
  }

  func connect() throws(Failure) -> SKFCalls.Handle {
    if let connection { return connection }
    let connection: SKFCalls.Handle
    if let kept { connection = kept.device } else { connection = try calls.connect(device) }
    self.connection = connection
    return connection
  }

  /// Calls the one function that carries the PIN, once, and judges what came of it.
  func send(
    _ function: SKFFunction, _ role: PINReference.Role, _ secrets: [UnsafeRawBufferPointer], success: PINOutcome,
    uncertain: PINOutcome.Uncertain, data: [UInt8] = []
  ) -> PINOutcome {
    guard let application else { return .notSent(.failure(Failure(.internalError, function: function.symbol))) }
    let request = HostRequest(function.rawValue, handle: application, number: role.skfType, data: data)
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
