import Failures
import Foundation
import SoftToken
import StrictJSON
import Testing
import TokenKit

@testable import UnlockKit

@Suite struct FlowTests {
  private func lock(_ key: SoftKey) throws {
    let wrong = try pin("999999")
    for _ in 0..<9 { #expect(key.token.verify(wrong, key.reference, consent: .last) != .locked) }
    #expect(key.token.verify(wrong, key.reference, consent: .last) == .locked)
  }

  private func open(_ key: SoftKey, _ directory: StateDirectory) throws -> (SealedDocument, HeldChallenge) {
    let request = try key.request()
    let document = try request.sealed()
    let challenge = try #require(request.challenge)
    let held = try OpenChallenge(
      request: document.digest, keySerial: "DEMO-GM-00412", challenge: challenge, created: moment
    ).hold(in: directory)
    return (document, held)
  }

  private func answer(_ request: SealedDocument, now: Int64 = moment) throws -> SealedDocument {
    let policy = DeskPolicy()
    let checked = try policy.check(request.bytes, serial: nil, now: now)
    let admin = AdminSecret.given(try UnlockProtector(admin: try pin("12345678")))
    return try policy.answer(checked, admin, new: try pin("24681357"), now: now)
  }

  @Test(arguments: ["A-be", "A-lm", "B-le"])
  func unlocksOnceAndOnlyOnce(_ profile: String) throws {
    let key = try SoftKey(try #require(GMCardBehaviour.named(profile)))
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path + "/state")
    try lock(key)
    let (request, held) = try open(key, directory)
    let response = try answer(request)
    let check = ResponseCheck(directory: directory)
    let checked = try check.check(response.bytes, keySerial: "DEMO-GM-00412", now: moment)
    #expect(try checked.apply(to: key.token, key.admin, directory: directory, consent: .normal) == .unblocked)
    #expect(try key.token.pinStatus(key.reference).triesLeft == 10)
    let temporary = try pin("24681357")
    #expect(key.token.verify(temporary, key.reference, consent: .normal) == .verified)
    #expect(
      code { _ = try check.check(response.bytes, keySerial: "DEMO-GM-00412", now: moment) } == .responseReplayed)
    #expect(
      code { _ = try checked.apply(to: key.token, key.admin, directory: directory, consent: .normal) }
        == .responseReplayed)
    withExtendedLifetime(held) {}
  }

  /// Every byte of a valid response changed: none is accepted, nothing reaches the key.
  @Test func noAlteredByteIsAccepted() throws {
    let key = try SoftKey()
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path)
    let (request, held) = try open(key, directory)
    let bytes = try answer(request).bytes
    let check = ResponseCheck(directory: directory)
    _ = try check.check(bytes, keySerial: "DEMO-GM-00412", now: moment)
    for index in bytes.indices {
      for bit in 0..<8 {
        var altered = bytes
        altered[index] ^= 1 << UInt8(bit)
        let found = code { _ = try check.check(altered, keySerial: "DEMO-GM-00412", now: moment) }
        #expect([.unlockFileMalformed, .unlockFileVersion, .unlockFileAltered].contains(found), "\(index) \(bit)")
      }
    }
    withExtendedLifetime(held) {}
  }

  @Test func refusesByReason() throws {
    let key = try SoftKey()
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path)
    let (request, held) = try open(key, directory)
    let response = try answer(request)
    let check = ResponseCheck(directory: directory)
    func refusal(_ serial: String = "DEMO-GM-00412", now: Int64 = moment) -> FailureCode? {
      code { _ = try check.check(response.bytes, keySerial: serial, now: now) }
    }
    #expect(refusal() == nil)
    #expect(refusal("OTHER") == .responseOtherKey)
    #expect(refusal(now: moment + 2 * 86_400) == .responseExpired)
    #expect(refusal(now: moment - 3600) == .unlockFileTime)
    // A newer request ends the older one; the end of the program ends both.
    let (_, newer) = try open(key, directory)
    #expect(refusal() == .responseOtherRequest)
    withExtendedLifetime(held) {}
    withExtendedLifetime(newer) {}
  }

  @Test func endsWithTheProgramThatHoldsTheKey() throws {
    let key = try SoftKey()
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path)
    let response: SealedDocument
    do {
      let (request, held) = try open(key, directory)
      response = try answer(request)
      withExtendedLifetime(held) {}
    }
    #expect(
      code {
        _ = try ResponseCheck(directory: directory).check(response.bytes, keySerial: "DEMO-GM-00412", now: moment)
      } == .challengeGone)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/open").isEmpty)
  }

  /// Another random in between: the answer does not fit; the key says so and one administrator try is gone.
  @Test func aChangedChallengeIsToldApart() throws {
    let key = try SoftKey()
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path)
    let (request, held) = try open(key, directory)
    let checked = try ResponseCheck(directory: directory).check(
      try answer(request).bytes, keySerial: "DEMO-GM-00412", now: moment)
    _ = try key.token.unlockChallenge(key.admin)
    #expect(try checked.apply(to: key.token, key.admin, directory: directory, consent: .normal) == .wrong(triesLeft: 9))
    // And with the random used up the key has none at all: nothing was spent.
    let other = try SoftKey()
    let second = StateDirectory(path: scratch.path + "/second")
    let (again, heldAgain) = try open(other, second)
    let late = try ResponseCheck(directory: second).check(
      try answer(again).bytes, keySerial: "DEMO-GM-00412", now: moment)
    let user = try pin("123456")
    #expect(other.token.verify(user, other.reference, consent: .normal) == .verified)
    guard case .refused(let failure) = try late.apply(to: other.token, other.admin, directory: second, consent: .normal)
    else {
      Issue.record("not refused")
      return
    }
    #expect(failure.code == .challengeGone && failure.number == .statusWord(0x6984))
    #expect(try other.token.pinStatus(PINReference(application: "SZCA-DEMO", role: .admin)).triesLeft == 10)
    withExtendedLifetime((held, heldAgain)) {}
  }

  @Test func nothingIsSentWithoutConsent() throws {
    let key = try SoftKey()
    let wrong = try pin("00000000")
    let new = try pin("97531864")
    for _ in 0..<7 {
      _ = key.token.unblockPIN(key.admin, admin: wrong, new: new, consent: .normal)
    }
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path)
    let (request, held) = try open(key, directory)
    let response = try answer(request)
    let check = ResponseCheck(directory: directory)
    let checked = try check.check(response.bytes, keySerial: "DEMO-GM-00412", now: moment)
    #expect(try checked.apply(to: key.token, key.admin, directory: directory, consent: .normal) == .notSent(.tries(3)))
    // Not sent is not used.
    #expect(try checked.apply(to: key.token, key.admin, directory: directory, consent: .low) == .unblocked)
    withExtendedLifetime(held) {}
  }

  @Test func theDeskRefuses() throws {
    let key = try SoftKey()
    let request = try key.request()
    let policy = DeskPolicy()
    func refusal(now: Int64 = moment, serial: String? = nil, _ change: (inout UnlockRequest) -> Void = { _ in }) throws
      -> FailureCode?
    {
      var changed = request
      change(&changed)
      let bytes = try changed.sealed().bytes
      return code { _ = try policy.check(bytes, serial: serial, now: now) }
    }
    #expect(try refusal() == nil)
    #expect(try refusal(now: moment + 86_401) == .unlockFileTime)
    #expect(try refusal(now: moment - 601) == .unlockFileTime)
    #expect(try refusal(serial: "OTHER") == .requestOtherKey)
    #expect(try refusal { $0.challenge = nil } == .unlockNotRemote)
    #expect(try refusal { $0.kind = .renew } == .unlockNotRemote)
    #expect(try refusal { $0.challenge?.profile = "unknown" } == .unlockNotRemote)
    #expect(try refusal { $0.adminPIN?.isLocked = true } == .pinLocked)
  }

  @Test func temporaryPINsAreRandomDigits() throws {
    var seen: Set<String> = []
    var pin = try PIN()
    for _ in 0..<200 {
      try TemporaryPIN.fill(&pin)
      seen.insert(pin.withBytes { String(decoding: $0, as: UTF8.self) })
    }
    #expect(seen.count > 195)
    #expect(seen.allSatisfy { $0.utf8.count == 8 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
  }

  @Test func remembersOnlyWhenTold() throws {
    let scratch = try Scratch()
    let directory = StateDirectory(path: scratch.path + "/deep/state")
    #expect(directory.rememberedApplicant() == nil)
    try directory.remember(person)
    #expect(directory.rememberedApplicant() == person)
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + "/deep/state/applicant.json")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    directory.forgetApplicant()
    #expect(directory.rememberedApplicant() == nil)
  }
}
