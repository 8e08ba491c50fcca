internal import CertificateKit

/// The data of ImportECCKeyPair (`80 72`). Two readings of one command are found in readable card code, and which of them the
/// published text has is not known: a profile says it.
enum GMPairLayout: Sendable, Equatable {
  /// The session key first, then the public key and the private key in a field of 64 bytes: the order of GM/T 0018.
  case sessionFirst
  /// The private key, in 32 bytes, and the public key first, then the session key: the order of the structure of GM/T 0016.
  case privateFirst

  /// - Parameter place: AppID and ContainerID, as the card gave them.
  func data(_ pair: EnvelopedKey, place: [UInt8], _ order: GMByteOrder) -> [UInt8] {
    func u32(_ value: UInt32) -> [UInt8] { order.bytes(value) }
    let head = place + u32(1) + u32(pair.algorithm.rawValue) + u32(256)
    let session = pair.sessionPoint + pair.sessionHash + u32(16) + pair.sessionCipher
    switch self {
    case .sessionFirst:
      return head + session + u32(256) + pair.point + u32(64) + [UInt8](repeating: 0, count: 32) + pair.privateCipher
    case .privateFirst: return head + u32(32) + pair.privateCipher + pair.point + u32(256) + session
    }
  }
}

extension GMByteOrder {
  func bytes(_ value: UInt32) -> [UInt8] {
    let big = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    return self == .big ? big : big.reversed()
  }
}
