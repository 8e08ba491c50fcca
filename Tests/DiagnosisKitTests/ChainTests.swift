import Testing
import TokenKit

@testable import DiagnosisKit

/// The order of the chain, and the small judgements that need no machine.
struct ChainTests {
  @Test(arguments: CheckID.allCases)
  func askingForOneLinkAsksForAllItRestsOn(_ id: CheckID) {
    let closure = Diagnosis.closure(of: id)
    #expect(closure.contains(id))
    for link in closure { #expect(closure.isSuperset(of: link.needs + link.after), "\(link)") }
  }

  @Test func anEmptyChainHasNoMoreThanItself() {
    let first = CheckID.allCases.filter { $0.needs.isEmpty && $0.after.isEmpty }
    #expect(first.contains(.limits))
    #expect(!first.isEmpty)
    for id in first { #expect(Diagnosis.closure(of: id) == [id]) }
  }

  @Test func aLibrarySufficesByItsFunctionsOrByItsTable() {
    let all = LibraryProbe.ways.flatMap(\.names).map { "export " + $0 }.joined(separator: "\n")
    let found = LibraryProbe.exports(in: "noise of the library\n" + all + "\nexport Unknown\nexport\n")
    #expect(found == Set(LibraryProbe.ways.flatMap(\.names)))
    #expect(LibraryProbe.suffices(found, .skf) && LibraryProbe.suffices(found, .pkcs11))
    #expect(LibraryProbe.suffices(["SKF_GetFuncList"], .skf) && !LibraryProbe.suffices(["SKF_GetFuncList"], .pkcs11))
    #expect(!LibraryProbe.suffices(["SKF_EnumDev", "SKF_ConnectDev"], nil) && !LibraryProbe.suffices([], nil))
  }

  @Test func aLinkHoldsWithAWarningAndNotWithADoubt() {
    #expect([Verdict.ok, .warning].allSatisfy { Finding($0).holds })
    #expect([Verdict.fault, .unknown, .skipped].allSatisfy { !Finding($0).holds })
    #expect(Finding.skipped(because: .serviceAnswers).because == .serviceAnswers)
  }

  @Test func whatIsNotKnownIsNamedBeforeWhatOnlyNeedsALook() {
    #expect(Verdict.mostTelling(of: [.ok, .warning, .unknown, .fault] as [Verdict], verdict: \.self) == .fault)
    #expect(Verdict.mostTelling(of: [.warning, .unknown, .ok] as [Verdict], verdict: \.self) == .unknown)
    #expect(Verdict.mostTelling(of: [.skipped, .ok] as [Verdict], verdict: \.self) == nil)
  }

  @Test func aLinkBehindAnUnknownOneIsNotKnownEither() {
    let result = DiagnosisResult(
      findings: [
        .limits: Finding(.unknown, .limitThreads), .usbDevice: .skipped(because: .limits), .system: .ok(),
      ], only: nil, options: DiagnosisOptions(now: 0), microseconds: 0)
    #expect(DiagnosisDocument(result, full: true).unknown.map(\.id) == ["system.limits", "usb.device"])
    #expect(result.first?.id == .limits)
  }

  @Test func moreTimeForAllIsMoreTimeForEach() {
    var options = DiagnosisOptions(now: 0)
    #expect(options.scaled(.seconds(5)) == .seconds(5))
    options.limit = .seconds(60)
    #expect(options.scaled(.seconds(5)) == .seconds(30))
    options.limit = .seconds(2)
    #expect(options.scaled(.seconds(5)) == .seconds(5))
  }

  @Test func numbersAreWrittenAsTheyAreRead() {
    #expect(seconds(0) == "0.00" && seconds(310_000) == "0.31" && seconds(12_005_000) == "12.00")
    #expect(modeText(0o600) == "0600" && modeText(0o104755) == "4755" && modeText(0) == "0000")
  }
}
