import Failures

/// GET METADATA, Yubico's extension `00 F7 00 xx`: a list of TLVs about a key slot, the PIN (80) or the PUK (81).
extension PIVCard {
  private enum Tag {
    static let algorithm: UInt32 = 0x01
    static let policy: UInt32 = 0x02
    static let origin: UInt32 = 0x03
    static let publicKey: UInt32 = 0x04
    static let isDefault: UInt32 = 0x05
    static let tries: UInt32 = 0x06
  }

  func metadata(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x00, command.data.isEmpty else { return .status(PIVStatus.wrongParameters) }
    switch command.p2 {
    case 0x80: return .data(metadata(state.pin, factory: PIVState.factoryPIN))
    case 0x81: return .data(metadata(state.puk, factory: PIVState.factoryPUK))
    case Self.managementKey:
      let isFactory = state.managementKey == PIVState(tries: 1).managementKey
      return .data(
        PIVTLV.encode(Tag.algorithm, [state.managementAlgorithm]) + PIVTLV.encode(Tag.policy, [0x00, 0x01])
          + PIVTLV.encode(Tag.isDefault, [isFactory ? 0x01 : 0x00]))
    default:
      guard let entry = state.keys[command.p2] else { return .status(PIVStatus.keyReferenceNotFound) }
      do {
        // PIN policy "always" for 9C and "once" for the others, touch "never"; the key was imported.
        return .data(
          PIVTLV.encode(Tag.algorithm, [entry.algorithm])
            + PIVTLV.encode(Tag.policy, [command.p2 == 0x9C ? 0x03 : 0x02, 0x01]) + PIVTLV.encode(Tag.origin, [0x02])
            + PIVTLV.encode(Tag.publicKey, try PIVKey(entry).publicKey()))
      } catch {
        return .status(PIVStatus.internalError)
      }
    }
  }

  private func metadata(_ reference: PIVState.Reference, factory: [UInt8]) -> [UInt8] {
    PIVTLV.encode(Tag.algorithm, [0xFF])
      + PIVTLV.encode(Tag.isDefault, [reference.value == factory ? 0x01 : 0x00])
      + PIVTLV.encode(Tag.tries, [UInt8(clamping: reference.maximumTries), UInt8(clamping: reference.triesLeft)])
  }
}
