import Failures
import Testing

@Suite struct FailureTests {
  @Test func aMistakeOfThisProgramTellsItsPlace() {
    let line = #line + 1
    let failure = Failure(.internalError, function: "poll", context: "pipe")
    #expect(failure.context == "pipe · FailuresTests/FailureTests.swift:\(line)")
    #expect(Failure(.fileRead, context: "name").context == "name")
  }
}
