import Base
import CertificateKit
import Failures
import Testing
import TokenKit
import Wording

@testable import ukey

@Suite struct InventoryTests {
  private let inventory = Inventory(
    [
      Sample.report(Sample.key([.value(Sample.certificate(days: 400)), .failed(Failure(.certificateMalformed))])),
      Sample.report(
        Sample.key([.value(Sample.certificate(days: 20)), .value(Sample.certificate(days: -3))], reader: "Reader 02")),
    ], now: Sample.now)

  @Test func theMostUrgentIsFirst() {
    #expect(
      inventory.rows.map { $0.place.certificate.value?.validity.daysLeft(now: Sample.now) } == [nil, -3, 20, 400])
  }

  @Test func problemsAreWhatSomethingMustBeDoneAbout() {
    #expect(inventory.problems.rows.count == 3)
    #expect(inventory.expiring(within: 30).rows.count == 2)
    let locked = Inventory(
      [Sample.report(Sample.key([.value(Sample.certificate(days: 400))], left: 0))], now: Sample.now)
    #expect(locked.problems.rows.count == 1)
  }

  @Test(arguments: Language.allCases, [60, 80, 120]) func fitsTheTerminal(_ language: Language, width: Int) {
    let lines = InventoryTable(inventory: inventory, language: language).lines(width: width, isWide: false)
    #expect(lines.count == 5)
    for line in lines { #expect(textWidth(line) <= width, "\(line)") }
    #expect(lines[0].hasPrefix(ListWords[language].owner))
  }

  @Test func fieldsOfASpreadsheetAreNoFormulasAndKeepTheirQuotes() {
    #expect(
      InventoryTable.line(["=HYPERLINK(1)", "a\"b", "-3", "@x", "普通"])
        == "\"'=HYPERLINK(1)\",\"a\"\"b\",\"-3\",\"'@x\",\"普通\"\r")
  }
}
