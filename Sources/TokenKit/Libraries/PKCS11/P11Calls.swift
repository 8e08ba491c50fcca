internal import Failures

/// The functions of a PKCS#11 module with types, inside one session of its ``LibraryCaller``.
struct P11Calls {
  let caller: any LibraryCaller

  func slots(withToken: Bool) throws(Failure) -> [UInt64] {
    numbers(try call(.getSlotList, number: withToken ? 1 : 0).data)
  }

  func slotInfo(_ slot: UInt64) throws(Failure) -> P11SlotInfo {
    guard let info = P11SlotInfo(try call(.getSlotInfo, handle: slot).data) else { throw malformed(.getSlotInfo) }
    return info
  }

  func tokenInfo(_ slot: UInt64) throws(Failure) -> P11TokenInfo {
    guard let info = P11TokenInfo(try call(.getTokenInfo, handle: slot).data) else { throw malformed(.getTokenInfo) }
    return info
  }

  func mechanisms(_ slot: UInt64) throws(Failure) -> [UInt64] {
    numbers(try call(.getMechanismList, handle: slot).data)
  }

  func openSession(_ slot: UInt64, write: Bool) throws(Failure) -> UInt64 {
    try call(.openSession, handle: slot, number: write ? CK.writeSession : CK.readSession).number(0)
  }

  func closeSession(_ session: UInt64) { _ = try? call(.closeSession, handle: session) }

  func objects(_ session: UInt64, _ kind: UInt64) throws(Failure) -> [UInt64] {
    numbers(try call(.findObjects, handle: session, number: kind).data)
  }

  func attribute(_ session: UInt64, _ object: UInt64, _ type: UInt64) throws(Failure) -> [UInt8] {
    var data: [UInt8] = []
    data.append(littleEndian: type)
    return try call(.getAttributeValue, handle: session, number: object, data: data).data
  }

  func call(
    _ function: P11Function, handle: UInt64 = 0, number: UInt64 = 0, data: [UInt8] = []
  ) throws(Failure) -> HostReply {
    let reply = try caller.call(
      HostRequest(function.rawValue, handle: handle, number: number, data: data), name: function.symbol,
      takesTime: [.sign, .signInit, .generateKeyPair, .createObject].contains(function))
    if let failure = Self.failure(reply, function) { throw failure }
    return reply
  }

  /// `nil` when the function succeeded.
  static func failure(_ reply: HostReply, _ function: P11Function) -> Failure? {
    switch reply.kind {
    case .returned: break
    case .missing: return Failure(.notSupported, function: function.symbol)
    case .badRequest, .confined, .loaded, .notLoaded: return Failure(.libraryEnded, function: function.symbol)
    }
    if reply.code == CKR.ok { return nil }
    let kind: FailureCode =
      reply.code == CKR.functionNotSupported
      ? .notSupported : CKR.removed.contains(reply.code) ? .cardRemoved : .libraryRefused
    return Failure(
      kind, function: function.symbol, number: .ckr(UInt(reply.code)), context: CKR.name(reply.code))
  }

  private func numbers(_ data: [UInt8]) -> [UInt64] {
    var reader = ByteReader(data)
    var result: [UInt64] = []
    while let value = reader.integer(UInt64.self) { result.append(value) }
    return result
  }

  private func malformed(_ function: P11Function) -> Failure {
    Failure(.answerMalformed, function: function.symbol)
  }
}

/// CK_SLOT_INFO.
struct P11SlotInfo: Equatable {
  var description: TokenName

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 112 else { return nil }
    description = TokenName(field: bytes[0..<64])
  }
}

/// CK_TOKEN_INFO of PKCS#11 v2.40 §3.2 as it lies in memory on 64-bit Unix.
struct P11TokenInfo: Equatable {
  var label: TokenName
  var manufacturer: TokenName
  var model: TokenName
  var serial: TokenName
  var flags: UInt64
  var maximumPIN: Int
  var minimumPIN: Int
  var hardwareVersion: String
  var firmwareVersion: String

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 192 else { return nil }
    var reader = ByteReader(bytes)
    label = TokenName(field: bytes[0..<32])
    manufacturer = TokenName(field: bytes[32..<64])
    model = TokenName(field: bytes[64..<80])
    serial = TokenName(field: bytes[80..<96])
    guard reader.take(96) != nil, let flags = reader.integer(UInt64.self), reader.take(32) != nil,
      let maximum = reader.integer(UInt64.self), let minimum = reader.integer(UInt64.self)
    else { return nil }
    self.flags = flags
    maximumPIN = Int(clamping: maximum)
    minimumPIN = Int(clamping: minimum)
    hardwareVersion = "\(bytes[184]).\(bytes[185])"
    firmwareVersion = "\(bytes[186]).\(bytes[187])"
  }

  var isInitialized: Bool { flags & 0x400 != 0 }
  /// CKF_PROTECTED_AUTHENTICATION_PATH: the PIN is entered on the reader.
  var hasPINPad: Bool { flags & 0x100 != 0 }
  /// CKF_WRITE_PROTECTED.
  var isWriteProtected: Bool { flags & 0x02 != 0 }
  /// CKF_LOGIN_REQUIRED: some objects are seen after a login only.
  var requiresLogin: Bool { flags & 0x04 != 0 }
  /// CKF_USER_PIN_INITIALIZED.
  var hasUserPIN: Bool { flags & 0x08 != 0 }
  /// CKF_USER_PIN_COUNT_LOW, CKF_SO_PIN_COUNT_LOW: at least one wrong try since the last right one.
  func isCountLow(_ role: PINReference.Role) -> Bool { flags & (role == .user ? 0x1_0000 : 0x10_0000) != 0 }

  /// PKCS#11 tells no numbers: one try left, none, or nothing.
  func status(_ role: PINReference.Role) -> PINStatus {
    let shift: UInt64 = role == .user ? 0 : 4
    let isFinal = flags & (0x2_0000 << shift) != 0
    let isLocked = flags & (0x4_0000 << shift) != 0
    var status = PINStatus(
      triesMax: nil, triesLeft: isLocked ? 0 : isFinal ? 1 : nil, isLocked: isLocked,
      isDefault: flags & (0x8_0000 << shift) != 0 ? true : nil)
    status.isUncounted = !isLocked && !isFinal && !isCountLow(role)
    return status
  }

  /// What the token says of PIN lengths, where it can be believed.
  var policy: PINPolicy {
    let maximum = (1...PIN.capacity).contains(maximumPIN) ? maximumPIN : PIN.capacity
    let minimum = (0...maximum).contains(minimumPIN) ? minimumPIN : 0
    return PINPolicy(minimum: max(minimum, 4), maximum: max(maximum, 4))
  }
}
