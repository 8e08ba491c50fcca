import Failures
import Testing
import TokenKit
import Wording

@testable import ukey

/// The contract of Docs/commands.md: which failure and which outcome end with which code.
struct ExitCodeTests {
  @Test func everyFailureEndsWithACodeAndNoneWithSuccess() {
    let good: [ProgramExit] = [.ok, .expiring, .expired]
    for code in FailureCode.allCases { #expect(!good.contains(ProgramExit(Failure(code))), "\(code.rawValue)") }
  }

  @Test(arguments: [
    (FailureCode.noReader, 5 as Int32), (.cardRemoved, 5), (.certificateMissing, 6), (.severalKeys, 2), (.pinWrong, 7),
    (.pinLocked, 8), (.pinTries, 9), (.keyChanged, 9), (.serviceUnavailable, 10), (.cardTimeout, 10), (.pinUnknown, 11),
    (.fileExists, 1), (.cancelled, 130),
  ])
  func aFailureIsOfItsKind(_ code: FailureCode, _ number: Int32) {
    #expect(ProgramExit(Failure(code)).rawValue == number)
  }

  @Test func theOutcomeOfAPINHasACodeOfItsOwn() {
    let lost = Failure(.cardRemoved)
    let outcomes: [(PINOutcome, ProgramExit)] = [
      (.verified, .ok), (.changed, .ok), (.unblocked, .ok), (.wrong(triesLeft: 9), .pinWrong), (.locked, .pinLocked),
      (.notSent(.tries(3)), .notSent), (.notSent(.noProfile), .notSent), (.notSent(.otherKey), .notSent),
      // Nothing was sent because the key had gone: that it had is what counts.
      (.notSent(.failure(lost)), .noKey), (.unknown(.change, lost), .outcomeUnknown),
      (.refused(Failure(.commandRefused)), .notSent),
    ]
    for (outcome, code) in outcomes { #expect(ProgramExit(outcome) == code, "\(outcome)") }
  }

  @Test func anOutcomeInJSONNamesWhatIsNotKnown() {
    let words = OutcomeText(title: "t", next: "n")
    let unknown = PINOutcome.unknown(.change, Failure(.cardRemoved)).json(schema: "ukey.pin/1", words)
    #expect(unknown["outcome"] == "unknown" && unknown["uncertain"] == "change" && unknown["message"] == "t")
    let tries = PINOutcome.notSent(.tries(nil)).json(schema: "ukey.pin/1", words)
    #expect(tries["reason"] == "tries" && tries["detail"] == nil && tries["remedy"] == "n")
    let wrong = PINOutcome.wrong(triesLeft: nil).json(schema: "ukey.pin/1", words)
    #expect(wrong["outcome"] == "wrong" && wrong["triesLeft"] == nil)
  }
}
