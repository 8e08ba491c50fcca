import Failures
import Testing

@testable import TokenKit

/// A key that notes what it is asked, in which order.
private final class NotedTarget: PINTarget, PINToken {
  let source = TokenSource(provider: "test", reader: "R")
  var steps: [String] = []
  var policy: PINPolicy? = .gmt
  var there: TokenName? = "S1"
  var hasPINPad = false
  var status: Reading<PINStatus> = .value(PINStatus(triesMax: 10, triesLeft: 10, isLocked: false, isDefault: nil))
  var failing: String?
  var answer = PINOutcome.verified

  private func step(_ name: String) throws(Failure) {
    steps.append(name)
    if failing == name { throw Failure(.cardRemoved) }
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy? {
    try step("support")
    return policy
  }

  func serial() throws(Failure) -> TokenName? {
    try step("key")
    return there
  }

  func open(_ reference: PINReference, _ task: PINTask) throws(Failure) -> Reading<PINStatus> {
    try step("tries")
    return status
  }

  func verify(_ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome { sent("verify") }
  func change(_ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN) -> PINOutcome { sent("change") }
  func unblock(admin: borrowing PIN, new: borrowing PIN) -> PINOutcome { sent("unblock") }

  private func sent(_ name: String) -> PINOutcome {
    steps.append(name)
    return answer
  }

  func sign(_ message: [UInt8], _ key: SigningKey, _ pin: borrowing PIN) throws(Failure) -> [UInt8] {
    try step("sign")
    return [1]
  }

  func finish(after outcome: PINOutcome?) { steps.append(outcome == nil ? "close" : "log out") }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    throw Failure(.notSupported)
  }
  func pinSupport() throws(Failure) -> PINSupport { .noProfile }
  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try body(self)
  }
}

/// Support, same key, rules, tries, then once, then left logged out: for every kind of key.
@Suite struct PINOrderTests {
  private let reference = PINReference(application: "A", role: .user, keySerial: "S1")

  private func pin(_ text: String) throws(Failure) -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }

  private func verify(
    _ target: NotedTarget, _ text: String = "123456", _ consent: TryConsent = .normal
  ) throws -> PINOutcome {
    let pin = try pin(text)
    return target.verify(pin, reference, consent: consent)
  }

  @Test func whatGoesWellGoesInOrder() throws {
    let target = NotedTarget()
    #expect(try verify(target) == .verified)
    #expect(target.steps == ["support", "key", "tries", "verify", "log out"])
  }

  @Test func aKeyWithoutAProfileIsAskedNothing() throws {
    let target = NotedTarget()
    target.policy = nil
    #expect(try verify(target) == .notSent(.noProfile))
    #expect(target.steps == ["support", "close"])
  }

  @Test(arguments: ["S2", nil] as [TokenName?]) func anotherKeyGetsNoPIN(_ there: TokenName?) throws {
    let target = NotedTarget()
    target.there = there
    #expect(try verify(target) == .notSent(.otherKey))
    #expect(target.steps == ["support", "key", "close"])
  }

  @Test func aBrokenRuleCostsNoCommand() throws {
    let target = NotedTarget()
    #expect(try verify(target, "") == .notSent(.rule(.empty)))
    #expect(target.steps == ["support", "key", "close"])
    // What is typed beside a PIN pad is not the PIN.
    let pad = NotedTarget()
    pad.hasPINPad = true
    #expect(try verify(pad, "") == .verified)
  }

  @Test func fewTriesTakeTheConsent() throws {
    for (left, consent, outcome) in [
      (3, TryConsent.normal, PINOutcome.notSent(.tries(3))), (3, .low, .verified), (1, .low, .notSent(.tries(1))),
      (1, .last, .verified), (0, .last, .locked),
    ] {
      let target = NotedTarget()
      target.status = .value(PINStatus(triesMax: 10, triesLeft: left, isLocked: left == 0, isDefault: nil))
      #expect(try verify(target, "123456", consent) == outcome)
      #expect(target.steps.suffix(2) == (outcome == .verified ? ["verify", "log out"] : ["tries", "close"]))
    }
    // A key that cannot tell is taken to have few.
    let target = NotedTarget()
    target.status = .failed(Failure(.libraryRefused))
    #expect(try verify(target) == .notSent(.tries(nil)))
    #expect(try verify(target, "123456", .low) == .verified)
  }

  @Test(arguments: ["support", "key", "tries"]) func aFailureBeforeSendsNothing(_ step: String) throws {
    let target = NotedTarget()
    target.failing = step
    #expect(try verify(target) == .notSent(.failure(Failure(.cardRemoved))))
    #expect(target.steps.suffix(2) == [step, "close"])
  }

  @Test(arguments: [PINOutcome.wrong(triesLeft: 9), .locked, .unknown(.verify, Failure(.cardRemoved))])
  func whateverComesOfItTheKeyIsLeftLoggedOut(_ outcome: PINOutcome) throws {
    let target = NotedTarget()
    target.answer = outcome
    #expect(try verify(target) == outcome)
    #expect(target.steps.suffix(2) == ["verify", "log out"])
  }

  @Test func aChangeAndAnUnlockCheckBothPINs() throws {
    let old = try pin("123456")
    let short = try pin("12345")
    let target = NotedTarget()
    #expect(
      target.changePIN(reference, from: old, to: short, consent: .normal) == .notSent(.rule(.tooShort(minimum: 6))))
    #expect(target.changePIN(reference, from: old, to: old, consent: .normal) == .notSent(.rule(.sameAsOld)))
    #expect(
      target.unblockPIN(reference, admin: old, new: short, consent: .normal) == .notSent(.rule(.tooShort(minimum: 6))))
    #expect(!target.steps.contains("change") && !target.steps.contains("unblock"))
  }

  @Test func theStateOfAPINIsClosedAfter() throws {
    let target = NotedTarget()
    #expect(try target.pinStatus(reference).triesLeft == 10)
    #expect(target.steps == ["tries", "close"])
  }
}
