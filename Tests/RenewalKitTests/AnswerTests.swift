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
