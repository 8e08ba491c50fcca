import Base
import Failures
import Foundation
import Glibc
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

  /// One request of a soft key that waits, its challenge while it is held, and a desk.
  private final class Case {
    let key: SoftKey
    let scratch: Scratch
    let directory: StateDirectory
    let desk: SampleDesk
    let waiting: WaitingRequest
    private(set) var ticket: ChallengeTicket
    private(set) var held: HeldChallenge?

    init(_ profile: String = "A-lm", _ given: Scratch? = nil) throws {
      key = try SoftKey(try #require(GMCardBehaviour.named(profile)))
      scratch = try given ?? Scratch()
      directory = StateDirectory(path: scratch.path + "/state")
      desk = try SampleDesk(scratch)
      let making = RequestMaking(
        kind: .unlock, application: nil, applicant: person, file: scratch.path + "/a.ukreq", form: nil, overwrites: true
      )
      let sealed = try making.seal(try key.snapshot(), by: key.token, now: moment)
      waiting = try #require(try sealed.write(keeping: directory) { _ in "" })
      ticket = try waiting.ticket(try key.token.unlockChallenge(key.admin), now: moment)
      held = try OpenChallenge(ticket).hold(in: directory)
    }

    /// The desk's whole work on the documents as they travel.
    func answer(
      ticket other: ChallengeTicket? = nil, desk: SampleDesk? = nil, admin: String = "12345678",
      recipient: [UInt8]? = nil, now: Int64 = moment
    ) throws -> SealedResponse {
      let policy = DeskPolicy()
      var checked = try policy.check(waiting.document.bytes, serial: nil, now: now)
      if let recipient { checked.waitingKey = recipient }
      let read = try policy.challenge(try (other ?? ticket).text(), for: checked, now: now)
      let secret = AdminSecret.given(try UnlockProtector(admin: try pin(admin)))
      return try policy.answer(
        checked, read, secret, (desk ?? self.desk).key, new: try pin("24681357"), now: now)
    }

    func check(
      _ response: SealedResponse, serial: String = "DEMO-GM-00412", desks: DeskCertificates? = nil, now: Int64 = moment
    ) throws(Failure) -> CheckedResponse {
      try check(bytes: Array(response.text.utf8), serial: serial, desks: desks, now: now)
    }

    func check(
      bytes: [UInt8], serial: String = "DEMO-GM-00412", desks: DeskCertificates? = nil, now: Int64 = moment
    ) throws(Failure) -> CheckedResponse {
      try ResponseCheck(directory: directory, desks: desks ?? desk.certificates)
        .check(bytes, keySerial: serial, now: now)
    }

    func challengeAnew() throws {
      ticket = try waiting.ticket(try key.token.unlockChallenge(key.admin), now: moment + 1)
      held = try OpenChallenge(ticket).hold(in: directory)
    }

    func letGo() { held = nil }

    func apply(_ response: SealedResponse, own: String = "97531864", consent: TryConsent = .normal) throws
      -> UnlockOutcome
    {
      let checked = try check(response)
      let own = try pin(own)
      let none = try PIN()
      return try checked.apply(
        to: key.token, key.admin, directory: directory, consent: consent, told: none, own: own)
    }
  }

  /// The same case, and a failure code or none.
  private func refusal(_ body: () throws -> Void) -> FailureCode? { code(body) }

  /// Unlocked and changed in one: nobody has read the PIN in between, and the request waits no longer.
  @Test(arguments: ["A-lm", "B-le"])
  func unlocksAndChangesInOne(_ profile: String) throws {
    let one = try Case(profile)
    try lock(one.key)
    try one.challengeAnew()
    let response = try one.answer()
    #expect(!response.text.contains("24681357"))
    // What breaks a rule is found before anything is sent, and the answer stays good.
    #expect(try one.apply(response, own: "1") == UnlockOutcome(unlock: .notSent(.rule(.tooShort(minimum: 6)))))
    #expect(try one.apply(response) == UnlockOutcome(unlock: .unblocked, change: .changed))
    let own = try pin("97531864")
    #expect(one.key.token.verify(own, one.key.reference, consent: .normal) == .verified)
    #expect(refusal { _ = try one.check(response) } == .responseReplayed)
    #expect(refusal { _ = try WaitingRequests(one.directory).find(one.waiting.document.digest) } == .notWaiting)
    #expect(try one.key.token.pinStatus(one.key.reference).triesLeft == 10)
  }

  /// The change cut off after the unlock: the sealed PIN opens again, and only the change is made.
  @Test func aChangeThatWasCutOffIsFinished() throws {
    let one = try Case()
    let response = try one.answer()
    let checked = try one.check(response)
    try AppliedResponses(one.directory).enter(checked.digest)
    #expect(
      one.key.token.applyUnlock(checked.payload, to: checked.challenge, one.key.admin, consent: .normal) == .unblocked)
    one.letGo()
    let again = try ResponseCheck(directory: one.directory, desks: one.desk.certificates)
      .reopen(Array(response.text.utf8), keySerial: "DEMO-GM-00412", now: moment + 86_400)
    let own = try pin("97531864")
    #expect(
      again.finish(one.key.token, one.key.reference, directory: one.directory, consent: .normal, own: own) == .changed)
    #expect(one.key.token.verify(own, one.key.reference, consent: .normal) == .verified)
    // One that was never sent from here is not opened.
    let other = try Case()
    let never = Array(try other.answer().text.utf8)
    #expect(
      refusal {
        _ = try ResponseCheck(directory: other.directory, desks: other.desk.certificates)
          .reopen(never, keySerial: "DEMO-GM-00412", now: moment)
      } == .responseOtherRequest)
  }

  /// Each of what an attacker or a mix-up can do to an answer, by its code; nothing is sent.
  @Test func everyAttackHasItsCode() throws {
    let one = try Case()
    let good = try one.answer()
    #expect(refusal { _ = try one.check(good) } == nil)
    // Forged: a signature of nobody, and of another desk in this one's name.
    var forged = good
    forged.signature[forged.signature.count - 1] ^= 1
    #expect(refusal { _ = try one.check(forged) } == .responseForged)
    let stranger = try SampleDesk(one.scratch, "stranger")
    forged = try one.answer(desk: stranger)
    forged.desk = good.desk
    #expect(refusal { _ = try one.check(forged) } == .responseForged)
    // Wrong desk: signed rightly, by one that is not pinned; or none is; or its time is over.
    #expect(refusal { _ = try one.check(try one.answer(desk: stranger)) } == .deskUnknown)
    #expect(refusal { _ = try one.check(good, desks: DeskCertificates()) } == .deskUnknown)
    let brief = try SampleDesk(one.scratch, "brief", days: 1)
    let late = try one.answer(desk: brief)
    #expect(refusal { _ = try brief.certificates.check(late, now: moment + 2 * 86_400) } == .deskUnknown)
    // Re-sealed: the sealed part carried into an answer of another desk, which signs it.
    var resealed = good
    resealed.desk = stranger.key.fingerprint
    resealed.signature = try stranger.key.key.sign(resealed.signedBytes)
    let both = DeskCertificates(files: [one.desk.certificateFile, stranger.certificateFile])
    #expect(refusal { _ = try one.check(resealed, desks: both) } == .responseSealedElsewhere)
    // Sealed to another key.
    let elsewhere = try one.answer(recipient: try SM2Key.generate().point())
    #expect(refusal { _ = try one.check(elsewhere) } == .responseSealedElsewhere)
    // Wrong key, and too late.
    #expect(refusal { _ = try one.check(good, serial: "OTHER") } == .responseOtherKey)
    #expect(refusal { _ = try one.check(good, now: moment + ChallengeTicket.lifetime) } == nil)
    #expect(refusal { _ = try one.check(good, now: moment + ChallengeTicket.lifetime + 1) } == .responseExpired)
    #expect(refusal { _ = try one.check(good, now: moment - 3600) } == .unlockFileTime)
    // A newer challenge ends the older one; the end of the program ends it.
    try one.challengeAnew()
    #expect(refusal { _ = try one.check(good) } == .responseOtherRequest)
    one.letGo()
    #expect(refusal { _ = try one.check(good) } == .challengeGone)
    #expect(try one.key.token.pinStatus(one.key.admin).triesLeft == 10)
  }

  /// An answer of format 1 to a request of format 2 is refused, however right it is; to one of format 1 that an older
  /// program holds open it is read.
  @Test func anAnswerIsNotDowngraded() throws {
    let one = try Case()
    let protector = try UnlockProtector(admin: try pin("12345678"))
    let payload = try protector.payload(for: one.ticket.challenge, new: try pin("24681357"))
    let bytes = try SealedDocument(sealing: [
      ("format", .string("\(UnlockResponse.format)")), ("version", .int(1)),
      ("request", .string(lowerHexText(one.ticket.request))), ("keySerial", "DEMO-GM-00412"),
      ("challenge", one.ticket.challenge.json), ("payload", .object([("data", .string(lowerHexText(payload.data)))])),
      ("created", .int(Int(moment))), ("expires", .int(Int(moment + 60))),
    ]).bytes
    #expect(refusal { _ = try one.check(bytes: bytes) } == .formatRetired)
    one.letGo()
    // As an older program announces it.
    let old = try SealedDocument(sealing: [
      ("challenge", one.ticket.challenge.json), ("created", .int(Int(moment))), ("format", "ukey.open-challenge"),
      ("keySerial", "DEMO-GM-00412"), ("request", .string(lowerHexText(one.ticket.request))), ("version", .int(1)),
    ])
    let path = try OpenChallenge.path(one.directory, "DEMO-GM-00412")
    try Data(old.bytes).write(to: URL(fileURLWithPath: path))
    let file = Glibc.open(path, O_RDONLY)
    defer { close(file) }
    #expect(flock(file, LOCK_EX | LOCK_NB) == 0)
    let checked = try one.check(bytes: bytes)
    #expect(!checked.tellsPIN && checked.desk == nil)
    let told = try pin("24681357")
    let own = try pin("97531864")
    #expect(
      try checked.apply(
        to: one.key.token, one.key.admin, directory: one.directory, consent: .normal, told: told, own: own)
        == UnlockOutcome(unlock: .unblocked, change: .changed))
    // An answer of format 2 is none to it.
    #expect(refusal { _ = try one.check(try one.answer()) } == .responseOtherRequest)
  }

  /// Every character of a valid answer changed: none is accepted.
  @Test func noAlteredCharacterIsAccepted() throws {
    let one = try Case()
    let bytes = Array(try one.answer().text.utf8)
    for index in bytes.indices {
      for change: UInt8 in [0x01, 0x04, 0x20] {
        var altered = bytes
        altered[index] ^= change
        #expect(refusal { _ = try one.check(bytes: altered) } != nil, "\(index) \(change)")
      }
    }
    #expect(refusal { _ = try one.check(bytes: [0x20] + bytes + [0x0D, 0x0A]) } == nil)
  }

  /// Another random in between: the answer does not fit; the key says so and one administrator try is gone.
  @Test func aChangedChallengeIsToldApart() throws {
    let one = try Case()
    let response = try one.answer()
    _ = try one.key.token.unlockChallenge(one.key.admin)
    #expect(try one.apply(response) == UnlockOutcome(unlock: .wrong(triesLeft: 9)))
    // And with the random used up the key has none at all: nothing was spent.
    let other = try Case("A-lm")
    let late = try other.answer()
    let user = try pin("123456")
    #expect(other.key.token.verify(user, other.key.reference, consent: .normal) == .verified)
    guard case .refused(let failure) = try other.apply(late).unlock else {
      Issue.record("not refused")
      return
    }
    #expect(failure.code == .challengeGone && failure.number == .statusWord(0x6984))
    #expect(try other.key.token.pinStatus(other.key.admin).triesLeft == 10)
  }

  @Test func nothingIsSentWithoutConsent() throws {
    let one = try Case()
    let wrong = try pin("00000000")
    let new = try pin("97531864")
    for _ in 0..<7 {
      _ = one.key.token.unblockPIN(one.key.admin, admin: wrong, new: new, consent: .normal)
    }
    try one.challengeAnew()
    let response = try one.answer()
    #expect(try one.apply(response) == UnlockOutcome(unlock: .notSent(.tries(3))))
    // Not sent is not used.
    #expect(try one.apply(response, consent: .low) == UnlockOutcome(unlock: .unblocked, change: .changed))
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
    // It lies for days.
    #expect(try refusal(now: moment + 29 * 86_400) == nil)
    #expect(try refusal(now: moment + 30 * 86_400 + 1) == .unlockFileTime)
    #expect(try refusal(now: moment - 601) == .unlockFileTime)
    #expect(try refusal(serial: "OTHER") == .requestOtherKey)
    #expect(try refusal { $0.waitingKey = nil } == .unlockNotRemote)
    #expect(try refusal { $0.kind = .renew } == .unlockNotRemote)
    #expect(try refusal { $0.adminPIN?.isLocked = true } == .pinLocked)
  }

  /// The challenge lives minutes, and belongs to its request.
  @Test func theDeskRefusesAChallenge() throws {
    let one = try Case()
    let policy = DeskPolicy()
    let checked = try policy.check(one.waiting.document.bytes, serial: nil, now: moment)
    func refusal(now: Int64 = moment, _ change: (inout ChallengeTicket) -> Void = { _ in }) throws -> FailureCode? {
      var ticket = one.ticket
      change(&ticket)
      let text = try ticket.text()
      return code { _ = try policy.challenge(text, for: checked, now: now) }
    }
    #expect(try refusal() == nil)
    #expect(try refusal(now: moment + 900) == nil)
    #expect(try refusal(now: moment + 901) == .unlockFileTime)
    #expect(try refusal(now: moment - 601) == .unlockFileTime)
    #expect(try refusal { $0.request[0] ^= 1 } == .challengeOtherRequest)
    #expect(try refusal { $0.keySerial = "OTHER" } == .challengeOtherRequest)
    #expect(try refusal { $0.challenge.application = "OTHER" } == .challengeOtherRequest)
    #expect(try refusal { $0.challenge.profile = "unknown" } == .unlockNotRemote)
    // Mistyped, which its last characters show.
    let text = try one.ticket.text()
    let typed = text.replacing("DEMO-GM", with: "DEMO-GN")
    #expect(code { _ = try policy.challenge(typed, for: checked, now: moment) } == .unlockFileAltered)
    for bad in ["", "UKCHL2", text + "/", text + "0", text.lowercased(), "x" + text] {
      #expect(code { _ = try policy.challenge(bad, for: checked, now: moment) } != nil, "\(bad)")
    }
    #expect(try policy.challenge("  " + text + "\r\n", for: checked, now: moment) == one.ticket)
  }

  /// Of format 1, as the program before this one wrote it: read, shown, not answered.
  @Test func aRequestOfFormat1IsReadAndNotAnswered() throws {
    let old = try SealedDocument(sealing: [
      ("format", .string("\(UnlockRequest.format)")), ("version", .int(1)), ("kind", "unlock"),
      ("created", .int(Int(moment))), ("program", "ukey 0.9"),
      ("key", .object([("serial", "S1"), ("family", "gmt0017"), ("atr", "3b00")])), ("application", "A"),
      (
        "certificates",
        .array([
          .object([
            ("role", "signature"), ("container", "C"), ("serial", "0a"), ("issuer", "CN=CA"), ("subject", "CN=示例"),
            ("owner", "示例"), ("notBefore", .int(0)), ("notAfter", .int(1_900_000_000)),
          ])
        ])
      ),
      (
        "challenge",
        .object([
          ("profile", "A-lm"), ("application", "A"), ("applicationId", "1000"), ("random", "0102030405060708"),
        ])
      ), ("applicant", person.json),
    ]).bytes
    let request = try UnlockRequest.parse(old).request
    #expect(request.version == 1 && request.owner == "示例" && request.challenge != nil && request.waitingKey == nil)
    #expect(code { _ = try DeskPolicy().check(old, serial: nil, now: moment) } == .formatRetired)
  }

  /// The desk's certificate and key belong together, and nobody else reads the key.
  @Test func aDeskKeyThatCannotBeUsedIsTold() throws {
    let scratch = try Scratch()
    let one = try SampleDesk(scratch, "one")
    let two = try SampleDesk(scratch, "two")
    func refusal(_ key: String, _ certificate: String) -> FailureCode? {
      code { _ = try DeskKey(keyFile: key, certificateFile: certificate) }
    }
    #expect(refusal(one.keyFile, two.certificateFile) == .deskKey)
    #expect(refusal(one.keyFile, one.keyFile) == .deskKey)
    #expect(refusal(one.certificateFile, one.certificateFile) == .deskKey)
    #expect(refusal(scratch.path + "/none", one.certificateFile) == .deskKey)
    chmod(one.keyFile, 0o640)
    #expect(refusal(one.keyFile, one.certificateFile) == .deskKey)
    chmod(one.keyFile, 0o622)
    #expect(refusal(one.keyFile, one.certificateFile) == .pathUntrusted)
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
