import CertificateKit
import Failures
import Testing
import TokenKit

@testable import ukey

/// The exit code of `ukey status`: the worst of what was found, in the order of Docs/commands.md.
struct StatusVerdictTests {
  private func verdict(_ reports: ReaderReport...) -> ProgramExit {
    ProgramExit(status: reports, now: Sample.now, reminderDays: 60)
  }

  private func key(_ days: Int64..., left: Int? = 10) -> ReaderReport {
    Sample.report(Sample.key(days.map { .value(Sample.certificate(days: $0)) }, left: left))
  }

  @Test func withoutAKeyItIsTheReaders() {
    #expect(verdict() == .noKey)
    #expect(verdict(Sample.report(.empty)) == .noKey)
    #expect(verdict(Sample.report(.empty), Sample.report(.failed(Failure(.cardMute)))) == .serviceFault)
  }

  @Test func aFailureBesideAKeyDoesNotCount() {
    #expect(verdict(Sample.report(.failed(Failure(.tokenUnknown))), key(400)) == .ok)
  }

  @Test func theWorstCertificateCounts() {
    #expect(verdict(key(400)) == .ok)
    #expect(verdict(key(400, 59)) == .expiring)
    #expect(verdict(key(400, 59, -1)) == .expired)
    let future = Sample.key([.value(Sample.certificate(days: 400, from: 2))])
    #expect(verdict(Sample.report(future)) == .expired)
  }

  @Test func theReminderWindowIsTheOneAskedFor() {
    #expect(ProgramExit(status: [key(59)], now: Sample.now, reminderDays: 30) == .ok)
    #expect(ProgramExit(status: [key(400)], now: Sample.now, reminderDays: 401) == .expiring)
  }

  @Test func aLockedPINStandsBetweenExpiredAndExpiring() {
    #expect(verdict(key(59, left: 0)) == .pinLocked)
    #expect(verdict(key(-1, left: 0)) == .expired)
  }

  /// A signature certificate that cannot be read, beside an encryption certificate that can: not well, and not expired.
  @Test func aCertificateThatCannotBeReadIsNotWell() {
    func beside(_ days: Int64, left: Int? = 10) -> ReaderReport {
      Sample.report(
        Sample.key([.failed(Failure(.certificateCompression)), .value(Sample.certificate(days: days))], left: left))
    }
    #expect(verdict(beside(400)) == .outcomeUnknown)
    #expect(verdict(beside(59)) == .outcomeUnknown)
    #expect(verdict(beside(-1)) == .expired)
    #expect(verdict(beside(400, left: 0)) == .pinLocked)
  }

  /// Where nothing could be listed, "no certificate" is not what was found.
  @Test func aKeyOfWhichNothingCouldBeListedIsAFault() {
    func key(_ containers: Reading<[ContainerSnapshot]>) -> ReaderReport {
      var key = Sample.key([])
      key.applications = .value([
        ApplicationSnapshot(name: "A", userPIN: .absent, adminPIN: .absent, containers: containers)
      ])
      return Sample.report(key)
    }
    #expect(verdict(key(.failed(Failure(.commandRefused)))) == .serviceFault)
    #expect(verdict(key(.failed(Failure(.certificatesPrivate)))) == .noCertificate)
    #expect(verdict(key(.absent)) == .noCertificate)
    var unlisted = Sample.key([])
    unlisted.applications = .failed(Failure(.commandRefused))
    #expect(verdict(Sample.report(unlisted)) == .serviceFault)
  }

  @Test func aKeyWithoutCertificateIsWorseThanAnExpiredOne() {
    #expect(verdict(key(-1), Sample.report(Sample.key([]))) == .noCertificate)
    #expect(verdict(Sample.report(Sample.key([.failed(Failure(.certificateMalformed))]))) == .noCertificate)
  }
}
