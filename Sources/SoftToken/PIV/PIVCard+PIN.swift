/// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER (SP 800-73-4 part 2, 3.2.1 to 3.2.3).
extension PIVCard {
  private enum KeyReference {
    static let pin: UInt8 = 0x80
    static let puk: UInt8 = 0x81
  }

  private static let length = 8

  func verify(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x00 || (command.p1 == 0xFF && settings.logout != .no) else {
      return .status(PIVStatus.wrongParameters)
    }
    guard command.p2 == KeyReference.pin else { return .status(PIVStatus.keyReferenceNotFound) }
    guard command.p1 == 0x00 else {
      guard command.data.isEmpty else { return .status(PIVStatus.wrongLength) }
      isPINVerified = false
      return .status(settings.logout == .tries ? verificationStatus : PIVStatus.success)
    }
    guard !command.data.isEmpty else { return .status(verificationStatus) }
    guard state.pin.triesLeft > 0 else { return .status(PIVStatus.blocked) }
    guard isWellFormedPIN(command.data[...]) else { return malformed(\.pin) }
    guard state.pin.value == command.data else { return wrong(\.pin) }
    guard restoreTries(\.pin) else { return memoryFailure }
    isPINVerified = true
    isPINFresh = true
    return .status(PIVStatus.success)
  }

  /// The answer to the empty VERIFY: verified, tries left, or blocked.
  private var verificationStatus: UInt16 {
    if isPINVerified { return PIVStatus.success }
    return state.pin.triesLeft > 0 ? PIVStatus.triesLeft(state.pin.triesLeft) : blockedStatus
  }

  func changeReferenceData(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x00 else { return .status(PIVStatus.wrongParameters) }
    let path: WritableKeyPath<PIVState, PIVState.Reference>
    switch command.p2 {
    case KeyReference.pin: path = \.pin
    case KeyReference.puk: path = \.puk
    default: return .status(PIVStatus.keyReferenceNotFound)
    }
    guard state[keyPath: path].triesLeft > 0 else { return .status(PIVStatus.blocked) }
    let isPIN = command.p2 == KeyReference.pin
    let (old, new) = (command.data.prefix(Self.length), command.data.dropFirst(Self.length))
    guard command.data.count == 2 * Self.length else { return .status(PIVStatus.wrongData) }
    guard !isPIN || isWellFormedPIN(old) else { return malformed(path) }
    let isWellFormed = isPIN ? isWellFormedPIN(new) : isWellFormedPUK(new)
    guard isWellFormed || settings.checksOldFirst else { return .status(PIVStatus.wrongData) }
    guard state[keyPath: path].value == Array(old) else { return wrong(path) }
    guard isWellFormed else {
      guard restoreTries(path) else { return memoryFailure }
      if isPIN { isPINVerified = true }
      return .status(PIVStatus.wrongData)
    }
    let isSaved = change { state in
      let tries = state[keyPath: path].maximumTries
      state[keyPath: path] = PIVState.Reference(value: Array(new), tries: tries)
    }
    guard isSaved else { return memoryFailure }
    if isPIN { isPINVerified = true }
    return .status(PIVStatus.success)
  }

  /// Sets a new PIN with the PUK; whether the PIN counts as verified is not changed by it.
  func resetRetryCounter(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x00 else { return .status(PIVStatus.wrongParameters) }
    guard command.p2 == KeyReference.pin else { return .status(PIVStatus.keyReferenceNotFound) }
    guard state.puk.triesLeft > 0 else { return .status(PIVStatus.blocked) }
    guard command.data.count == 2 * Self.length else { return .status(PIVStatus.wrongData) }
    let (puk, new) = (command.data.prefix(Self.length), command.data.dropFirst(Self.length))
    guard isWellFormedPIN(new) else { return .status(PIVStatus.wrongData) }
    guard state.puk.value == Array(puk) else { return wrong(\.puk) }
    let isSaved = change { state in
      state.pin = PIVState.Reference(value: Array(new), tries: state.pin.maximumTries)
      state.puk.triesLeft = state.puk.maximumTries
    }
    return isSaved ? .status(PIVStatus.success) : memoryFailure
  }

  // MARK: Format (part 1, 2.4.3)

  /// 8 bytes: digits, then FF to the end.
  private func isWellFormedPIN(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count == Self.length else { return false }
    let digits = bytes.prefix { settings.digitsOnly ? (0x30...0x39).contains($0) : $0 != 0xFF }
    return digits.count >= settings.minimumPINLength && bytes.dropFirst(digits.count).allSatisfy { $0 == 0xFF }
  }

  private func isWellFormedPUK(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count == Self.length && bytes.contains { $0 != 0xFF }
  }

  // MARK: Counters

  private var blockedStatus: UInt16 {
    settings.blocked == .noTriesLeft ? PIVStatus.triesLeft(0) : PIVStatus.blocked
  }

  private func malformed(_ path: WritableKeyPath<PIVState, PIVState.Reference>) -> PIVAnswer {
    settings.malformedPIN == .countedAsWrong ? wrong(path) : .status(PIVStatus.wrongData)
  }

  /// Takes a try away, durably, before it is told.
  private func wrong(_ path: WritableKeyPath<PIVState, PIVState.Reference>) -> PIVAnswer {
    if path == \.pin { isPINVerified = false }
    guard change({ $0[keyPath: path].triesLeft -= 1 }) else { return memoryFailure }
    let left = state[keyPath: path].triesLeft
    return .status(left > 0 ? PIVStatus.triesLeft(left) : blockedStatus)
  }

  private func restoreTries(_ path: WritableKeyPath<PIVState, PIVState.Reference>) -> Bool {
    change { $0[keyPath: path].triesLeft = $0[keyPath: path].maximumTries }
  }

  var memoryFailure: PIVAnswer { .status(PIVStatus.memoryFailure) }
}
