import Failures
import Testing
import TokenKit
import Wording

/// What an unknown card is, and what would read it, in words.
@Suite struct ForeignCardWordsTests {
  @Test(arguments: ForeignCard.Kind.allCases, Language.allCases)
  func everyKindIsSaid(_ kind: ForeignCard.Kind, _ language: Language) {
    let path = "pkcs11:/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
    let plain = Failure(.tokenForeign, context: kind.rawValue).words(language)
    let installed = Failure(.tokenForeign, context: kind.rawValue + " " + path).words(language)
    #expect(plain.title == installed.title && plain.title != FailureCode.tokenForeign.words(language).title)
    #expect(installed.remedy.contains(path) == kind.isForOpenSC)
    #expect(!plain.remedy.contains(path))
  }

  @Test func whatIsNoKindHasTheWordsOfTheCode() {
    for failure in [Failure(.tokenForeign), Failure(.tokenForeign, context: "something")] {
      #expect(failure.words(.en) == FailureCode.tokenForeign.words(.en))
    }
  }
}
