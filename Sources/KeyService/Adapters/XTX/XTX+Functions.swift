internal import LoginToken

/// The functions of XTX. `certID` is the id of the signature certificate.
extension XTX {
  struct Function: Sendable {
    let value: @Sendable (Outcome) -> String
    let make: Making<XTXArguments>

    init(_ value: @escaping @Sendable (Outcome) -> String = Texts.plain, _ make: @escaping Making<XTXArguments>) {
      self.value = value
      self.make = make
    }
  }

  static let functions: [String: Function] = reading.merging(signing) { old, _ in old }
    .merging(checking) { old, _ in old }.merging(refused) { old, _ in old }

  private static let reading: [String: Function] = [
    "SOF_GetVersion": Function { _ throws(Refusal) in .version },
    "SOF_GetUserList": Function(users) { _ throws(Refusal) in .certificates(isEncryption: false, key: nil) },
    "GetDeviceInfo": Function { arguments throws(Refusal) in
      // 7 asks for the kind; every other number is answered with the serial by the original.
      .device(key: nil, try arguments.number(1) == 7 ? .kind : .serial)
    },
    "SOF_ExportUserCert": Function { arguments throws(Refusal) in .certificate(try arguments.selector()) },
    "SOF_ExportExChangeUserCert": Function { arguments throws(Refusal) in
      .certificate(try arguments.selector(isEncryption: true))
    },
    "SOF_GetCertInfo": Function { arguments throws(Refusal) in
      guard let item = items[try arguments.number(1)] else { throw .notSupported }
      return .parse(try arguments.data(0), item)
    },
    "SOF_GetCertInfoByOid": Function { arguments throws(Refusal) in
      .parse(try arguments.data(0), try Texts.oid(try arguments.text(1)))
    },
    // The unique id of its owner.
    "SOF_GetCertEntity": Function { arguments throws(Refusal) in .parse(try arguments.data(0), .uscc) },
    "GetDeviceCount": Function(count) { _ throws(Refusal) in .keys },
    "GetAllDeviceSN": Function(serials) { _ throws(Refusal) in .keys },
    "GetDeviceSNByIndex": Function { arguments throws(Refusal) in
      try arguments.number(0) == 0 ? .device(key: nil, .serial) : .refuse(.keyMissing)
    },
    "IsDeviceExist": Function(flag) { arguments throws(Refusal) in .device(key: try arguments.text(0), .serial) },
    "GetContainerCount": Function(count) { _ throws(Refusal) in .certificates(isEncryption: false, key: nil) },
  ]

  /// Decimal numbers of XTX. 4 to 10 mirror 13 to 19, which are seen in pages.
  private static let items: [Int: CertificateItem] = [
    1: .version, 2: .serial, 3: .signatureAlgorithm, 4: .issuerAttribute(CertificateItem.country),
    5: .issuerAttribute(CertificateItem.organization), 6: .issuerAttribute(CertificateItem.unit),
    7: .issuerAttribute(CertificateItem.province), 8: .issuerAttribute(CertificateItem.commonName),
    9: .issuerAttribute(CertificateItem.locality), 10: .issuerAttribute(CertificateItem.email), 11: .notBefore,
    12: .notAfter, 13: .subjectAttribute(CertificateItem.country),
    14: .subjectAttribute(CertificateItem.organization), 15: .subjectAttribute(CertificateItem.unit),
    16: .subjectAttribute(CertificateItem.province), 17: .subjectAttribute(CertificateItem.commonName),
    18: .subjectAttribute(CertificateItem.locality), 19: .subjectAttribute(CertificateItem.email),
  ]

  /// What a page sends as PIN is not looked at.
  private static let signing: [String: Function] = [
    "SOF_Login": Function(flag) { arguments throws(Refusal) in .unlock(try arguments.selector()) },
    "SOF_LoginEx": Function(flag) { arguments throws(Refusal) in .unlock(try arguments.selector()) },
    "SOF_IsLogin": Function(flag) { arguments throws(Refusal) in .isUnlocked(try arguments.selector()) },
    "SOF_Logout": Function(flag) { _ throws(Refusal) in .lock },
    "SOF_GetPinRetryCount": Function { arguments throws(Refusal) in .triesLeft(try arguments.selector()) },
    "SOF_ChangePassWd": Function(flag) { _ throws(Refusal) in .openPINChange },
    "SOF_SignData": Function { arguments throws(Refusal) in
      .sign(SigningRequest(try arguments.selector(), Array(try arguments.text(1).utf8), .bare))
    },
    "SOF_SignMessage": Function { arguments throws(Refusal) in
      // Of old [certID, text], of new [flag, certID, text]; 1 is detached.
      let first = arguments.count >= 3 ? 1 : 0
      let isDetached = first == 1 ? try arguments.number(0) == 1 : false
      return .sign(
        SigningRequest(
          try arguments.selector(first), Array(try arguments.text(first + 1).utf8), .signedData(isDetached: isDetached))
      )
    },
  ]

  private static let checking: [String: Function] = [
    "SOF_VerifySignedData": Function(flag) { arguments throws(Refusal) in
      let signature = PlainSignature.bare(
        try arguments.data(2), certificate: try arguments.data(0), digest: nil)
      return .verify(VerifyRequest(signature, content: Array(try arguments.text(1).utf8)))
    },
    "SOF_VerifySignedMessage": Function(flag) { arguments throws(Refusal) in
      let content = arguments.count >= 2 ? Array(try arguments.text(1).utf8) : nil
      return .verify(VerifyRequest(.signedData(try arguments.data(0)), content: content))
    },
    "SOF_GenRandom": Function { arguments throws(Refusal) in .random(try arguments.number(0)) },
    "SOF_Base64Encode": Function { arguments throws(Refusal) in .echo(Array(try arguments.text(0).utf8)) },
    "SOF_Base64Decode": Function { arguments throws(Refusal) in
      .say(String(decoding: try arguments.data(0), as: UTF8.self))
    },
    // A setting of the original that changes nothing here.
    "SetENVSN": Function(flag) { _ throws(Refusal) in .ping },
  ]

  private static let refused: [String: Function] = [
    "UnlockUserPass": never(.administration), "UnlockUserPassEx": never(.administration),
    "ChangeAdminPass": never(.administration), "InitDevice": never(.administration),
    "SOF_SignFile": never(.fileAccess), "SOF_VerifySignedFile": never(.fileAccess),
    "SOF_EncryptFile": never(.fileAccess), "SOF_DecryptFile": never(.fileAccess), "SOF_HashFile": never(.fileAccess),
    "SOF_ReadFile": never(.fileAccess), "SOF_WriteFile": never(.fileAccess), "ImportSignCert": never(.keyChange),
    "ImportEncCert": never(.keyChange), "ImportPfxToDevice": never(.keyChange), "DeleteContainer": never(.keyChange),
    "DeleteOldContainer": never(.keyChange), "SOF_PriKeyDecrypt": never(.decryption),
    "SOF_DecryptData": never(.decryption), "SOF_DecryptDataEx": never(.decryption),
  ]

  private static func never(_ what: Refusal.Forbidden) -> Function {
    Function(flag) { _ throws(Refusal) in .refuse(.forbidden(what)) }
  }

  // MARK: Values of answers

  private static let flag: @Sendable (Outcome) -> String = { $0.isSuccess ? "true" : "false" }
  private static let count: @Sendable (Outcome) -> String = { outcome in
    switch outcome {
    case .keys(let keys): String(keys.count)
    case .certificates(let found): String(found.count)
    default: "0"
    }
  }
  private static let serials: @Sendable (Outcome) -> String = { outcome in
    guard case .keys(let keys) = outcome else { return "" }
    return keys.map { $0.id + "," }.joined()
  }
  /// Each entry ends with the mark, the last one too.
  private static let users: @Sendable (Outcome) -> String = { outcome in
    guard case .certificates(let found) = outcome else { return "" }
    return found.map { $0.pageName + "||" + $0.id + "&&&" }.joined()
  }
}
