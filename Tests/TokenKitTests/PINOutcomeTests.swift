import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// What is said when the answer to a command with a PIN does not say it.
@Suite struct PINOutcomeTests {
  private func pin(_ text: String) throws(Failure) -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }

  private func token(_ card: FaultCard) -> CardToken {
    let link = InProcessLink(card)
    card.onRemove = { [weak link] in link?.remove() }
    return CardToken(source: TokenSource(provider: "test", reader: "test"), link: link)
  }

  private func piv(_ settings: String, _ rule: String) throws -> FaultCard {
    let card = FaultCard(PIVCard(settings: try #require(PIVCardSettings(text: settings))))
    card.rules = [try #require(FaultRule(text: rule))]
    return card
  }

  private func gm(_ rule: String) throws -> FaultCard {
    let card = FaultCard(try GMCard.demo(.noContainer))
    card.rules = [try #require(FaultRule(text: rule))]
    return card
  }

  private let pivPIN = PINReference(application: "PIV", role: .user)
  private let gmPIN = PINReference(application: TokenName(GMSample.applicationName), role: .user)

  private func change(_ card: FaultCard, _ reference: PINReference, from old: String = "123456") throws -> PINOutcome {
    let old = try pin(old)
    let new = try pin("918273")
    return token(card).changePIN(reference, from: old, to: new, consent: .low)
  }

  @Test func aCardThatChangesThePINAndSaysItDidNot() throws {
    // The empty VERIFY tells: the old PIN was accepted. Nothing tells that the new one is in force.
    guard case .unknown(.change, _) = try change(try piv("tries=5", "ins=24,kind=status,sw=6700,when=after"), pivPIN)
    else {
      Issue.record("not unknown")
      return
    }
    // The default flag is gone.
    guard case .unknown(.change, _) = try change(try gm("ins=16,kind=status,sw=6A80,when=after"), gmPIN) else {
      Issue.record("not unknown")
      return
    }
  }

  @Test func aCheckingErrorLeavesEverythingAsItWas() throws {
    let outcome = try change(try piv("tries=5", "ins=24,kind=status,sw=6700"), pivPIN)
    #expect(
      outcome == .refused(Failure(.commandRefused, function: "CHANGE REFERENCE DATA", number: .statusWord(0x6700))))
  }

  /// PivApplet and OpenFIPS201 compare the old PIN, which then counts as verified, before they look at the new one.
  @Test(arguments: ["6A80", "6A86", "6985"]) func aRefusalAfterTheOldPINWasVerifiedIsARefusal(_ word: String) throws {
    let card = FaultCard(PIVCard(settings: try #require(PIVCardSettings(text: "tries=5,old-first=yes"))))
    if word != "6A80" { card.rules = [try #require(FaultRule(text: "ins=24,kind=status,sw=\(word),when=after"))] }
    let old = try pin("123456")
    let new = try pin("12345a")
    let outcome = token(card).changePIN(pivPIN, from: old, to: new, consent: .low)
    let number = try #require(UInt16(word, radix: 16))
    #expect(
      outcome == .refused(Failure(.commandRefused, function: "CHANGE REFERENCE DATA", number: .statusWord(number))))
    #expect(try token(card).pinStatus(pivPIN).triesLeft == 5)
  }

  @Test func aLostAnswerToAWrongPINIsReadFromTheCounter() throws {
    #expect(try change(try gm("ins=18,kind=truncated,when=after"), gmPIN, from: "654322") == .wrong(triesLeft: 9))
    #expect(
      try change(try piv("tries=5", "ins=24,kind=status,sw=1234,when=after"), pivPIN, from: "654322")
        == .wrong(triesLeft: 4))
  }

  @Test func anAnswerLostWithTheCardIsUnknown() throws {
    for rule in ["ins=24,kind=remove", "ins=24,kind=remove,when=after"] {
      let outcome = try change(try piv("tries=5", rule), pivPIN)
      guard case .unknown(.change, let failure) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(failure.code == .cardRemoved)
    }
  }

  @Test func lockedIsBelievedOnlyWithAnEmptyCounter() throws {
    let outcome = try change(try piv("tries=5", "ins=24,kind=status,sw=6983"), pivPIN)
    #expect(
      outcome == .refused(Failure(.commandRefused, function: "CHANGE REFERENCE DATA", number: .statusWord(0x6983))))
  }

  /// Another program has left the PIN verified, and the empty VERIFY says only that.
  @Test func triesAreToldOfACardLeftVerified() throws {
    let card = PIVCard(settings: try #require(PIVCardSettings(text: "tries=5")))
    _ = card.process([0x00, 0xA4, 0x04, 0x00, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00])
    #expect(card.process([0x00, 0x20, 0x00, 0x80, 0x08] + Array("123456".utf8) + [0xFF, 0xFF]) == [0x90, 0x00])
    let token = token(FaultCard(card))
    #expect(try token.pinStatus(pivPIN).triesLeft == 5)
  }
}
