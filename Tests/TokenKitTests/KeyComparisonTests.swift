import CertificateKit
import Failures
import Testing

@testable import TokenKit

@Suite("Two keys side by side")
struct KeyComparisonTests {
  private func key(_ serial: TokenName, _ certificates: [(ContainerSnapshot.Role, Reading<Certificate>)])
    -> TokenSnapshot
  {
    TokenSnapshot(
      source: TokenSource(provider: "pcsc", reader: serial.text), family: .gmt0017, atr: [],
      device: DeviceInfo(serial: .value(serial)), profile: "P",
      applications: .value([
        ApplicationSnapshot(
          name: "APP", userPIN: .absent, adminPIN: .absent,
          containers: .value(
            certificates.enumerated().map { number, entry in
              ContainerSnapshot(
                name: TokenName("C\(number)"), kind: .value(.sm2),
                entries: [.init(role: entry.0, certificate: entry.1)])
            }))
      ]))
  }

  @Test("certificates stand beside those of their holder and role, wherever they lie; a stranger's stands alone")
  func pairs() {
    let left = key("L", [(.signature, .value(sample(1))), (.encryption, .value(sample(2))), (.signature, .absent)])
    let right = key(
      "R", [(.signature, .value(sample(3))), (.encryption, .value(sample(2))), (.signature, .value(sample(1)))])
    let comparison = KeyComparison(left, right)
    #expect(comparison.pairings.map { $0.left?.container.name.text } == ["C0", "C1", nil])
    #expect(comparison.pairings.map { $0.right?.container.name.text } == ["C2", "C1", "C0"])
    #expect(comparison.pairings.map { $0.comparison?.relation } == [.same, .same, nil])
    #expect(comparison.rows.filter(\.differs).map(\.field) == [.serial])
  }

  @Test("what could not be read is put beside its own container and not compared")
  func unread() {
    let failure = Reading<Certificate>.failed(Failure(.fileRead))
    let left = key("L", [(.signature, failure)])
    let comparison = KeyComparison(left, key("R", [(.signature, .value(sample(1)))]))
    #expect(comparison.pairings.count == 1)
    #expect(comparison.pairings.first?.comparison == nil)
  }
}
