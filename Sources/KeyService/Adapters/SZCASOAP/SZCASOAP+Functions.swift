/// The functions of SZCA's script. What it decides by itself stands in its `form`; what it asks in `make`.
///
/// Not known from any public source, and so chosen: `certType` 2 is the encryption certificate; the algorithm's number is
/// that of GM/T 0006.
extension SZCASOAP {
  struct Function: Sendable {
    let element: String
    let form: SOAPForm
    let make: Making<SOAPArguments>

    init(_ element: String, _ form: SOAPForm, _ make: @escaping Making<SOAPArguments>) {
      self.element = element
      self.form = form
      self.make = make
    }
  }

  static let functions: [String: Function] = reading.merging(signing) { old, _ in old }
    .merging(checking) { old, _ in old }.merging(refused) { old, _ in old }

  private static let reading: [String: Function] = [
    "SZCAInit": Function("bInit", .one) { _ throws(Refusal) in .ping },
    "SZCAKeyIsExist": Function("isExist", .one) { _ throws(Refusal) in .keyPresent },
    "SZCAGetClientVersion": Function("verString", .plain) { _ throws(Refusal) in .version },
    "SZCAGetOcxVersion": Function("verString", .plain) { _ throws(Refusal) in .version },
    "SZCAGetKeySeriesNumber": Function("verString", .plain) { _ throws(Refusal) in .device(key: nil, .serial) },
    "SZCAGetKeyAlgType": Function("algType", .algorithm) { _ throws(Refusal) in
      .certificateItem(.current, .publicKeyAlgorithm)
    },
    "SZCAGetCertList": Function("outData", .list) { _ throws(Refusal) in .certificates(isEncryption: false, key: nil) },
    "SZCAGetCertData": Function("certData", .plain) { arguments throws(Refusal) in
      .certificate(CertificateSelector(.current, isEncryption: try arguments.number("certType") == 2))
    },
    "SZCAGetCertDataBySignSN": Function("outData", .plain) { arguments throws(Refusal) in
      .certificate(try arguments.selector())
    },
    "SZCAGetEncCertBySignSN": Function("outData", .plain) { arguments throws(Refusal) in
      .certificate(try arguments.selector(isEncryption: true))
    },
    "SZCAGetCertInfo": Function("infoData", .n64) { arguments throws(Refusal) in
      .certificateItem(.current, try Texts.item(try arguments.number("infoType")))
    },
    "SZCAParseCertData": Function("infoData", .n64) { arguments throws(Refusal) in
      .parse(try arguments.certificate("certData"), try Texts.item(try arguments.number("nType")))
    },
    "SZCAGetItemDataByCertData": Function("outData", .plain) { arguments throws(Refusal) in
      .parse(try arguments.certificate("certData"), try Texts.oid(try arguments.text("OID", "oid", "itemOid")))
    },
    "SZCAGetLastErrMsg": Function("errMsg", .errorText) { _ throws(Refusal) in .lastRefusal },
    "SZCAGetLastErrCode": Function("errCode", .errorNumber) { _ throws(Refusal) in .lastRefusal },
  ]

  /// What a page sends as PIN is not looked at.
  private static let signing: [String: Function] = [
    "SZCAVerifyUserPin": Function("bPass", .one) { _ throws(Refusal) in .unlock(.current) },
    "SZCALoginKeyBySignSN": Function("bPass", .zero) { arguments throws(Refusal) in
      .unlock(try arguments.selector())
    },
    "SZCAIsLoginBySignSN": Function("bSucc", .zero) { arguments throws(Refusal) in
      .isUnlocked(try arguments.selector())
    },
    "SZCASign": Function("outData", .plain) { arguments throws(Refusal) in try arguments.signing(false) },
    "SZCASignByB64": Function("outData", .plain) { arguments throws(Refusal) in try arguments.signing(false) },
    "SZCASignBySignSN": Function("outData", .plain) { arguments throws(Refusal) in
      try arguments.signing(false, byName: true)
    },
    "SZCASignMessage": Function("outData", .plain) { arguments throws(Refusal) in try arguments.signing(true) },
    "SZCASignMessageByB64": Function("outData", .plain) { arguments throws(Refusal) in try arguments.signing(true) },
    "SZCASignMessageBySignSN": Function("outData", .plain) { arguments throws(Refusal) in
      try arguments.signing(true, byName: true)
    },
    "SZCASignMessageByB64BySignSN": Function("outData", .plain) { arguments throws(Refusal) in
      try arguments.signing(true, byName: true)
    },
    "SZCAClearPINCache": Function("bSucc", .one) { _ throws(Refusal) in .lock },
  ]

  private static let checking: [String: Function] = [
    "SZCAVerify": Function("bVerify", .one) { arguments throws(Refusal) in try arguments.verification() },
    "SZCAVerifyBySignSN": Function("bVerify", .one) { arguments throws(Refusal) in try arguments.verification() },
    "SZCAVerifyMessage": Function("outData", .n64) { arguments throws(Refusal) in
      try arguments.messageVerification()
    },
    "SZCAParseSignMessage": Function("infoData", .n64) { arguments throws(Refusal) in try arguments.inspection() },
    // Settings of the original that change nothing here.
    "SZCASetUserPINStrong": Function("bSucc", .one) { _ throws(Refusal) in .ping },
    "SZCASetTimeStamp": Function("bSucc", .one) { _ throws(Refusal) in .ping },
    "SZCASetTimeStampUrl": Function("bSucc", .one) { _ throws(Refusal) in .ping },
    "SZCASetSymmAlg": Function("bSucc", .one) { _ throws(Refusal) in .ping },
  ]

  private static let refused: [String: Function] = [
    "SZCAGetKey": Function("outData", .plain) { _ throws(Refusal) in .refuse(.forbidden(.decryption)) },
    "SZCASymmEncryptFile": refusedFile, "SZCASymmDecryptFile": refusedFile,
    "SZCASymmEncryptFileBySignSN": refusedFile, "SZCASymmDecryptFileBySignSN": refusedFile,
    "SZCAGetImageBySignSN": Function("outData", .plain) { _ throws(Refusal) in .refuse(.forbidden(.fileAccess)) },
    "SZCAEnvelopData": refusedEnvelope, "SZCADevelopData": refusedEnvelope, "SZCAEnvelopFile": refusedFile,
    "SZCADevelopFile": refusedFile,
  ]

  private static let refusedFile = Function("bSucc", .one) { _ throws(Refusal) in .refuse(.forbidden(.fileAccess)) }
  private static let refusedEnvelope = Function("outData", .plain) { _ throws(Refusal) in
    .refuse(.forbidden(.decryption))
  }
}
