import Testing

@testable import DiagnosisKit

/// What a report keeps of what belongs to a person or company.
struct RedactorTests {
  private func redactor(_ evidence: Evidence...) -> Redactor {
    Redactor(
      DiagnosisResult(
        findings: [.certificate: Finding(.ok, nil, evidence)], only: nil, options: DiagnosisOptions(now: 0),
        microseconds: 0))
  }

  @Test(arguments: [
    ("深圳市示例建设工程有限公司", Privacy.name, "深＊＊"), ("root", .name, "root"), ("9144030071526726XG", .code, "91＊＊XG"),
    ("DEMO-GM-00412", .serial, "…412"), ("A12", .serial, "…2"), ("1.2.3", .open, "1.2.3"),
  ])
  func aValueIsShortenedByItsKind(_ value: String, _ privacy: Privacy, _ shown: String) {
    #expect(Redactor.mask(value, privacy) == shown)
  }

  @Test(arguments: [
    ("电话 13800138000。", "电话 13＊＊00。"), ("9144030071526726XG", "91＊＊XG"), ("id=440301199001011234,", "id=44＊＊34,"),
    ("23800138000", "23800138000"), ("1380013800", "1380013800"), ("ABCDEFGHIJKLMNOPQR", "ABCDEFGHIJKLMNOPQR"),
    ("", ""),
  ])
  func numbersOfPeopleAndCompaniesAreFoundWhereverTheyStand(_ text: String, _ shown: String) {
    #expect(Redactor.maskNumbers(text) == shown)
  }

  @Test func aPersonalTextIsAlsoTakenOutOfOthers() {
    let redactor = redactor(Evidence(.role, "示例公司", .name), Evidence(.role, "AB:CD:EF:01", .serial))
    let shown = redactor.clean("/home/zhang/示例公司/ABCDEF01.log AB:CD:EF:01")
    #expect(
      !shown.contains("示例公司") && !shown.contains("zhang") && !shown.contains("ABCDEF01") && !shown.contains("AB:CD"))
    #expect(shown.hasPrefix("/home/＊＊/示＊＊/"))
  }

  @Test func theLongerOfTwoTextsGoesFirst() {
    let redactor = redactor(Evidence(.role, "王小明", .name), Evidence(.role, "王小明工作室", .name))
    #expect(redactor.clean("王小明工作室") == "王＊＊")
  }

  @Test func whatIsTooShortToTellAnythingIsNoPattern() {
    #expect(redactor(Evidence(.role, "a", .name)).clean("a cat") == "a cat")
  }
}
