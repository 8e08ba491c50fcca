import CertificateKit
import Testing
import TokenKit

@testable import ukey

/// Which certificate the words of `ukey cert` mean.
struct CertificateSelectionTests {
  private func place(
    _ container: TokenName, serial: [UInt8], application: TokenName = "PIV"
  ) -> CertificatePlace {
    var certificate = Sample.certificate(days: 100)
    certificate.serial = serial
    let entry = ContainerSnapshot.Entry(role: .encryption, certificate: .value(certificate))
    let snapshot = TokenSnapshot(
      source: TokenSource(.pcsc, reader: "R"), family: .piv, atr: [], device: DeviceInfo(), profile: "piv",
      applications: .value([
        ApplicationSnapshot(
          name: application, userPIN: .absent, adminPIN: .absent,
          containers: .value([ContainerSnapshot(name: container, kind: .value(.ec), entries: [entry])]))
      ]))
    return snapshot.places[0]
  }

  @Test func slotsAreNamedInEitherCase() throws {
    for name in ["9c", "9C"] {
      let selection = try CertificateCommand.Selection.parse(["--container", name])
      #expect(selection.matches(place("9C", serial: [1])))
      #expect(!selection.matches(place("9D", serial: [1])))
    }
  }

  /// Two applications of one key may call their containers alike.
  @Test func containersOfOneNameAreToldApartByTheirApplication() throws {
    let rows = [place("C1", serial: [1], application: "甲"), place("C1", serial: [2], application: "乙")]
    #expect(rows.map { $0.containerName(among: rows) } == ["甲/C1", "乙/C1"])
    #expect(rows[0].containerName(among: [rows[0]]) == "C1")
    #expect(rows[0].summary(.en, among: rows).hasPrefix("甲/C1 · "))
    let lines = CertificateTable(now: 0, language: .en).lines(rows)
    #expect(lines.count == 2 && lines[0].hasPrefix("甲/C1") && lines[1].hasPrefix("乙/C1"))
    let one = try CertificateCommand.Selection.parse(["--container", "乙/c1"])
    #expect(rows.map(one.matches) == [false, true])
    let both = try CertificateCommand.Selection.parse(["--container", "c1"])
    #expect(rows.map(both.matches) == [true, true])
  }

  /// openssl leaves out the zero in front that the encoding needs.
  @Test func serialsAreTakenAsProgramsPrintThem() throws {
    let row = place("9C", serial: [0x00, 0xB8, 0x45, 0x4D])
    for text in ["B8454D", "00B8454D", "b8:45:4d", "00:B8:45:4D", "0xB8454D", "B8 45 4D"] {
      #expect(try CertificateCommand.Selection.parse(["--serial", text]).matches(row), "\(text)")
    }
    for text in ["B8454", "B8454D0", "", "0x"] {
      #expect(!(try CertificateCommand.Selection.parse(["--serial", text]).matches(row)), "\(text)")
    }
  }

  @Test func retiredSlotsAreReadWhereTheyMayBeMeant() throws {
    for (words, isRetired) in [
      ([], false), (["--container", "9C"], false), (["--container", "82"], true), (["--container", "8f"], true),
      (["--container", "96"], false), (["--serial", "01"], true), (["--role", "enc"], false),
    ] as [([String], Bool)] {
      #expect(try CertificateCommand.Selection.parse(words).options.retiredSlots == isRetired, "\(words)")
    }
  }
}
