internal import CertificateKit
internal import Failures

/// A new certificate on a key behind its maker's library (GM/T 0016-2012 §7.5, §7.6): the library says how the key is
/// written, and the structures are the standard's with ULONG of 4 bytes.
extension SKFToken: RenewalToken {
  func offer() throws(Failure) -> RenewalOffer {
    let calls = calls
    return try calls.caller.session { () throws(Failure) in
      for function in SKFFunction.renewal where try !calls.has(function) {
        throw Failure(.renewalNotOffered, function: function.symbol, context: calls.caller.library.name)
      }
      // How the structures lie in memory with other widths is not known of any library that could be asked.
      let width = try calls.probe().width
      guard width == 4 else { throw Failure(.renewalNotOffered, function: "ULONG", context: "\(width)") }
      return RenewalOffer(
        kinds: [.sm2], takesEncryptionPair: true,
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
    guard kind == .sm2 else { throw Failure(.renewalNotOffered, context: kind.rawValue) }
    try with(container) { handle throws(Failure) in
      _ = try calls.call(.genECCKeyPair, handle: handle, number: Self.sm2Signature)
    }
  }

  /// ECCPUBLICKEYBLOB: the count of bits, X and Y each right-aligned in 64 bytes.
  func publicKey(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> PublicKeyInfo? {
    try with(container) { handle throws(Failure) in
      guard let blob = try calls.publicKey(handle, signature: role != .encryption) else { return nil }
      guard blob.count >= 132 else {
        throw Failure(.answerMalformed, function: SKFFunction.exportPublicKey.symbol, context: "\(blob.count)")
      }
      let coordinates = Array(blob[4..<132])
      // Some fill what is not there with zeros.
      guard coordinates.contains(where: { $0 != 0 }) else { return nil }
      return try PublicKeyInfo(sm2: Array(coordinates[32..<64] + coordinates[96..<128]))
    }
  }

  func sign(_ message: [UInt8], in container: TokenName, by key: PublicKeyInfo) throws(Failure) -> [UInt8] {
    let inputs = [try key.sm2Digest(of: message), message]
    return try with(container) { handle throws(Failure) in
      try signature(handle, .eccSignData, inputs) { made throws(Failure) in try key.verify(made, of: message) }
    }
  }

  func sign(_ message: [UInt8], with key: SigningKey) throws(Failure) -> [UInt8] {
    try signature(try opened(), message, key)
  }

  func importPair(_ pair: EnvelopedKey, in container: TokenName) throws(Failure) {
    try with(container) { handle throws(Failure) in
      _ = try calls.call(.importECCKeyPair, handle: handle, data: pair.skf())
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

  /// As on a card: see ``SessionKeyTrial``. ECCCIPHERBLOB has coordinates of 64 bytes, C3, the length and C2.
  func opens(_ key: PublicKeyInfo, in container: TokenName) throws(Failure) -> Bool? {
    for function in SKFFunction.trial where try !calls.has(function) { return nil }
    let trial = try SessionKeyTrial(to: key)
    let zeros = [UInt8](repeating: 0, count: 32)
    let (point, text) = (trial.cipher.point, trial.cipher.text)
    let length = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: text.count >> $0) }
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
      _ = try calls.call(.encryptInit, handle: session)
      return try calls.call(.encrypt, handle: session, data: trial.block).data == trial.expected
    }
  }

  func deleteContainer(_ name: TokenName) throws(Failure) {
    _ = try calls.call(.deleteContainer, handle: try opened(), data: name.bytes)
  }
}
