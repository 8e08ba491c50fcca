import CertificateKit
import Testing

@Suite struct ValidityTests {
  private let validity = Validity(notBefore: 1_000_000, notAfter: 1_000_000 + 100 * 86_400)

  @Test(
    arguments: [(-1, 0), (0, 0), (1, -1), (86_400, -1), (86_401, -2), (-86_399, 0), (-86_400, 1)] as [(Int64, Int)])
  func countsWholeDays(offset: Int64, days: Int) {
    #expect(validity.daysLeft(now: validity.notAfter + offset) == days)
  }

  @Test func survivesExtremes() {
    #expect(Validity(notBefore: 0, notAfter: .min).daysLeft(now: .max) == Int(Int64.min / 86_400) - 1)
    #expect(Validity(notBefore: 0, notAfter: .max).daysLeft(now: .min) == Int(Int64.max / 86_400))
  }

  @Test func tellsTheState() {
    #expect(validity.state(now: validity.notBefore - 1, reminderDays: 30) == .notYetValid)
    #expect(validity.state(now: validity.notBefore, reminderDays: 30) == .valid)
    #expect(validity.state(now: validity.notAfter - 30 * 86_400, reminderDays: 30) == .valid)
    #expect(validity.state(now: validity.notAfter - 30 * 86_400 + 1, reminderDays: 30) == .expiring)
    #expect(validity.state(now: validity.notAfter, reminderDays: 30) == .expiring)
    #expect(validity.state(now: validity.notAfter + 1, reminderDays: 30) == .expired)
  }
}
