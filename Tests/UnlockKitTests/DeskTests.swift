import Base
import Failures
import Foundation
import SoftToken
import Testing
import TokenKit

@testable import UnlockKit

/// Where the administrator PIN comes from, and for whom the desk answers.
@Suite struct DeskTests {
  private let secret = "0123456789abcdef0123456789abcdef"

  private func text(_ pin: borrowing PIN) -> String { pin.withBytes { String(decoding: $0, as: UTF8.self) } }

  /// Against `openssl mac -digest SM3 -macopt key:… HMAC` over the bytes of `Docs/unlock-format.md` §8.
  @Test func theDerivedPINIsTheDescribedOne() throws {
    let master = try AdminMaster(try pin(secret))
    #expect(text(try master.pin(issuer: "SZCA", serial: "E3000GM-00412")) == "MrZrUaqv1-EOqNQL")
    // Each key has its own; where issuer ends and serial begins is part of it.
    #expect(text(try master.pin(issuer: "SZCA", serial: "E3000GM-00413")) != "MrZrUaqv1-EOqNQL")
    #expect(text(try master.pin(issuer: "SZCAE", serial: "3000GM-00412")) != "MrZrUaqv1-EOqNQL")
    let derived = try master.pin(issuer: "", serial: "1")
    #expect(!PINRoom(derived).isWeak && PINPolicy.gmt.refusal(new: derived) == nil)
    #expect(code { _ = try AdminMaster(try pin("0123456789abcdef0123456789abcde")) } == .pinRule)
  }

  /// Set at issuing, a key is unlocked by an answer of the same secret, and by no other's.
  @Test(arguments: ["A-lm", "B-le"])
  func aKeyWithADerivedPINIsUnlocked(_ profile: String) throws {
    let key = try SoftKey(try #require(GMCardBehaviour.named(profile)))
    let device = try key.snapshot().device
    let issuer = device.issuer.value?.text ?? ""
    let old = try pin("12345678")
    let new = try AdminMaster(try pin(secret)).pin(issuer: issuer, serial: "DEMO-GM-00412")
    #expect(key.token.changePIN(key.admin, from: old, to: new, consent: .normal) == .changed)
    func outcome(_ secret: String) throws -> PINOutcome {
      let checked = try DeskPolicy().check(try key.request().sealed().bytes, serial: nil, now: moment)
      let challenge = try key.token.unlockChallenge(key.admin)
      let admin = AdminSecret.master(try AdminMaster(try pin(secret)))
      let temporary = try pin("24681357")
      let payload = try admin.payload(for: checked, challenge, new: temporary)
      return key.token.applyUnlock(payload, to: challenge, key.admin, consent: .normal)
    }
    #expect(try outcome(String(secret.reversed())) == .wrong(triesLeft: 9))
    #expect(try outcome(secret) == .unblocked)
    let temporary = try pin("24681357")
    #expect(key.token.verify(temporary, key.reference, consent: .normal) == .verified)
  }

  @Test func onlyIssuedKeysAreAnswered() throws {
    let scratch = try Scratch()
    let checked = try DeskPolicy().check(try SoftKey().request().sealed().bytes, serial: nil, now: moment)
    let certificate = try #require(checked.request.certificates.first)
    let right = IssuanceList.Entry(
      keySerial: checked.keySerial, certificateSerial: certificate.serial, owner: certificate.owner)
    func result(_ entries: [IssuanceList.Entry]) -> FailureCode? {
      code { try IssuanceList(Array(entries.map(\.line).joined().utf8), name: "x").check(checked) }
    }
    #expect(result([right]) == nil)
    #expect(result([]) == .notIssued)
    for path: WritableKeyPath<IssuanceList.Entry, String> in [\.keySerial, \.certificateSerial, \.owner] {
      var wrong = right
      wrong[keyPath: path] = "00"
      #expect(result([wrong]) == .notIssued)
      #expect(result([wrong, right]) == nil)
    }
    let path = scratch.path + "/issued"
    try IssuanceList.append([right], to: path)
    try IssuanceList.append([right], to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == right.line)
    #expect(code { try IssuanceList(file: path).check(checked) } == nil)
    for bad in ["one\n", "a\tzz\tb\n", "\t00\tb\n", "a\t00\tb\tc\n"] {
      #expect(code { _ = try IssuanceList(Array(bad.utf8), name: "x") } == .fileRead, "\(bad)")
    }
    #expect(code { _ = try IssuanceList(Array("# words\n\r\na\t00\tb\r\n".utf8), name: "x") } == nil)
  }
}
