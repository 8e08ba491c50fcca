import Failures
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// What the window says of a locked PIN is what the commands say: a request to the authority where one unlocks the key, else
/// who keeps its PUK.
@Suite struct LockedKeyTests {
  private func advice(_ snapshot: TokenSnapshot, left: Int, isPIV: Bool) throws -> Advice {
    var key = snapshot
    var applications = try #require(key.applications.value)
    applications[0].userPIN = .value(PINStatus(triesMax: 10, triesLeft: left, isLocked: left == 0, isDefault: nil))
    key.applications = .value(applications)
    var scene = Scene(.zh, width: 120, height: 36)
    scene.send(.service(.running))
    scene.insert(key)
    let screen = scene.screen
    let advice = try #require(scene.state.world.advice.first { [.locked, .few(left: left)].contains($0.matter) })
    let text = isPIV ? "PUK" : "按 F3 办解锁"
    #expect(screen.contains(text))
    if left == 0 { #expect(screen.contains("ukey unlock admin") == isPIV) }
    return advice
  }

  @Test(arguments: [0, 2]) func aPIVCardIsNotSentToTheAuthority(_ left: Int) throws {
    #expect(try advice(Samples.piv(Samples.source()), left: left, isPIV: true).business == nil)
    #expect(try advice(Samples.key(), left: left, isPIV: false).business == .unlock)
  }

  /// "Take it out" is said already; the diagnosis would find nothing more.
  @Test func aBankCardIsNothingToDiagnose() {
    for (failure, count) in [(Failure(.tokenForeign, context: "EMV"), 0), (Failure(.tokenUnknown), 1)] {
      var scene = Scene(.zh, width: 120, height: 36)
      let source = Samples.source()
      scene.send(.readerAdded(source), .inserted(source, atr: [0x3B]), .failed(source, failure))
      #expect(scene.state.world.advice.filter { $0.matter == .unreadable }.count == count)
    }
  }
}
