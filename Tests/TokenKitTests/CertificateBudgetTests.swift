import CertificateKit
import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// A key whose pieces each keep their limit and whose sum does not: no more is read than a key has, and the cut is said.
@Suite struct CertificateBudgetTests {
  @Test func theNumberIsLimited() throws {
    let budget = CertificateBudget()
    var read = 0
    var failures = 0
    for _ in 0..<200 {
      do throws(Failure) {
        // No certificate, but bytes of a key all the same.
        _ = try budget.certificate { () throws(Failure) in
          read += 1
          return [0x30, 0x00]
        }
      } catch {
        if error.code == .certificateSum { failures += 1 }
      }
    }
    #expect(read == CertificateBudget.countLimit && failures == 200 - CertificateBudget.countLimit)
    #expect(budget.isSpent)
  }

  /// As some libraries hand it out.
  @Test func aCertificateWrittenAsTextIsRead() throws {
    let der = try TestCA.make(kind: .p256).certificate
    let text = Array(PEM.encode(der).utf8)
    let read = try CertificateBudget().certificate { () throws(Failure) in text }
    #expect(read.value?.der == der)
    #expect(throws: Failure.self) {
      try CertificateBudget().certificate { () throws(Failure) in Array("-----BEGIN NOTHING-----".utf8) }
    }
  }

  @Test func theSizeIsLimited() throws {
    let budget = CertificateBudget()
    var read = 0
    for _ in 0..<64 {
      _ = try? budget.certificate { () throws(Failure) in
        read += 1
        return [UInt8](repeating: 0x30, count: 100_000)
      }
    }
    // Twenty fit into 2 MiB; the one that does not is the last that is read.
    #expect(read == 21 && budget.isSpent)
  }

  @Test func whatIsNotThereCountsForNothing() throws {
    let budget = CertificateBudget()
    for _ in 0..<200 { #expect(try budget.certificate { () throws(Failure) in nil } == .absent) }
    #expect(!budget.isSpent)
  }
}
