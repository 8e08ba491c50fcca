import CertificateKit
import Failures
import Foundation
import SoftToken
import Testing
import TokenKit
import UnlockKit

@testable import RenewalKit

/// Answers that are not to be written, and orders that are not to be answered.
@Suite struct AnswerTests {
  /// Answers that do not belong to the order.
  @Test func wrongAnswers() throws {
    let errand = try EngineTests.Errand(.aLM)
    var engine = try errand.begin()
    let order = try errand.request(&engine)
    let other = try EngineTests.Errand(.aLM)
    var second = try other.begin()
    let foreign = try other.answer(try other.request(&second))
    func code(_ parts: [[UInt8]], now: Int64 = EngineTests.now + 60) -> FailureCode? {
      do throws(Failure) {
        var answer = IssuedAnswer()
        for part in parts { try answer.add(part) }
        _ = try engine.journal.check(answer, trust: nil, now: now)
        return nil
      } catch {
        return error.code
      }
    }
    let own = try errand.answer(order)
    var read = IssuedAnswer()
    try read.add(own)
    let (signature, encryption) = (read.certificates[0], read.certificates[1])
    let envelope = try #require(read.envelope)
    #expect(code([own]) == nil)
    #expect(code([foreign]) == .answerOtherKey)
    #expect(code([encryption]) == .answerOtherKey)
    #expect(code([signature]) == nil)
    #expect(code([signature, encryption]) == .answerPair)
    #expect(code([signature, envelope.der]) == .answerPair)
    #expect(code([own], now: EngineTests.now + 400 * 86_400) == .answerNotInDate)
    #expect(code([own], now: EngineTests.now - 86_400) == .answerNotInDate)
    // Enveloped to another key: only the key itself can find that out.
    var mixed = IssuedAnswer()
    try mixed.add(foreign)
    let wrong = IssuedAnswer.response(
      signature: [signature], encryption: (mixed.certificates[1], try #require(mixed.envelope)))
    try errand.accept(wrong, &engine)
    #expect(throws: Failure.self) { try errand.install(&engine) }
    // The right one still goes.
    try errand.accept(own, &engine)
    #expect(try errand.install(&engine).encryptionPair == true)
    // Once more, all is there: nothing is told as written.
    var steps: [RenewalStep] = []
    engine.progress = { steps.append($0) }
    _ = try errand.install(&engine)
    #expect(steps == [.container, .check])
    // Differences are told.
    var answer = IssuedAnswer()
    try answer.add(own)
    let differences = try engine.journal.check(answer, trust: nil, now: EngineTests.now + 60).differences
    #expect(differences.contains(.chain(.noTrustAnchors)) && !differences.contains(.noEncryptionPair))
    // One certificate for two: who agrees to that has been told.
    var half = IssuedAnswer()
    try half.add(signature)
    let lacking = try engine.journal.check(half, trust: nil, now: EngineTests.now + 60).differences
    #expect(lacking.contains(.noEncryptionPair))
  }

  /// A private key that does not fit its certificate is imported by a card that does not look, and found out by trying.
  @Test(arguments: EngineTests.behaviours) func wrongPrivateKeyIsFoundOut(_ behaviour: GMCardBehaviour) throws {
    let errand = try EngineTests.Errand(behaviour)
    var engine = try errand.begin()
    let order = try errand.request(&engine)
    let own = try errand.answer(order)
    var answer = IssuedAnswer()
    try answer.add(own)
    var envelope = try #require(answer.envelope)
    envelope.privateCipher[20] ^= 1
    let wrong = IssuedAnswer.response(
      signature: [answer.certificates[0]], encryption: (answer.certificates[1], envelope))
    try errand.accept(wrong, &engine)
    do {
      _ = try errand.install(&engine)
      Issue.record("not found out")
    } catch {
      #expect((error as? Failure)?.code == .answerPair)
    }
  }

  /// Who it speaks of, by whom, how long: each is told, and nothing is written before somebody has agreed.
  @Test func differencesFromTheOldCertificate() throws {
    let errand = try EngineTests.Errand(.aLM)
    var engine = try RenewalEngine.begin(
      .renew, keySerial: "DEMO-GM-00412", application: errand.key.application, old: errand.old,
      subject: CertificateDraft.name(country: "CN", organization: "另一家公司", commonName: "另一家公司"),
      offer: try errand.key.insert().renewalOffer(), request: nil, in: errand.scratch.state, now: EngineTests.now)
    let order = try errand.request(&engine)
    let short = IssuingDesk(
      issuer: errand.desk.issuer, folder: errand.scratch.path + "/short", days: 1)
    var answer = IssuedAnswer()
    try answer.add(
      try short.answer(order, document: try order.sealed(), now: EngineTests.now).bytes)
    let differences = try engine.journal.check(answer, trust: nil, now: EngineTests.now + 60).differences
    #expect(differences.map(\.name).sorted() == ["chain", "issuer", "notAfter", "owner"])
    #expect(differences.contains(.owner(old: errand.old.certificate.owner, new: "另一家公司")))
    // With the authority's own certificate among those that are trusted, the chain is none any more.
    guard case .privateAuthority(let authority) = errand.desk.issuer else { return }
    let trust = TrustDirectory(certificates: [authority.certificate])
    let trusted = try engine.journal.check(answer, trust: trust, now: EngineTests.now + 60).differences
    #expect(trusted.map(\.name).sorted() == ["issuer", "notAfter", "owner"])
  }

  /// The same part twice is one; two certificates for one key are a mixed-up answer.
  @Test func duplicates() throws {
    let errand = try EngineTests.Errand(.aLM)
    var engine = try errand.begin()
    let order = try errand.request(&engine)
    let own = try errand.answer(order)
    var twice = IssuedAnswer()
    try twice.add(own)
    try twice.add(own)
    _ = try engine.journal.check(twice, trust: nil, now: EngineTests.now + 60)
    let other = IssuingDesk(issuer: errand.desk.issuer, folder: errand.scratch.path + "/again")
    var mixed = IssuedAnswer()
    try mixed.add(own)
    var again = IssuedAnswer()
    try again.add(try other.answer(order, document: try order.sealed(), now: EngineTests.now).bytes)
    try mixed.add(again.certificates[0])
    do {
      _ = try engine.journal.check(mixed, trust: nil, now: EngineTests.now + 60)
      Issue.record("taken")
    } catch {
      #expect(error.code == .answerUnreadable)
    }
  }

  /// SM1 is not published: the envelope goes to the key as it came, and what the key says is told with the reason.
  @Test(arguments: EngineTests.behaviours) func sm1IsLeftToTheKey(_ behaviour: GMCardBehaviour) throws {
    let errand = try EngineTests.Errand(behaviour)
    var engine = try errand.begin()
    let own = try errand.answer(try errand.request(&engine))
    var answer = IssuedAnswer()
    try answer.add(own)
    var envelope = try #require(answer.envelope)
    envelope.algorithm = .sm1
    let sm1 = IssuedAnswer.response(
      signature: [answer.certificates[0]], encryption: (answer.certificates[1], envelope))
    try errand.accept(sm1, &engine)
    do {
      _ = try errand.install(&engine)
      Issue.record("a software card does not know SM1")
    } catch {
      let failure = try #require(error as? Failure)
      #expect(failure.code == .answerPair && failure.context == "SM1" && failure.function == "ImportECCKeyPair")
    }
    // It was the key that was asked, and that said no.
    let sent = errand.key.card.log.filter { $0.header.dropFirst().first == 0x72 }
    #expect(sent.count == 1 && sent.first?.statusWord != 0x9000)
    #expect(try errand.signs(errand.old.container, errand.old.certificate))
    // The same in SM4 still goes.
    try errand.accept(own, &engine)
    #expect(try errand.install(&engine).encryptionPair == true)
  }

  /// An answer of two RSA certificates: the second one's key would have to come along, and there is no known way for that.
  @Test func anRSAEncryptionPairIsRefused() throws {
    let authority = try TestCA.make()
    func certificate(_ usage: TestCertificate.Usage) throws -> [UInt8] {
      try authority.issue(
        .organization(
          name: GMSample.company, uscc: GMSample.companyCode, keyKind: .rsa2048, usage: usage,
          notBefore: EngineTests.now - 60, notAfter: EngineTests.now + 86_400)
      ).certificate
    }
    let (signature, encryption) = (try certificate(.signature), try certificate(.encryption))
    var journal = RenewalJournal(
      number: [UInt8](repeating: 1, count: 8), kind: .renew, created: EngineTests.now, keySerial: "1",
      application: "A", keyKind: .rsa2048, subject: [], request: nil, nameIsNumber: false)
    journal.pair = try Certificate(der: signature).publicKeyInfo()
    var answer = IssuedAnswer()
    try answer.add(signature)
    _ = try journal.check(answer, trust: nil, now: EngineTests.now)
    try answer.add(encryption)
    do {
      _ = try journal.check(answer, trust: nil, now: EngineTests.now)
      Issue.record("taken")
    } catch {
      #expect(error.code == .answerPair)
    }
  }

  @Test func ordersThatAreForged() throws {
    let errand = try EngineTests.Errand(.aLM)
    var engine = try errand.begin()
    let order = try errand.request(&engine)
    func code(_ change: (inout RenewalOrder) -> Void) throws -> FailureCode? {
      var forged = order
      change(&forged)
      let bytes = try forged.sealed().bytes
      do throws(Failure) {
        _ = try RenewalOrder.parse(bytes)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(try code { _ in } == nil)
    #expect(try code { $0.number[0] ^= 1 } == .orderForged)
    #expect(try code { $0.keySerial = "OTHER" } == .orderForged)
    #expect(try code { $0.created += 1 } == .orderForged)
    #expect(try code { $0.request = [UInt8](repeating: 1, count: 32) } == .orderForged)
    #expect(try code { $0.kind = .change } == .orderForged)
    #expect(try code { $0.old = nil } == .orderForged)
    #expect(try code { $0.old?.signature[10] ^= 1 } == .orderForged)
    #expect(try code { $0.keySerial = "A\nB" } == .unlockFileMalformed)
    var altered = try order.sealed().bytes
    altered[altered.count / 2] ^= 1
    #expect(throws: Failure.self) { try RenewalOrder.parse(altered) }
  }

  /// Same number, another pair: the desk has answered.
  @Test func anotherPairUnderTheSameNumberIsRefused() throws {
    let errand = try EngineTests.Errand(.aLM)
    var engine = try errand.begin()
    let order = try errand.request(&engine)
    _ = try errand.answer(order)
    var second = try errand.begin()
    var other = try errand.request(&second)
    other.number = order.number
    let document = try other.sealed()
    do {
      _ = try errand.desk.answer(other, document: document, now: EngineTests.now)
      Issue.record("answered twice")
    } catch {
      #expect(error.code == .orderAnswered)
    }
  }
}
