import Failures
import Testing

@testable import TokenKit

/// What is said of the answers of libraries to functions with a PIN: each row of both tables.
@Suite struct JudgementTests {
  private func status(_ left: Int?, isLocked: Bool = false) -> PINStatus {
    PINStatus(triesMax: 10, triesLeft: left, isLocked: isLocked || left == 0, isDefault: nil)
  }

  struct SKFRow: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var code: UInt32
    var before: Int?
    var now: Int?
    var told: UInt64 = 0
    var expected: String
  }

  static let skfRows = [
    SKFRow(testDescription: "it says yes", code: SAR.ok, before: 10, now: nil, expected: "changed"),
    SKFRow(testDescription: "it says locked", code: SAR.pinLocked, before: 3, now: 3, expected: "locked"),
    SKFRow(testDescription: "the counter is empty", code: 0x0A00_0001, before: 1, now: 0, expected: "locked"),
    SKFRow(testDescription: "wrong, and counted", code: SAR.pinIncorrect, before: 10, now: 9, expected: "wrong 9"),
    SKFRow(
      testDescription: "counted under another number", code: 0x8010_0069, before: 10, now: 9, expected: "wrong 9"),
    SKFRow(
      testDescription: "wrong, and the count given back", code: SAR.pinIncorrect, before: nil, now: nil, told: 4,
      expected: "wrong 4"),
    SKFRow(
      testDescription: "wrong, and no count", code: SAR.pinIncorrect, before: nil, now: nil, told: 0,
      expected: "wrong ?"),
    SKFRow(
      testDescription: "wrong, and a count that none is", code: SAR.pinIncorrect, before: nil, now: nil, told: 1 << 32,
      expected: "wrong ?"),
    SKFRow(
      testDescription: "wrong, though no try is gone", code: SAR.pinIncorrect, before: 9, now: 9, expected: "wrong 9"),
    SKFRow(testDescription: "refused, no try gone", code: 0x0A00_0006, before: 9, now: 9, expected: "refused"),
    SKFRow(testDescription: "refused after a right PIN", code: 0x0A00_0006, before: 9, now: 10, expected: "refused"),
    SKFRow(
      testDescription: "failed, nothing known before", code: 0x0A00_0001, before: nil, now: 9, expected: "unknown"),
    SKFRow(testDescription: "failed, nothing known after", code: 0x0A00_0001, before: 9, now: nil, expected: "unknown"),
    SKFRow(testDescription: "the key is gone", code: SAR.deviceRemoved, before: 9, now: nil, expected: "unknown"),
  ]

  @Test(arguments: skfRows) func anSKFLibrary(_ row: SKFRow) {
    let outcome = SKFJudgement.outcome(
      of: HostReply(.returned, code: UInt64(row.code), numbers: [row.told]), .changePIN, before: row.before,
      now: { row.now.map { status($0) } }, success: .changed, uncertain: .change)
    #expect(Self.text(outcome) == row.expected)
  }

  struct P11Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var code: UInt64
    var left: Int? = nil
    var isLocked = false
    var expected: String
  }

  static let p11Rows = [
    P11Row(testDescription: "it says yes", code: CKR.ok, expected: "changed"),
    P11Row(testDescription: "it says locked", code: CKR.pinLocked, expected: "locked"),
    P11Row(testDescription: "wrong", code: CKR.pinIncorrect, expected: "wrong ?"),
    P11Row(testDescription: "wrong, one left", code: CKR.pinIncorrect, left: 1, expected: "wrong 1"),
    P11Row(
      testDescription: "wrong, and the flag says locked", code: CKR.pinIncorrect, isLocked: true, expected: "locked"),
    P11Row(testDescription: "failed, and the flag says locked", code: 0x05, isLocked: true, expected: "locked"),
    P11Row(testDescription: "failed", code: 0x05, expected: "unknown"),
    P11Row(testDescription: "function failed", code: 0x06, expected: "unknown"),
    P11Row(testDescription: "device removed", code: 0x32, expected: "unknown"),
  ]

  @Test(arguments: p11Rows) func aPKCS11Module(_ row: P11Row) {
    let outcome = P11Judgement.outcome(
      of: HostReply(.returned, code: row.code), .setPIN, before: nil, now: { status(row.left, isLocked: row.isLocked) },
      success: .changed, uncertain: .change)
    #expect(Self.text(outcome) == row.expected)
  }

  /// Length, characters, session of the wrong kind …: the PIN was not compared.
  @Test(arguments: CKR.beforeComparing.sorted()) func aModuleThatDidNotCompare(_ code: UInt64) {
    let outcome = P11Judgement.outcome(
      of: HostReply(.returned, code: code), .login, before: nil, now: { nil }, success: .verified, uncertain: .verify)
    #expect(Self.text(outcome) == "refused")
  }

  /// A module may give a wrong PIN another number; its flags tell it all the same: "count low" was not set before.
  @Test(arguments: [0xA1, 0xA2, 0x06, 0x30, 0x8000_0001] as [UInt64]) func theFlagsTellOfAWrongPIN(_ code: UInt64) {
    func told(before: Bool, now: Bool) -> String {
      var (first, second) = (status(nil), status(nil))
      (first.isUncounted, second.isUncounted) = (!before, !now)
      return Self.text(
        P11Judgement.outcome(
          of: HostReply(.returned, code: code), .login, before: first, now: { second }, success: .verified,
          uncertain: .verify))
    }
    #expect(told(before: false, now: true) == "wrong ?")
    // It was set already, or is not: nothing is told by it.
    let plain = CKR.beforeComparing.contains(code) ? "refused" : "unknown"
    #expect(told(before: true, now: true) == plain && told(before: false, now: false) == plain)
  }

  /// The host did not call the function: no PIN reached the library, and nothing is asked of it.
  @Test(arguments: [HostReply.Kind.missing, .badRequest, .loaded, .notLoaded])
  func aFunctionThatWasNotCalled(_ kind: HostReply.Kind) {
    func asked() -> PINStatus? {
      Issue.record("asked for the state")
      return nil
    }
    let skf = SKFJudgement.outcome(
      of: HostReply(kind), .verifyPIN, before: 10, now: asked, success: .verified, uncertain: .verify)
    let p11 = P11Judgement.outcome(
      of: HostReply(kind), .login, before: nil, now: asked, success: .verified, uncertain: .verify)
    #expect(Self.text(skf) == "not sent" && Self.text(p11) == "not sent")
  }

  @Test func aRightPINAsksForNothingMore() {
    let outcome = SKFJudgement.outcome(
      of: HostReply(.returned, code: 0), .verifyPIN, before: 10,
      now: {
        Issue.record("asked for the state")
        return nil
      }, success: .verified, uncertain: .verify)
    #expect(outcome == .verified)
  }

  private static func text(_ outcome: PINOutcome) -> String {
    switch outcome {
    case .verified: "verified"
    case .changed: "changed"
    case .unblocked: "unblocked"
    case .wrong(let left): "wrong " + (left.map { String($0) } ?? "?")
    case .locked: "locked"
    case .notSent: "not sent"
    case .refused: "refused"
    case .unknown: "unknown"
    }
  }
}
