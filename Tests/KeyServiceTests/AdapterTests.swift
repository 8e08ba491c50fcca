import CertificateKit
import Failures
import KeyService
import LoginToken
import Testing

/// The messages of the vendors' scripts, by the tables of what is known of them.
@Suite struct AdapterTests {
  private func adapter(_ name: String) throws -> any Adapter {
    try require(Adapters.all(RefusalTexts(chinese: \.name, english: \.name)).first { $0.name == name })
  }

  private func soap(_ function: String, _ arguments: String = "") -> [UInt8] {
    Messages.soap(function, arguments)
  }

  /// Every function of the tables is known; the ones that no page gets are refused by what they are.
  @Test(arguments: [
    (
      "szca-soap",
      """
      SZCAInit SZCAKeyIsExist SZCAGetClientVersion SZCAGetOcxVersion SZCAGetKeySeriesNumber SZCAGetKeyAlgType \
      SZCAGetCertList SZCAGetCertData SZCAGetCertDataBySignSN SZCAGetEncCertBySignSN SZCAGetCertInfo \
      SZCAParseCertData SZCAGetItemDataByCertData SZCAVerifyUserPin SZCALoginKeyBySignSN SZCAIsLoginBySignSN SZCASign \
      SZCASignByB64 SZCASignMessage SZCASignMessageByB64 SZCASignMessageBySignSN SZCAVerify SZCAVerifyMessage \
      SZCAVerifyBySignSN SZCAParseSignMessage SZCAClearPINCache SZCASetUserPINStrong SZCASetSymmAlg \
      SZCAGetLastErrMsg SZCAGetLastErrCode SZCAGetKey SZCAGetImageBySignSN SZCASymmEncryptFileBySignSN
      """
    ),
    (
      "szca-socket",
      """
      createApply destroyApply enumKey registListener getKeyName getKeySerialNumber getCertList analyseCert \
      setCurrentCert getCurrentAlgorithm setCurrentAlgorithm loginKey logoutKey loginState signP1 signP7 \
      generateRandom signedVerifyP1 signedVerifyP7 signatureVerify certVerify Digest initToken resetUserPIN \
      modifyOSPIN readFile writeFile deleteFile dataDecrypt symmEncrypt
      """
    ),
    (
      "mtoken",
      """
      SOF_LoadLibrary SOF_EnumDevice SOF_GetHardwareType SOF_GetDeviceInstance SOF_ReleaseDeviceInstance \
      SOF_CheckExists SOF_GetUserList SOF_ExportUserCert SOF_GetCertInfo SOF_GetCertInfoByOid SOF_GetDeviceInfo \
      SOF_Login SOF_VerifyPinMS SOF_IsVerifyPIN SOF_LogOut SOF_GetPinRetryCount SOF_ChangePassWd \
      SOF_SetDigestMethod SOF_SetUserID SOF_SignDataEx SOF_SignDataToPKCS7 SOF_VerifySignedDataEx \
      SOF_VerifyDataToPKCS7 SOF_GenRandom SOF_GetLastError
      """
    ),
    (
      "xtx",
      """
      SOF_GetVersion SOF_GetUserList GetDeviceInfo SOF_ExportUserCert SOF_ExportExChangeUserCert SOF_GetCertInfo \
      SOF_GetCertInfoByOid SOF_GetCertEntity SOF_Login SOF_LoginEx SOF_GetPinRetryCount SOF_Logout SOF_IsLogin \
      SOF_SignData SOF_SignMessage SOF_VerifySignedData SOF_GenRandom SOF_Base64Encode SOF_Base64Decode \
      GetDeviceCount GetAllDeviceSN GetDeviceSNByIndex IsDeviceExist GetContainerCount SETENVSN
      """
    ),
  ])
  func knowsEveryFunction(_ name: String, _ functions: String) throws {
    let adapter = try adapter(name)
    for listed in functions.split(separator: " ") {
      let function = listed == "SETENVSN" ? "SetENVSN" : String(listed)
      let message: [UInt8] =
        switch name {
        case "szca-soap": soap(function)
        case "szca-socket": Array(#"{"fun":"\#(function)","arguments":{"requestID":"a-1"}}"#.utf8)
        case "mtoken": Array(#"json={"function":"\#(function)"}"#.utf8)
        default: Array(#"{"xtx_func_name":"\#(function)","call_cmd_id":"i_1","param":[]}"#.utf8)
        }
      let call = adapter.call(message)
      #expect(call.function == function)
      #expect(call.operation != .refuse(.unknownFunction), "\(function)")
      // Both kinds of outcome have an answer.
      #expect(!call.answer(.refused(.cancelled)).isEmpty)
      #expect(!call.answer(.flag(true)).isEmpty)
    }
  }

  @Test(arguments: [
    ("szca-soap", "SZCASymmDecryptFile", "forbidden-file-access"), ("szca-soap", "SZCAGetKey", "forbidden-decryption"),
    ("szca-socket", "initToken", "forbidden-administration"), ("szca-socket", "readFile", "forbidden-file-access"),
    ("mtoken", "SocketConnect", "forbidden-tcp-relay"), ("mtoken", "SOF_ImportPfxCert", "forbidden-key-change"),
    ("xtx", "UnlockUserPass", "forbidden-administration"), ("xtx", "SOF_PriKeyDecrypt", "forbidden-decryption"),
    ("xtx", "noSuch", "unknown-function"), ("ukey", "noSuch", "unknown-function"),
  ])
  func refusesByName(_ name: String, _ function: String, _ refusal: String) throws {
    let message: [UInt8] =
      switch name {
      case "szca-soap": soap(function)
      case "szca-socket": Array(#"{"fun":"\#(function)","arguments":{}}"#.utf8)
      case "mtoken": Array(#"json={"function":"\#(function)"}"#.utf8)
      case "xtx": Array(#"{"xtx_func_name":"\#(function)","param":["a","b","c"]}"#.utf8)
      default: Array(#"{"function":"\#(function)"}"#.utf8)
      }
    guard case .refuse(let got) = try adapter(name).call(message).operation else {
      Issue.record("not refused")
      return
    }
    #expect(got.name == refusal)
  }

  /// What a page sends as PIN is nowhere in the operation.
  @Test func dropsThePINOfThePage() throws {
    let calls = [
      try adapter("szca-soap").call(soap("SZCALoginKeyBySignSN", "<signSN>01</signSN><strPIN>c2VjcmV0</strPIN>")),
      try adapter("szca-socket").call(Array(#"{"fun":"loginKey","arguments":{"keyID":"1","PIN":"secret"}}"#.utf8)),
      try adapter("mtoken").call(Array(#"json={"function":"SOF_Login","passWd":"secret"}"#.utf8)),
      try adapter("xtx").call(Array(#"{"xtx_func_name":"SOF_Login","param":["id","secret"]}"#.utf8)),
    ]
    for call in calls {
      guard case .unlock = call.operation else {
        Issue.record("\(call.function)")
        continue
      }
      #expect(!"\(call)".contains("secret") && !"\(call.operation)".contains("c2VjcmV0"))
    }
  }

  @Test func readsFormsAsBothKindsOfClientWriteThem() throws {
    let adapter = try adapter("mtoken")
    for body in [
      #"json={"function":"SOF_GenRandom","inDataLen":"16"}"#,
      "json=%7B%22function%22%3A%22SOF_GenRandom%22%2C+%22inDataLen%22%3A16%7D",
    ] {
      #expect(adapter.call(Array(body.utf8)).operation == .random(16))
    }
    // A + of base64 stays one where the text is raw.
    let raw = #"json={"function":"SOF_SignDataEx","keySpec":1,"inData":"++++"}"#
    #expect(
      adapter.call(Array(raw.utf8)).operation
        == .sign(SigningRequest(.current, [0xFB, 0xEF, 0xBE], .bare)))
    for body in [
      "", "json", "json=", "json=%7", "json=%zz", "other={}", #"json={"function":"SOF_Login","passWd":"a"b"}"#,
      "json=%7B%7D&json=%7B%7D", #"{"function":"SOF_Login"}"#,
    ] {
      let call = adapter.call(Array(body.utf8))
      #expect(call.operation == .refuse(.malformed) || call.operation == .refuse(.unknownFunction), "\(body)")
    }
  }

  @Test(arguments: [
    "", "x", "<a/>", "<Envelope><Body/></Envelope>", "<Envelope><Body><F></Body></Envelope>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Envelope><Body><SZCAInit/></Body></Envelope>",
    "<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"http://evil.example/x.dtd\"><Envelope><Body><SZCAInit/></Body></Envelope>",
    "<Envelope><Body><SZCASign><inData><b>YQ==</b></inData></SZCASign></Body></Envelope>",
    "<Envelope><Body><SZCASign><inData>YQ==</inData><inData>YQ==</inData></SZCASign></Body></Envelope>",
    "<Envelope><Body><SZCASign><inData><![CDATA[YQ==]]></inData></SZCASign></Body></Envelope>",
    "<Envelope><Body><SZCAInit/></Body></Envelope><Envelope/>", "<Envelope><Body><SZCAInit/></Body>",
    "<Envelope><Body><SZCAInit a=\"<\"/></Body></Envelope>", "<Envelope><Body><SZCAInit/></Other></Envelope>",
    "<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>", "<Envelope><!-- --><Body/></Envelope>",
  ])
  func refusesWhatIsNotItsXML(_ text: String) throws {
    let call = try adapter("szca-soap").call(Array(text.utf8))
    #expect(call.operation == .refuse(.malformed))
  }

  @Test func readsTheXMLOfOtherWriters() throws {
    let adapter = try adapter("szca-soap")
    for text in [
      "<Envelope><Body><SZCAInit/></Body></Envelope>",
      "\u{FEFF}<?xml version='1.0'?>\n<s:Envelope xmlns:s='x>y'>\n<s:Header><a><b>t</b></a></s:Header>\n<s:Body>\n<t:SZCAInit xmlns:t=\"u\" />\n</s:Body>\n</s:Envelope>\n",
    ] {
      #expect(adapter.call(Array(text.utf8)).operation == .ping)
    }
    // An ampersand that the client forgot to escape, and those that it did not.
    let call = adapter.call(soap("SZCAGetCertDataBySignSN", "<signSN>a&b&amp;&#x63;&unknown;</signSN>"))
    #expect(call.operation == .certificate(CertificateSelector(.serial("a&b&c&unknown;"))))
  }

  @Test func writesOnlyASCIIThatNoScriptMisreads() throws {
    let call = try adapter("mtoken").call(
      Array(#"json={"function":"SOF_GetCertInfo","base64EncodeCert":"AA","type":49}"#.utf8))
    let bytes = call.answer(.text("</script>中\u{2028}\"\\\u{7F}"))
    #expect(bytes.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "<") })
  }
}
