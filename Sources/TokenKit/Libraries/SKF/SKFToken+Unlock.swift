internal import Failures

/// What a challenge for unlocking from afar holds open in the library's process until its answer has been sent.
struct SKFOpenChallenge {
  /// Run of the library's process whose handles these are.
  var run: Int
  var device: SKFCalls.Handle
  var application: SKFCalls.Handle
  /// Name of the application, in the library's bytes.
  var name: [UInt8]
  var random: [UInt8]
}

/// Unlocking from afar through a library that has Longmai's two functions for it (none of them is in GM/T 0016).
///
/// The answer is the one that GM/T 0017 keys of the profile `A-lm` take, without AppID: the library knows its application.
extension SKFToken: RemoteUnlockToken {
  private static let profile = "A-lm"
  private static let randomSize = 8

  /// The device and the application stay open from here on, as the random lives in them.
  func unlockChallenge(_ reference: PINReference) throws(Failure) -> UnlockChallenge {
    try withTarget { target throws(Failure) in
      _ = try target.policy(.answer, .admin)
      // An earlier challenge ends with this one.
      target.dropChallenge()
      var opened: SKFOpenChallenge?
      defer {
        target.kept = opened
        target.finish(after: nil)
      }
      if let shown = reference.keySerial {
        let serial = try target.serial()
        if serial != shown { throw Failure(.keyChanged, context: serial.map { displaySafe($0) }) }
      }
      let device = try target.connect()
      _ = try target.open(reference, .answer)
      guard let application = target.application, let run = calls.caller.run else {
        throw Failure(.internalError, function: "open")
      }
      let random = try calls.call(
        .genRemoteUnblockRequest, handle: application, number: UInt64(Self.randomSize)
      ).data
      guard random.count == Self.randomSize, random.contains(where: { $0 != 0 }) else {
        throw Failure(.answerMalformed, function: SKFFunction.genRemoteUnblockRequest.symbol)
      }
      opened = SKFOpenChallenge(
        run: run, device: device, application: application, name: reference.application.bytes, random: random)
      return UnlockChallenge(
        profile: Self.profile, application: reference.application.text, applicationID: [], random: random)
    }
  }

  func withUnlockTarget<Value>(
    _ body: (any RemoteUnlockTarget) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try withTarget { target throws(Failure) in
      defer { if target.isAnswered { target.dropChallenge() } }
      return try body(target)
    }
  }
}

extension SKFPINTarget: RemoteUnlockTarget {
  /// Sends the answer on what the challenge held open; without that nothing is sent.
  func answer(_ payload: UnlockPayload, to challenge: UnlockChallenge) -> PINOutcome {
    guard let kept, kept.application == application, kept.random == challenge.random else {
      return .notSent(.failure(Failure(.challengeGone, context: "SKF")))
    }
    // What the profile gives, and nothing that a library might make something else of.
    guard payload.authentication == nil, (20...36).contains(payload.data.count) else {
      return .notSent(.failure(Failure(.unlockFileMalformed, context: "payload")))
    }
    isAnswered = true
    return send(.remoteUnblockPIN, .admin, [], success: .unblocked, uncertain: .unblock, data: payload.data)
  }

  func replaceTemporary(_ temporary: borrowing PIN, by own: borrowing PIN) -> PINOutcome {
    // What was read before is of the administrator PIN.
    before = application.flatMap { try? calls.pinStatus($0, .user) }?.triesLeft
    return change(.user, old: temporary, new: own)
  }

  /// Closes what a challenge holds open.
  func dropChallenge() {
    guard let open = kept else { return }
    kept = nil
    calls.close(.closeApplication, open.application)
    calls.close(.disConnectDev, open.device)
  }
}
