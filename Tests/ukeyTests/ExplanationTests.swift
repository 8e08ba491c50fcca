import DiagnosisKit
import Failures
import Testing
import TokenKit
import Wording

@testable import ukey

@Suite struct ExplanationTests {
  @Test(arguments: Language.allCases) func everythingIsExplained(_ language: Language) {
    for entry in Explanation.all {
      #expect(!entry.title(language).isEmpty, "\(entry.id)")
      #expect(Explanation.matches(entry.id).contains(entry), "\(entry.id)")
      #expect(entry.text(language).contains(entry.title(language)))
    }
  }

  /// The whole catalogue: each code and each cause says what it is and what to do, in the words of each language.
  @Test(arguments: Language.allCases) func everyCodeAndCauseSaysWhatToDo(_ language: Language) throws {
    let codes = FailureCode.allCases.map { Explanation.failure($0) }
    for entry in codes + Cause.allCases.map({ Explanation.cause($0) }) {
      let remedy = try #require(entry.remedy(language), "\(entry.id)")
      let isChinese = (entry.title(language) + remedy).unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
      #expect(!remedy.isEmpty && isChinese == (language == .zh), "\(entry.id)")
      #expect(entry.text(language).contains(entry.id), "\(entry.id)")
      if case .cause(let cause) = entry, cause.gravest == .skipped { continue }
      #expect(entry.exitCode != nil, "\(entry.id)")
    }
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130] as [Int32] {
      #expect(ProgramExit(rawValue: code) != nil && Explanation.matches("\(code)") == [.exit(code)], "\(code)")
    }
  }

  /// The exit code told of a cause is that of the worst that the fault catalogue has seen of it.
  @Test func aCauseTellsTheExitCodeThatItHas() throws {
    let folder = #filePath.dropLast("Tests/ukeyTests/ExplanationTests.swift".count)
    let text = try #require(SystemFiles(root: "").text(folder + "Docs/fault-catalogue.md", limit: 1 << 22))
    var seen: [Cause: Set<Verdict>] = [:]
    for row in text.split(separator: "\n") where row.hasPrefix("| ") {
      let cells = row.split(separator: "|").map { trim($0) }
      guard cells.count > 5, let verdict = Verdict(rawValue: cells[3]),
        let cause = Cause(rawValue: String(cells[4].drop { $0 != "`" }.dropFirst().prefix { $0 != "`" }))
      else { continue }
      seen[cause, default: []].insert(verdict)
    }
    #expect(seen.count > 100)
    for (cause, verdicts) in seen {
      #expect(verdicts.contains(cause.gravest), "\(cause.rawValue)")
      #expect(!verdicts.contains(.fault) || cause.gravest == .fault, "\(cause.rawValue)")
    }
    #expect(ProgramExit(gravest: .browserAbsent) == .ok && ProgramExit(gravest: .expiring) == .expiring)
    #expect(ProgramExit(gravest: .timedOut) == .outcomeUnknown && ProgramExit(gravest: .pinLocked) == .pinLocked)
    #expect(ProgramExit(gravest: .notNeeded) == nil)
  }

  /// Every code that a command can end with has its words.
  @Test func exitCodesAreThoseOfThisProgram() {
    for code in FailureCode.allCases { #expect(Explanation.all.contains(.exit(ProgramExit(Failure(code)).rawValue))) }
    for cause in Cause.allCases { #expect(Explanation.all.contains(.exit(ProgramExit(fault: cause).rawValue))) }
    for language in Language.allCases {
      #expect(ExplainWords[language].exits.map(\.code) == ExplainWords[.en].exits.map(\.code))
    }
  }

  @Test(arguments: ["UK-113", "uk-113", "113"]) func aCodeIsFoundAsPeopleWriteIt(_ word: String) {
    #expect(Explanation.matches(word) == [.failure(.severalKeys)])
  }

  @Test func numbersOfTwoKinds() {
    #expect(Explanation.matches("8") == [.exit(8)])
    #expect(Explanation.matches("130") == [.exit(130)])
  }

  @Test func wordsOfTheScreenAreFoundInBothLanguages() {
    let title = FailureCode.serviceUnavailable.words(.zh).title
    #expect(Explanation.matches(title).contains(.failure(.serviceUnavailable)))
    #expect(Explanation.matches("reader service is not running").contains(.failure(.serviceUnavailable)))
    #expect(Explanation.matches("nothing is called like this").isEmpty)
    #expect(Explanation.matches("").isEmpty)
  }
}
