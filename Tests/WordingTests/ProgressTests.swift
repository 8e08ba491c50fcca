import Testing
import Wording

/// What is said of long work while it goes on.
@Suite struct ProgressTests {
  @Test(arguments: [
    (0, 10, 1, 0, nil), (10, 100, 1, 10, 9), (5, 10, 10, 1, 10), (1, 1000, 4, 0, 3996), (10, 10, 2, 5, 0),
    (12, 10, 2, 6, 0),
  ]) func whatIsLeftFollowsFromWhatWasDone(_ done: Int, _ total: Int, _ seconds: Int, _ rate: Int, _ left: Int?) {
    let estimate = ProgressEstimate(done: done, total: total, took: .seconds(seconds))
    #expect(estimate.rate == rate && estimate.left == left && estimate.total >= done)
  }

  @Test(arguments: Language.allCases) func itIsOneShortLine(_ language: Language) {
    let text = ProgressWords[language].text(ProgressEstimate(done: 4_000, total: 100_000, took: .seconds(40)))
    #expect(text.contains("4000") && text.contains("100000") && text.contains("100") && text.contains("960"))
    #expect(!text.contains("\n") && text.unicodeScalars.count < 60)
    // Nothing is promised before anything is done.
    let begun = ProgressWords[language].text(ProgressEstimate(done: 0, total: 7, took: .seconds(1)))
    #expect(begun.contains("7") && !begun.contains("·"))
  }
}
