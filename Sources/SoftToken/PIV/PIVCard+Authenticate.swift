import COpenSSL
import Failures

/// GENERAL AUTHENTICATE and GENERATE ASYMMETRIC KEY PAIR (SP 800-73-4 part 2, 3.2.4 and 3.3.2).
extension PIVCard {
  /// Tags of the dynamic authentication template 7C (table 7).
  private enum Tag {
    static let template: UInt32 = 0x7C
    static let witness: UInt32 = 0x80
    static let challenge: UInt32 = 0x81
    static let response: UInt32 = 0x82
    static let exponentiation: UInt32 = 0x85
  }

  static let managementKey: UInt8 = 0x9B

  func generalAuthenticate(_ command: PIVCommand, isPINFresh: Bool) -> PIVAnswer {
    guard
      let outer = PIVTLV.decode(command.data), outer.count == 1,
      let items = outer[tag: Tag.template].flatMap(PIVTLV.decode)
    else { return .status(PIVStatus.wrongData) }
    guard command.p2 != Self.managementKey else { return authenticateManager(command, items) }
    guard let entry = state.keys[command.p2] else { return .status(PIVStatus.keyReferenceNotFound) }
    guard entry.algorithm == command.p1 else { return .status(PIVStatus.wrongParameters) }
    guard mayUse(command.p2, isPINFresh: isPINFresh) else { return .status(PIVStatus.securityStatus) }
    do {
      let key = try PIVKey(entry)
      let result: [UInt8]? =
        if let point = items[tag: Tag.exponentiation], !point.isEmpty {
          try key.agree(with: point)
        } else if let challenge = items[tag: Tag.challenge], !challenge.isEmpty {
          try key.sign(challenge)
        } else {
          nil
        }
      guard let result else { return .status(PIVStatus.wrongData) }
      return template(Tag.response, result)
    } catch {
      return .status(PIVStatus.wrongData)
    }
  }

  private func template(_ tag: UInt32, _ value: [UInt8]) -> PIVAnswer {
    .data(PIVTLV.encode(Tag.template, PIVTLV.encode(tag, value)))
  }

  /// Security conditions of the keys (part 1, table 4b): 9C "PIN Always", 9E none, all others "PIN".
  private func mayUse(_ reference: UInt8, isPINFresh: Bool) -> Bool {
    switch reference {
    case 0x9C: isPINVerified && isPINFresh
    case 0x9E: true
    default: isPINVerified
    }
  }

  // MARK: Key 9B, the card management key

  /// Mutual authentication by witness, or of the outside world alone by a challenge (part 2, appendix A).
  private func authenticateManager(_ command: PIVCommand, _ items: [PIVTLV.Item]) -> PIVAnswer {
    // 00 is another name of 03 (SP 800-78-4, table 6-2).
    let algorithm = command.p1 == 0x00 ? PIVAlgorithm.tripleDES : command.p1
    guard algorithm == state.managementAlgorithm, let cipher = PIVCipher(algorithm: algorithm, key: state.managementKey)
    else { return .status(PIVStatus.wrongParameters) }
    let awaited = managementChallenge
    managementChallenge = nil
    do {
      switch (items[tag: Tag.witness], items[tag: Tag.challenge], items[tag: Tag.response]) {
      case (.some([]), _, _):
        let witness = try PIVCipher.random(cipher.blockLength)
        managementChallenge = .witness(witness)
        return template(Tag.witness, try cipher.encrypt(witness))
      case (.some(let witness), .some(let challenge), _) where challenge.count == cipher.blockLength:
        isManagementAuthenticated = awaited == .witness(witness)
        guard isManagementAuthenticated else { return .status(PIVStatus.securityStatus) }
        return template(Tag.response, try cipher.encrypt(challenge))
      case (nil, .some([]), _):
        let challenge = try PIVCipher.random(cipher.blockLength)
        managementChallenge = .external(challenge)
        return template(Tag.challenge, challenge)
      case (nil, nil, .some(let response)) where !response.isEmpty:
        guard case .external(let challenge) = awaited else { return .status(PIVStatus.conditionsOfUse) }
        isManagementAuthenticated = try cipher.encrypt(challenge) == response
        return .status(isManagementAuthenticated ? PIVStatus.success : PIVStatus.securityStatus)
      default:
        return .status(PIVStatus.wrongData)
      }
    } catch {
      return .status(PIVStatus.internalError)
    }
  }

  /// Makes a key in a slot and answers with its public key; the certificate there is left as it is.
  func generateKeyPair(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x00, PIVObject.certificate(of: command.p2) != nil else {
      return .status(PIVStatus.wrongParameters)
    }
    guard isManagementAuthenticated else { return .status(PIVStatus.securityStatus) }
    guard
      let outer = PIVTLV.decode(command.data), let items = outer[tag: 0xAC].flatMap(PIVTLV.decode),
      let algorithm = items[tag: 0x80], algorithm.count == 1, let kind = PIVKey.kind(algorithm[0])
    else { return .status(PIVStatus.wrongData) }
    do {
      let key = PIVKey(kind: kind, key: try PrivateKey.generate(kind))
      let entry = PIVState.Key(algorithm: algorithm[0], pkcs8: try key.key.pkcs8())
      let publicKey = try key.publicKey()
      guard change({ $0.keys[command.p2] = entry }) else { return memoryFailure }
      return .data(PIVTLV.encode(0x7F49, publicKey))
    } catch {
      return .status(PIVStatus.internalError)
    }
  }
}
