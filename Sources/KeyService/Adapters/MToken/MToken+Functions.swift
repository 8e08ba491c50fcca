internal import CertificateKit
internal import LoginToken
internal import StrictJSON

/// The functions of mToken's script. `containerName` is the id of the signature certificate in it.
extension MToken {
  struct Function: Sendable {
    /// The member of the answer beside `rtn`; empty where there is none.
    let member: String
    let value: @Sendable (Outcome) -> JSONValue
    let make: Making<JSONArguments>

    init(
      _ member: String = "", _ value: @escaping @Sendable (Outcome) -> JSONValue = text,
      _ make: @escaping Making<JSONArguments>
    ) {
      self.member = member
      self.value = value
      self.make = make
    }
  }

  static let functions: [String: Function] = reading.merging(signing) { old, _ in old }
    .merging(checking) { old, _ in old }.merging(refused) { old, _ in old }

  private static let reading: [String: Function] = [
    // A library is named, and none is loaded.
    "SOF_LoadLibrary": Function { _ throws(Refusal) in .ping },
    "SOF_EnumDevice": Function("array", keys) { _ throws(Refusal) in .keys },
    "SOF_GetHardwareType": Function("type", { _ in .int(1) }) { _ throws(Refusal) in .ping },
    "SOF_GetDeviceInstance": Function { arguments throws(Refusal) in
      .choose(CertificateSelector(.key(try arguments.text("deviceName"))))
    },
    "SOF_ReleaseDeviceInstance": Function { _ throws(Refusal) in .lock },
    "SOF_CheckExists": Function("isExist", flag) { _ throws(Refusal) in .keyPresent },
    "SOF_GetUserList": Function("array", users) { _ throws(Refusal) in .certificates(isEncryption: false, key: nil) },
    "SOF_ExportUserCert": Function("cert") { arguments throws(Refusal) in
      .certificate(try selector(arguments, isEncryption: try arguments.number("keySpec") == 0))
    },
    "SOF_GetCertInfo": Function("info") { arguments throws(Refusal) in
      .parse(try arguments.data("base64EncodeCert"), try Texts.item(try arguments.number("type")))
    },
    "SOF_GetCertInfoByOid": Function("info") { arguments throws(Refusal) in
      .parse(try arguments.data("base64EncodeCert"), try Texts.oid(try arguments.text("oid")))
    },
    "SOF_GetDeviceInfo": Function("info") { arguments throws(Refusal) in
      guard let item = deviceItems[try arguments.number("type")] else { throw .notSupported }
      return .device(key: nil, item)
    },
    "SOF_GetVersion": Function("version") { _ throws(Refusal) in .version },
    "SOF_GetLastError": Function("lastError", { .int(SARCode.last($0)) }) { _ throws(Refusal) in .lastRefusal },
  ]

  /// GM/T 0016 §6.3.4 by this vendor's numbers; others are not known.
  private static let deviceItems: [Int: DeviceItem] = [
    0x201: .label, 0x202: .manufacturer, 0x203: .serial, 0x204: .hardwareVersion, 0x205: .firmwareVersion,
  ]

  /// What a page sends as PIN is not looked at.
  private static let signing: [String: Function] = [
    "SOF_Login": Function { arguments throws(Refusal) in .unlock(try selector(arguments)) },
    "SOF_VerifyPinMS": Function { arguments throws(Refusal) in .unlock(try selector(arguments)) },
    "SOF_IsVerifyPIN": Function { arguments throws(Refusal) in .isUnlocked(try selector(arguments)) },
    "SOF_LogOut": Function { _ throws(Refusal) in .lock },
    "SOF_GetPinRetryCount": Function("retryCount", number) { arguments throws(Refusal) in
      .triesLeft(try selector(arguments))
    },
    "SOF_ChangePassWd": Function { _ throws(Refusal) in .openPINChange },
    "SOF_SetDigestMethod": Function { arguments throws(Refusal) in
      // 1 SM3, 4 SHA-256: what keys sign with here, each its own. 2 is SHA-1.
      [1, 4].contains(try arguments.number("digestMethod", "digest", "method")) ? .ping : .refuse(.notSupported)
    },
    "SOF_SetUserID": Function { arguments throws(Refusal) in
      // Signatures with another ID than everybody's are not made.
      [nil, "1234567812345678"].contains(arguments.optional("userID")) ? .ping : .refuse(.notSupported)
    },
    "SOF_SignDataEx": Function("signed") { arguments throws(Refusal) in
      guard try arguments.number("keySpec") == 1 else { throw .forbidden(.decryption) }
      return .sign(SigningRequest(try selector(arguments), try arguments.data("inData"), .bare))
    },
    "SOF_SignDataToPKCS7": Function("pkcs7") { arguments throws(Refusal) in
      let form = SigningRequest.Form.signedData(isDetached: arguments.flag("detached"))
      return .sign(SigningRequest(try selector(arguments), try arguments.data("inData"), form))
    },
  ]

  private static let checking: [String: Function] = [
    "SOF_VerifySignedDataEx": Function { arguments throws(Refusal) in
      let signature = PlainSignature.bare(
        try arguments.data("signedValue", "signed", "signature"),
        certificate: try arguments.data("base64EncodeCert", "cert"), digest: nil)
      return .verify(VerifyRequest(signature, content: try arguments.data("inData")))
    },
    "SOF_VerifyDataToPKCS7": Function { arguments throws(Refusal) in
      let content = arguments.optional("inData") == nil ? nil : try arguments.data("inData")
      return .verify(VerifyRequest(.signedData(try arguments.data("strPkcs7Data", "pkcs7")), content: content))
    },
    "SOF_GenRandom": Function("outData") { arguments throws(Refusal) in
      .random(try arguments.number("inDataLen"))
    },
  ]

  private static let refused: [String: Function] = [
    "SocketConnect": never(.tcpRelay), "SocketSendText": never(.tcpRelay), "SendText": never(.tcpRelay),
    "SocketClose": never(.tcpRelay), "SOF_EncryptFile": never(.fileAccess), "SOF_DecryptFile": never(.fileAccess),
    "SOF_SignFile": never(.fileAccess), "SOF_VerifySignedFile": never(.fileAccess),
    "SOF_DigestFile": never(.fileAccess), "SOF_SignFileToPKCS7": never(.fileAccess),
    "SOF_VerifyFileToPKCS7": never(.fileAccess), "SOF_EnumFiles": never(.fileAccess),
    "SOF_ReadFile": never(.fileAccess), "SOF_WriteFile": never(.fileAccess), "SOF_CreateFile": never(.fileAccess),
    "SOF_DeleteFile": never(.fileAccess), "SOF_GenRemoteUnblockRequest": never(.administration),
    "SOF_RemoteUnblockPIN": never(.administration), "SOF_UnblockPIN": never(.administration),
    "SOF_InitDevice": never(.administration), "SOF_CreateContainer": never(.keyChange),
    "SOF_DeleteContainer": never(.keyChange), "SOF_GenKeyPair": never(.keyChange),
    "SOF_ImportCert": never(.keyChange), "SOF_ImportPfxCert": never(.keyChange),
    "SOF_ImportKeyPair": never(.keyChange), "SOF_DecryptData": never(.decryption),
    "SOF_AsDecrypt": never(.decryption), "SOF_DecryptDataPKCS7": never(.decryption),
  ]

  private static func never(_ what: Refusal.Forbidden) -> Function {
    Function { _ throws(Refusal) in .refuse(.forbidden(what)) }
  }

  private static func selector(
    _ arguments: JSONArguments, isEncryption: Bool = false
  ) throws(Refusal) -> CertificateSelector {
    CertificateSelector(arguments.optional("containerName").map { .id($0) } ?? .current, isEncryption: isEncryption)
  }

  // MARK: Values of answers

  static let text: @Sendable (Outcome) -> JSONValue = { .string(Texts.plain($0)) }
  private static let flag: @Sendable (Outcome) -> JSONValue = { .int($0.isSuccess ? 1 : 0) }
  private static let number: @Sendable (Outcome) -> JSONValue = { outcome in
    if case .number(let value) = outcome { .int(value) } else { .int(0) }
  }
  private static let keys: @Sendable (Outcome) -> JSONValue = { outcome in
    guard case .keys(let keys) = outcome else { return "" }
    return .string(keys.map(\.id).joined(separator: "||"))
  }
  private static let users: @Sendable (Outcome) -> JSONValue = { outcome in
    guard case .certificates(let found) = outcome else { return "" }
    return .string(found.map { $0.pageName + "||" + $0.id }.joined(separator: "&&&"))
  }
}

extension HolderCertificate {
  /// The owner, without what these lists are parted by.
  var pageName: String { certificate.owner.replacing("|", with: "｜").replacing("&", with: "＆") }
}
