import Testing
import UnlockKit
import Wording

@Suite struct UnlockFormTests {
  private static let request = UnlockRequest(
    kind: .renew, created: 1_795_449_600, program: "t",
    key: UnlockRequest.Key(
      serial: "S1", label: "a\u{202E}b\u{1B}[2J\n", manufacturer: nil, issuer: nil, hardwareVersion: nil,
      firmwareVersion: nil, family: "gmt0017", profile: "A-lm", atr: []),
    application: "A", userPIN: UnlockRequest.Tries(left: 0, maximum: 10, isLocked: true), adminPIN: nil,
    certificates: [
      UnlockRequest.CertificateFacts(
        role: "signature", container: "C", serial: "0a", issuer: "CA", subject: "CN=示例", owner: "示例",
        uscc: "9144030071526726XG", usccSource: "subject OU", notBefore: 0, notAfter: 1_800_000_000)
    ], applicant: Applicant(name: "张三", mobile: "13800138000", reason: "忘记密码"))

  /// Names from a hostile key only show escaped.
  @Test func foreignTextIsEscaped() throws {
    let html = UnlockForm(request: Self.request, document: try Self.request.sealed()).html
    #expect(!html.contains("\u{202E}") && !html.contains("\u{1B}"))
    #expect(html.contains("a\\u{202E}b\\u{1B}[2J"))
  }

  @Test func theDesksWordsAreUsedAndNotThoseOfTheCode() throws {
    let html = UnlockForm(request: Self.request, document: try Self.request.sealed()).html
    #expect(html.contains("GM/T 0017，配置 A-lm") && html.contains("证书字段 主题 OU"))
    #expect(!html.contains("gmt0017") && !html.contains("subject "))
    // What the holder's program only heard is marked so on the paper.
    #expect(html.contains("介质（介质自报，未核实）") && html.contains("申请单位与经办人（自填，未核实）"))
  }
}
