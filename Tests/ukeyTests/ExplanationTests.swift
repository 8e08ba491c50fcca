import DiagnosisKit
import Failures
import Testing
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
