import Failures
import Testing
import TokenKit
import Wording

/// How many tries are left, in words.
@Suite struct TriesTests {
  /// 63CX has four bits for them (ISO/IEC 7816-4 §5.6): a card that has more says 15.
  @Test func fifteenOfAnUnknownNumberMayBeMore() {
    #expect(Words[.en].tries(15, nil) == "15 or more tries left" && Words[.zh].tries(15, nil) == "剩余 15 次以上")
    #expect(Words[.en].tries(15, 15) == "15/15 tries left" && Words[.en].tries(14, nil) == "14 tries left")
    #expect(PINWords[.en].triesLeft(15, nil) == "15 or more tries left")
    #expect(PINWords[.en].text(.wrong(triesLeft: 15), .en).title == "Wrong PIN, 15 or more tries left")
    #expect(PINWords[.zh].text(.wrong(triesLeft: 15), .zh).title.contains("15 次以上"))
  }

  /// Of a login that the key refused: no new PIN was chosen.
  @Test func aRefusedLoginSpeaksOfNoNewPIN() {
    func next(_ function: String) -> String {
      let failure = Failure(.libraryRefused, function: function, number: .ckr(0xA2))
      return PINWords[.en].text(.refused(failure), .en).next
    }
    #expect(!next("C_Login").contains("new one") && next("C_SetPIN").contains("new one"))
  }

  /// Who is at the PUK is not told to have the key unlocked.
  @Test func thePINThatUnlocksHasItsOwnAdvice() {
    let words = UnlockCommandWords[.en]
    let told = words.text(.notSent(.tries(nil)), .en, on: .piv).next
    #expect(told.contains("--low-tries") && !told.contains("have the key unlocked"))
    #expect(PINWords[.en].text(.notSent(.tries(2)), .en).next.contains("have the key unlocked"))
  }
}
