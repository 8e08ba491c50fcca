internal import Failures

/// The functions of an SKF library with types, inside one session of its ``LibraryCaller``.
struct SKFCalls {
  let caller: any LibraryCaller

  /// A handle as the host numbers it.
  typealias Handle = UInt64

  /// Devices that are there, by their names' bytes.
  func devices() throws(Failure) -> [[UInt8]] {
    SKFNames.parse(try call(.enumDev, number: 1).data)
  }

  /// ULONG's width as SKF_EnumDev shows it (4 or 8), and the size that it answered to the query.
  func probe() throws(Failure) -> (width: Int, asked: UInt64) {
    let reply = try call(.enumDev, number: 3)
    let width = reply.number(0)
    // The host finds one of these; another number comes from the library itself.
    guard width == 4 || width == 8 else {
      throw Failure(.answerMalformed, function: SKFFunction.enumDev.symbol, context: "\(width)")
    }
    return (Int(width), reply.number(1))
  }

  func connect(_ name: [UInt8]) throws(Failure) -> Handle { try call(.connectDev, data: name).number(0) }

  func info(_ device: Handle) throws(Failure) -> SKFDeviceInfo {
    let reply = try call(.getDevInfo, handle: device)
    guard let info = SKFDeviceInfo(reply.data, size: Int(clamping: reply.number(0))) else {
      throw Failure(.answerMalformed, function: SKFFunction.getDevInfo.symbol, context: "\(reply.number(0)) bytes")
    }
    return info
  }

  func applications(_ device: Handle) throws(Failure) -> [[UInt8]] {
    SKFNames.parse(try call(.enumApplication, handle: device).data)
  }

  func containers(_ application: Handle) throws(Failure) -> [[UInt8]] {
    SKFNames.parse(try call(.enumContainer, handle: application).data)
  }

  func open(_ function: SKFFunction, _ parent: Handle, _ name: [UInt8]) throws(Failure) -> Handle {
    try call(function, handle: parent, data: name).number(0)
  }

  /// Closes without complaint: what was wanted has been had.
  func close(_ function: SKFFunction, _ handle: Handle) { _ = try? call(function, handle: handle) }

  /// The state of a PIN; `absent` when the library cannot tell it.
  func pinStatus(_ application: Handle, _ role: PINReference.Role) throws(Failure) -> PINStatus {
    let reply = try call(.getPINInfo, handle: application, number: role.skfType)
    let max = reply.number(0)
    let left = reply.number(1)
    // A library that succeeds and leaves the cells alone says nothing; zero of zero is no count either.
    guard max > 0, max <= 255, left <= max else {
      throw Failure(.answerMalformed, function: SKFFunction.getPINInfo.symbol, context: "\(left)/\(max)")
    }
    return PINStatus(
      triesMax: Int(max), triesLeft: Int(left), isLocked: left == 0, isDefault: reply.number(2) != 0)
  }

  /// Container type 0 empty, 1 RSA, 2 SM2 (GM/T 0016 §7.5.7).
  func kind(_ container: Handle) throws(Failure) -> ContainerSnapshot.Kind {
    switch try call(.getContainerType, handle: container).number(0) {
    case 0: .empty
    case 1: .rsa
    case 2: .sm2
    case let other: .unknown(UInt8(clamping: other))
    }
  }

  /// DER, possibly with padding behind; empty when there is none.
  func certificate(_ container: Handle, signature: Bool) throws(Failure) -> [UInt8] {
    let reply = try exchange(.exportCertificate, handle: container, number: signature ? 1 : 0, data: [])
    if reply.kind == .returned, UInt32(truncatingIfNeeded: reply.code) == SAR.certificateNotFound { return [] }
    return try check(reply, .exportCertificate).data
  }

  /// ECCPUBLICKEYBLOB or RSAPUBLICKEYBLOB (GM/T 0016 §6.4), in the layout of this library.
  ///
  /// - Returns: `nil` when the container has no such key.
  func publicKey(_ container: Handle, signature: Bool) throws(Failure) -> [UInt8]? {
    let reply = try exchange(.exportPublicKey, handle: container, number: signature ? 1 : 0, data: [])
    if reply.kind == .returned, UInt32(truncatingIfNeeded: reply.code) == SAR.keyNotFound { return nil }
    return try check(reply, .exportPublicKey).data
  }

  func has(_ function: SKFFunction) throws(Failure) -> Bool {
    try caller.greeting().data.split(separator: 0x0A).contains { $0.elementsEqual(function.symbol.utf8) }
  }

  func unlocksRemotely() throws(Failure) -> Bool {
    for function in SKFFunction.remoteUnlock where try !has(function) { return false }
    return true
  }

  func call(
    _ function: SKFFunction, handle: Handle = 0, number: UInt64 = 0, data: [UInt8] = []
  ) throws(Failure) -> HostReply {
    try check(try exchange(function, handle: handle, number: number, data: data), function)
  }

  private func exchange(
    _ function: SKFFunction, handle: Handle, number: UInt64, data: [UInt8]
  ) throws(Failure) -> HostReply {
    // Or it makes a pair.
    let takesTime = [.eccSignData, .rsaSignData, .genECCKeyPair, .genRSAKeyPair, .importECCKeyPair].contains(function)
    return try caller.call(
      HostRequest(function.rawValue, handle: handle, number: number, data: data), name: function.symbol,
      takesTime: takesTime)
  }

  private func check(_ reply: HostReply, _ function: SKFFunction) throws(Failure) -> HostReply {
    if let failure = Self.failure(reply, function) { throw failure }
    return reply
  }

  /// `nil` when the function succeeded.
  static func failure(_ reply: HostReply, _ function: SKFFunction) -> Failure? {
    switch reply.kind {
    case .returned: break
    case .missing: return Failure(.notSupported, function: function.symbol)
    case .badRequest, .confined, .loaded, .notLoaded: return Failure(.libraryEnded, function: function.symbol)
    }
    let code = UInt32(truncatingIfNeeded: reply.code)
    let kind: FailureCode
    switch code {
    case SAR.ok: return nil
    case SAR.notSupported: kind = .notSupported
    case SAR.deviceRemoved: kind = .cardRemoved
    default: kind = .libraryRefused
    }
    return Failure(kind, function: function.symbol, number: .sar(code), context: SAR.name(code))
  }
}

extension PINReference.Role {
  /// ADMIN_TYPE 0, USER_TYPE 1 (GM/T 0016 table 15).
  var skfType: UInt64 { self == .user ? 1 : 0 }
}
