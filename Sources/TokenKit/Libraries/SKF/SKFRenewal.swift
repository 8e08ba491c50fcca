internal import CertificateKit
internal import Failures

/// A new certificate on a key behind its maker's library (GM/T 0016-2012 §7.5, §7.6): the library says how the key is
/// written, and the structures are the standard's with ULONG as wide as it has it; no field of theirs needs filling with
/// either width, so that how it packs does not matter.
extension SKFToken: RenewalToken {
  func offer() throws(Failure) -> RenewalOffer {
    let calls = calls
    return try calls.caller.session { () throws(Failure) in
      func lacking(_ functions: [SKFFunction]) throws(Failure) -> SKFFunction? {
        for function in functions where try !calls.has(function) { return function }
        return nil
      }
      func refusal(_ function: SKFFunction) -> Failure {
        Failure(.renewalNotOffered, function: function.symbol, context: calls.caller.library.name)
      }
      if let function = try lacking(SKFFunction.renewal) { throw refusal(function) }
      var kinds: [RenewalKeyKind] = []
      let lackingSM2 = try lacking(SKFFunction.renewalSM2)
      if lackingSM2 == nil { kinds.append(.sm2) }
      if try lacking(SKFFunction.renewalRSA) == nil { kinds.append(.rsa2048) }
      if kinds.isEmpty, let lackingSM2 { throw refusal(lackingSM2) }
      return RenewalOffer(
        kinds: kinds, takesEncryptionPair: lackingSM2 == nil,
        basis: .library(interface: "GM/T 0016-2012", name: calls.caller.library.name))
    }
  }
}

extension SKFPINTarget: RenewalSession {
  private static let sm4ECB: UInt64 = 0x401
  /// SGD_SM2_1 as libraries number it.
  private static let sm2Signature: UInt64 = 0x0002_0100

  private func opened() throws(Failure) -> SKFCalls.Handle {
    guard let application else { throw Failure(.internalError, function: "renewal") }
    return application
  }

  private func with<Value>(
    _ name: TokenName, _ body: (SKFCalls.Handle) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let container = try calls.open(.openContainer, try opened(), name.bytes)
    defer { calls.close(.closeContainer, container) }
    return try body(container)
  }

  /// The standard has no way to ask how many containers there may be: CreateContainer says it.
  func checkRoom(for bytes: Int) throws(Failure) {}

  func container(_ name: TokenName) throws(Failure) -> RenewalContainer? {
    guard try calls.containers(try opened()).contains(name.bytes) else { return nil }
    return RenewalContainer(
      hasSignaturePair: try publicKey(.signature, in: name) != nil,
      hasEncryptionPair: try publicKey(.encryption, in: name) != nil)
  }

  func createContainer(_ name: TokenName) throws(Failure) {
    do throws(Failure) {
      calls.close(.closeContainer, try calls.open(.createContainer, try opened(), name.bytes))
    } catch {
      // SAR_NO_ROOM, SAR_REACH_MAX_CONTAINER_COUNT
      guard case .sar(let code) = error.number, code == 0x0A00_0030 || code == 0x0A00_0032 else { throw error }
      throw Failure(.renewalRoom, function: error.function, number: error.number, context: error.context)
    }
  }

  func generate(_ kind: RenewalKeyKind, in container: TokenName) throws(Failure) {
    let (function, number): (SKFFunction, UInt64)
    switch kind {
    case .sm2: (function, number) = (.genECCKeyPair, Self.sm2Signature)
    case .rsa2048: (function, number) = (.genRSAKeyPair, 2048)
    case .p256: throw Failure(.renewalNotOffered, context: kind.rawValue)
    }
    try with(container) { handle throws(Failure) in _ = try calls.call(function, handle: handle, number: number) }
  }

  /// ECCPUBLICKEYBLOB: the count of bits, X and Y each right-aligned in 64 bytes. RSAPUBLICKEYBLOB: an algorithm, the count
  /// of bits, the modulus in 256 bytes, the exponent in 4.
  func publicKey(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> PublicKeyInfo? {
    try with(container) { handle throws(Failure) in
      guard let blob = try calls.publicKey(handle, signature: role != .encryption) else { return nil }
      // Some fill what is not there with zeros.
      guard blob.contains(where: { $0 != 0 }) else { return nil }
      let width = try width()
      func number(_ index: Int) -> Int {
        blob.dropFirst(index * width).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      // An SM2 key has 256 bits; the other structure begins with the number of an algorithm.
      if number(0) != 256, number(1) == 2048, blob.count >= 2 * width + 260 {
        let (modulus, exponent) = (blob[(2 * width)..<(2 * width + 256)], blob[(2 * width + 256)..<(2 * width + 260)])
        // Big-endian, or as the exponent of RSA keys, 65537, shows when it is not.
        let big = exponent.elementsEqual([1, 0, 1, 0]) ? [UInt8](exponent.reversed()) : Array(exponent)
        return try PublicKeyInfo(modulus: Array(modulus), exponent: big)
      }
      guard blob.count >= width + 128 else {
        throw Failure(.answerMalformed, function: SKFFunction.exportPublicKey.symbol, context: "\(blob.count)")
      }
      let coordinates = Array(blob[width..<(width + 128)])
      guard coordinates.contains(where: { $0 != 0 }) else { return nil }
      return try PublicKeyInfo(sm2: Array(coordinates[32..<64] + coordinates[96..<128]))
    }
  }

  func sign(_ message: [UInt8], in container: TokenName, by key: PublicKeyInfo) throws(Failure) -> [UInt8] {
    let isSM2 = key.kind == .sm2
    let inputs = isSM2 ? [try key.sm2Digest(of: message), message] : try Signature.rsaInputs(for: message)
    return try with(container) { handle throws(Failure) in
      try signature(handle, isSM2 ? .eccSignData : .rsaSignData, inputs) { made throws(Failure) in
        try key.verify(made, of: message)
      }
    }
  }

  func sign(_ message: [UInt8], with key: SigningKey) throws(Failure) -> [UInt8] {
    try signature(try opened(), message, key)
  }

  func importPair(_ pair: EnvelopedKey, in container: TokenName) throws(Failure) {
    let blob = pair.skf(calls.caller.library.pairAlignment, width: try width())
    try with(container) { handle throws(Failure) in
      _ = try calls.call(.importECCKeyPair, handle: handle, data: blob)
    }
  }

  func importCertificate(
    _ certificate: Certificate, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) {
    try with(container) { handle throws(Failure) in
      _ = try calls.call(
        .importCertificate, handle: handle, number: role == .encryption ? 0 : 1, data: certificate.der)
    }
  }

  func certificate(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> [UInt8]? {
    try with(container) { handle throws(Failure) in
      let found = try calls.certificate(handle, signature: role != .encryption)
      return found.isEmpty ? nil : try Certificate(der: found).der
    }
  }

  /// As on a card: see ``SessionKeyTrial``. ECCCIPHERBLOB has coordinates of 64 bytes, C3, the length (ULONG) and C2.
  func opens(_ key: PublicKeyInfo, in container: TokenName) throws(Failure) -> Bool? {
    for function in SKFFunction.trial where try !calls.has(function) { return nil }
    let trial = try SessionKeyTrial(to: key)
    let zeros = [UInt8](repeating: 0, count: 32)
    let (point, text) = (trial.cipher.point, trial.cipher.text)
    let width = try width()
    let length = (0..<width).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    let blob = zeros + point.prefix(32) + zeros + point.suffix(32) + trial.cipher.hash + length + text
    return try with(container) { handle throws(Failure) in
      let session: SKFCalls.Handle
      do throws(Failure) {
        session = try calls.call(.importSessionKey, handle: handle, number: Self.sm4ECB, data: blob).number(0)
      } catch {
        if error.code == .notSupported { return nil }
        // A pair that does not open it is refused here, with a number that no two libraries have alike.
        guard error.code == .libraryRefused else { throw error }
        return false
      }
      defer { calls.close(.closeHandle, session) }
      _ = try calls.call(.encryptInit, handle: session, number: UInt64(width))
      return try calls.call(.encrypt, handle: session, data: trial.block).data == trial.expected
    }
  }

  func deleteContainer(_ name: TokenName) throws(Failure) {
    _ = try calls.call(.deleteContainer, handle: try opened(), data: name.bytes)
  }
}
