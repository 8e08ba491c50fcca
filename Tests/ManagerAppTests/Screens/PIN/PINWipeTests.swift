import Failures
import TerminalKit
import Testing
import TokenKit

@testable import ManagerApp

/// Every way out of the PIN screen leaves nothing typed behind.
@Suite struct PINWipeTests {
  private struct Way: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var closes: Bool
    var go: @Sendable (inout Scene) -> Void
  }

  private static let ways: [Way] = [
    Way(testDescription: "Esc", closes: true) { $0.press(.escape) },
    Way(testDescription: "F10", closes: false) { $0.press(.function(10)) },
    Way(testDescription: "Ctrl-C", closes: false) { $0.press(.control("c")) },
    Way(testDescription: "Ctrl-Z", closes: false) { $0.press(.control("z")) },
    Way(testDescription: "SIGTSTP", closes: false) { $0.take(.stopping) },
    Way(testDescription: "continued", closes: false) { $0.take(.resumed) },
    Way(testDescription: "other PIN", closes: false) { $0.press(.function(2)) },
    Way(testDescription: "key removed", closes: true) { $0.send(.removed(Samples.source())) },
    Way(testDescription: "reader removed", closes: true) { $0.send(.readerRemoved(Samples.source())) },
    Way(testDescription: "key failed", closes: true) {
      $0.send(.failed(Samples.source(), Failure(.cardRemoved)))
    },
    Way(testDescription: "put in anew", closes: true) { $0.send(.inserted(Samples.source(), atr: [0x3B])) },
    Way(testDescription: "another key", closes: true) {
      $0.send(.read(Samples.source(), Samples.key(serial: "E3000GM-00999")))
    },
    Way(testDescription: "key without serial", closes: true) {
      var snapshot = Samples.key()
      snapshot.device.serial = .absent
      $0.send(.read(Samples.source(), snapshot))
    },
    Way(testDescription: "removed under the help", closes: true) {
      $0.press(.function(1))
      $0.send(.removed(Samples.source()))
    },
  ]

  @Test(arguments: ways)
  private func wipes(_ way: Way) throws {
    var scene = try Scene.pin()
    scene.type("123456")
    scene.press(.tab)
    scene.type("9k2Lm81x")
    let fields = try #require(scene.pin?.ready?.fields)
    #expect(fields.view(.gmt, identities: []).counts == [6, 8, 0])
    way.go(&scene)
    #expect(fields.view(.gmt, identities: []).counts == [0, 0, 0])
    #expect((scene.pin == nil) == way.closes)
    if !way.closes { #expect(scene.pin?.view.counts == [0, 0, 0]) }
  }

  @Test func whatTheUserTypedBeforeAStopIsSaidToBeGone() throws {
    var scene = try Scene.pin()
    scene.type("1234")
    scene.press(.control("z"))
    #expect(scene.effects == [.suspend(job: true)])
    scene.take(.resumed)
    // The tries are read again, for somebody else may have used some.
    scene.answer(.ready(try Scene.ready(left: 5)))
    #expect(scene.screen.contains("已清除输入的密码") && scene.screen.contains("还可以试 5 次（共 10 次）"))
  }

  @Test func theSameKeyReadAgainKeepsTheFields() throws {
    var scene = try Scene.pin()
    scene.type("1234")
    scene.send(.read(Samples.source(), Samples.key()))
    var partial = Samples.key(isComplete: false)
    partial.device.serial = .absent
    scene.send(.read(Samples.source(), partial))
    scene.insert(Samples.key(Samples.source(1), label: "another", serial: "X"))
    scene.send(.removed(Samples.source(1)))
    #expect(scene.pin?.view.counts == [4, 0, 0])
  }

  @Test func closedFieldsAreFreed() throws {
    weak var fields: PINFields?
    var scene = try Scene.pin()
    fields = scene.pin?.ready?.fields
    #expect(fields != nil)
    scene.type("1234")
    scene.press(.escape)
    #expect(fields == nil)
  }

  @Test func sendingHandsThePINsOver() throws {
    var scene = try Scene.pin()
    let fields = try #require(scene.pin?.ready?.fields)
    scene.enter("123456", "9k2Lm81x")
    #expect(fields.view(.gmt, identities: []).counts == [0, 0, 0])
    let job = try #require(scene.changeJob)
    #expect(job.pins.use { old, new in (old.count, new.count) } ?? (0, 0) == (6, 8))
    #expect(job.pins.view(.gmt, identities: []).counts == [6, 8, 0])
  }

  @Test(arguments: [PINOutcome.changed, .wrong(triesLeft: 9), .notSent(.otherKey)])
  func theWorkerWipesThem(_ outcome: PINOutcome) throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    let job = try #require(scene.changeJob)
    let operations = ScriptedOperations(outcome)
    #expect(operations.changePIN(job) == outcome)
    #expect(operations.token.received == [6, 8])
    #expect(job.pins.view(.gmt, identities: []).counts == [0, 0, 0])
  }

  @Test func aKeyThatCannotBeOpenedGetsNothing() throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    let job = try #require(scene.changeJob)
    let failure = Failure(.readerLost)
    #expect(ScriptedOperations(.changed, failure: failure).changePIN(job) == .notSent(.failure(failure)))
    #expect(job.pins.view(.gmt, identities: []).counts == [0, 0, 0])
  }

  @Test func preparing() throws {
    let query = PINQuery(
      question: 1, source: Samples.source(), reference: PINReference(application: "SZCAAPP", role: .user))
    let operations = ScriptedOperations(.changed)
    guard case .ready(let ready) = operations.prepare(query) else {
      Issue.record("not ready")
      return
    }
    #expect(ready.status.triesLeft == 6 && ready.policy == .gmt)
    operations.token.isLocked = true
    guard case .ended(.locked) = operations.prepare(query) else {
      Issue.record("not locked")
      return
    }
    operations.token.hasProfile = false
    guard case .ended(.notSent(.noProfile)) = operations.prepare(query) else {
      Issue.record("a profile")
      return
    }
  }
}

/// A key whose answers the test makes.
final class ScriptedOperations: KeyOperations {
  let token: ScriptedToken
  private let failure: Failure?

  init(_ outcome: PINOutcome, failure: Failure? = nil) {
    token = ScriptedToken(outcome)
    self.failure = failure
  }

  func open(_ source: TokenSource) throws(Failure) -> any Token {
    if let failure { throw failure }
    return token
  }
}

final class ScriptedToken: Token, @unchecked Sendable {
  // Unchecked: each test uses it on one thread.
  let source = Samples.source()
  let outcome: PINOutcome
  var isLocked = false
  var hasProfile = true
  /// Lengths of what it was given.
  var received: [Int] = []
  /// What signing gives; `nil`: the outcome.
  var signed: SignOutcome?

  init(_ outcome: PINOutcome) { self.outcome = outcome }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    Samples.key()
  }

  func pinSupport() throws(Failure) -> PINSupport {
    hasProfile ? .supported(profile: "A-lm", provenance: "test", .gmt) : .noProfile
  }

  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus {
    PINStatus(triesMax: 10, triesLeft: isLocked ? 0 : 6, isLocked: isLocked, isDefault: nil)
  }

  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome { outcome }

  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    received = [old.count, new.count]
    return outcome
  }

  func unblockPIN(
    _ reference: PINReference, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome { outcome }

  func sign(_ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent) -> SignOutcome {
    received = [pin.count]
    return signed ?? .pin(outcome)
  }
}
