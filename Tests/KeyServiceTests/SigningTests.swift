import CertificateKit
import Failures
import KeyService
import LoginToken
import SmartCard
import SoftToken
import Testing
import TokenKit

@Suite struct SigningTests {
  private let text = Array("challenge".utf8)

  private func bytes(_ outcome: Outcome) throws -> [UInt8] {
    guard case .bytes(let bytes) = outcome else { throw Missing() }
    return bytes
  }

  @Test func signsInEveryForm() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller)
    let certificate = try counter.holder.certificate.der
    for form in [SigningRequest.Form.bare, .rs, .signedData(isDetached: true), .signedData(isDetached: false)] {
      counter.prompt.script(.type(Counter.pin))
      let signature = try bytes(counter.perform(.sign(SigningRequest(.current, text, form)), caller))
      let plain: PlainSignature =
        if case .signedData = form { .signedData(signature) } else {
          .bare(signature, certificate: certificate, digest: nil)
        }
      #expect(try plain.verify(content: text).signer.der == certificate)
      #expect(counter.perform(.verify(VerifyRequest(plain, content: text)), caller) == .flag(true))
      #expect(counter.perform(.verify(VerifyRequest(plain, content: text + [1])), caller) == .flag(false))
      if form == .rs { #expect(signature.count == 64) }
    }
    let asked = counter.prompt.pins
    #expect(asked.count == 4)
    #expect(asked.first?.origin == Counter.portal)
    #expect(asked.first?.purpose == .signature(bytes: 9, preview: "challenge"))
    #expect(asked.first?.triesLeft == 10)
  }

  @Test func makesALoginTokenForThePagesOwnOrigin() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller, [.read, .login])
    let origin = caller.origin
    let store = MemoryChallengeStore()
    let challenge = try Challenges(store).issue(for: origin, now: 1_800_000_000)
    counter.prompt.script(.type(Counter.pin))
    guard case .token(let token) = counter.perform(.loginToken(.current, challenge.nonce), caller) else {
      Issue.record("no token")
      return
    }
    #expect(counter.prompt.pins.map(\.purpose) == [.login])
    let message = try LoginToken.signedBytes(
      origin: origin, nonce: challenge.nonce, certificate: try counter.holder.certificate)
    try token.certificate.verify(token.signature, of: message)
  }

  @Test func asksAgainAfterAWrongPINUntilFewTriesAreLeft() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller)
    let sign = Operation.sign(SigningRequest(.current, text, .bare))
    counter.prompt.script(.type("1"), .type("654321"), .type(Counter.pin))
    // One that is too long is not sent.
    #expect(counter.perform(sign, caller).isSuccess)
    let asked = counter.prompt.pins
    #expect(asked.map(\.triesLeft).last == 9 || asked.map(\.triesLeft).last == 8)
    #expect(asked.last?.previous == .wrong)

    // Down to two tries, each typed by the holder.
    counter.prompt.script(
      .type("654321"), .type("654321"), .type("654321"), .type("654321"), .type("654321"), .type("654321"),
      .type("654321"), .type("654321"), .type("654321"))
    #expect(counter.perform(sign, caller) == .refused(.pinWrong(triesLeft: 2)))
    #expect(counter.prompt.pins.last?.consent == .low)
    let count = counter.prompt.pins.count
    // From now on no page makes a prompt appear, and no try is touched.
    #expect(counter.perform(sign, caller) == .refused(.fewTries(2)))
    #expect(counter.perform(.unlock(.current), caller) == .refused(.fewTries(2)))
    #expect(counter.prompt.pins.count == count)
    #expect(counter.perform(.triesLeft(.current), caller) == .number(2))
  }

  /// The key has said how many tries are left: that it cannot be asked at that moment turns nobody away.
  @Test func asksAgainWhereTheKeyIsBusyAfterAWrongPIN() throws {
    let card = BusyAfterWrongPIN(try GMCard.demo())
    let counter = try Counter(card: card)
    let caller = try counter.caller()
    try counter.allow(caller)
    counter.prompt.script(.type("654321"), .type(Counter.pin))
    #expect(counter.perform(.sign(SigningRequest(.current, text, .bare)), caller).isSuccess)
    #expect(card.refusals == 2)
    #expect(counter.prompt.pins.map(\.previous) == [nil, .wrong] && counter.prompt.pins.last?.triesLeft == 9)
  }

  @Test func keepsThePINOfAPagesLoginForOneSignature() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller)
    let sign = Operation.sign(SigningRequest(.current, text, .bare))
    counter.prompt.script(.type(Counter.pin), .cancel)
    #expect(counter.perform(.isUnlocked(.current), caller) == .flag(false))
    #expect(counter.perform(.unlock(.current), caller) == .flag(true))
    #expect(counter.perform(.isUnlocked(.current), caller) == .flag(true))
    #expect(counter.perform(sign, caller).isSuccess)
    #expect(counter.prompt.pins.map(\.purpose) == [.session(seconds: 120)])
    #expect(counter.perform(.isUnlocked(.current), caller) == .flag(false))
    // The second one is asked for.
    #expect(counter.perform(sign, caller) == .refused(.cancelled))
  }

  @Test func endsAPINThatWasKept() throws {
    let counter = try Counter()
    let (caller, other) = (try counter.caller(), try counter.caller(Counter.evil))
    try counter.allow(caller)
    try counter.allow(other)
    let sign = Operation.sign(SigningRequest(.current, text, .bare))
    func unlock() {
      counter.prompt.script(.type(Counter.pin))
      #expect(counter.perform(.unlock(.current), caller) == .flag(true))
      counter.prompt.script(.cancel)
    }
    unlock()
    // Another site has nothing of it.
    #expect(counter.perform(sign, other) == .refused(.cancelled))
    counter.advance(120)
    #expect(counter.perform(sign, caller) == .refused(.cancelled))
    counter.advance(1000)
    unlock()
    #expect(counter.perform(.lock, caller) == .flag(true))
    #expect(counter.perform(sign, caller) == .refused(.cancelled))
    counter.advance(1000)
    unlock()
    counter.shelf.take(.removed(try counter.holder.source))
    #expect(counter.perform(sign, caller) == .refused(.keyMissing))
  }

  /// The page that logged in never comes back: nothing but time ends what was kept.
  @Test func wipesAPINThatNobodyComesBackFor() throws {
    let counter = try Counter()
    let callers = [try counter.caller(), try counter.caller(Counter.evil)]
    func unlock(_ caller: Caller) throws {
      try counter.allow(caller)
      counter.prompt.script(.type(Counter.pin))
      #expect(counter.perform(.unlock(.current), caller) == .flag(true))
    }
    try unlock(callers[0])
    counter.advance(60)
    try unlock(callers[1])
    #expect(counter.prompt.wiped == 0)
    counter.advance(60)
    counter.prompt.waitUntilWiped(1)
    #expect(counter.prompt.wiped == 1)
    counter.advance(60)
    counter.prompt.waitUntilWiped(2)
    // After a time in which none was kept, too.
    try unlock(callers[0])
    counter.advance(120)
    counter.prompt.waitUntilWiped(3)
  }

  @Test func endsThePromptWhenThePageOrTheKeyGoes() throws {
    for isKey in [false, true] {
      let counter = try Counter()
      let caller = try counter.caller()
      try counter.allow(caller)
      counter.prompt.script(.wait)
      let ticket = PromptTicket()
      let answer = Answer<Outcome>()
      counter.desk.perform(
        .sign(SigningRequest(.current, text, .bare)), function: "sign", for: caller, ticket
      ) { answer.set($0) }
      counter.prompt.waitUntilAsked()
      if isKey { counter.shelf.take(.removed(try counter.holder.source)) } else { ticket.withdraw() }
      #expect(answer.wait() == .refused(.disconnected))
    }
  }

  @Test func signsNothingThatMeansMoreElsewhere() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller)
    let certificate = try counter.holder.certificate
    let der = certificate.der
    // The body of a certificate, as its CA signs it.
    let body = Array(der[4..<(4 + 4 + Int(der[6]) << 8 + Int(der[7]))])
    let builder = try SignedDataBuilder(
      text, signer: certificate, form: .init(dialect: .cms, hasAttributes: true, isDetached: true))
    let cases: [(String, [UInt8])] = [
      ("data-empty", []), ("data-too-large", [UInt8](repeating: 0x41, count: FreeData.limit + 1)),
      ("data-certificate", body), ("data-certificate", body + [0]),
      ("data-signed-attributes", builder.input),
      ("data-tls", [UInt8](repeating: 0x20, count: 64) + Array("TLS 1.3, client CertificateVerify\0".utf8)),
      ("data-login-token", Array("ukey:1 login\norigin https://bank.example\n".utf8)),
      ("data-statement", Array("ukey-renewal/1\norder 0123456789abcdef\nkind renew\n".utf8)),
      ("data-ssh", [0, 0, 0, 32] + [UInt8](repeating: 7, count: 32) + Array("2\0\0\0\u{9}publickey".utf8)),
      ("data-ssh", Array("SSHSIG\0\0\0\u{4}file".utf8)),
      ("data-foreign-origin", Array(#" {"type":"webauthn.get","origin":"https://bank.example"}"#.utf8)),
    ]
    for (name, data) in cases {
      for form in [SigningRequest.Form.bare, .signedData(isDetached: false)] {
        #expect(counter.perform(.sign(SigningRequest(.current, data, form)), caller).refusal?.name == name)
      }
    }
    #expect(counter.prompt.pins.isEmpty)
    counter.prompt.script(.type(Counter.pin))
    let own = Array(#"{"origin":"https://portal.example"}"#.utf8)
    #expect(counter.perform(.sign(SigningRequest(.current, own, .bare)), caller).isSuccess)
  }

  @Test func logsWhatWasAskedAndNotWhatItWas() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller)
    _ = counter.perform(.sign(SigningRequest(.current, text, .bare)), caller, function: "SOF_SignData")
    #expect(
      counter.log.entries == [
        LogEntry(
          time: 1_800_000_000, origin: "https://portal.example", adapter: "ukey", function: "SOF_SignData",
          outcome: "cancelled")
      ])
    #expect(counter.perform(.lastRefusal, caller) == .last(.cancelled))
  }
}

/// Answers a wrong PIN with the tries left, and does not tell of them when it is asked right after that.
private final class BusyAfterWrongPIN: SoftCard {
  private let card: any SoftCard
  private(set) var refusals = 0
  private var refuses = 0

  init(_ card: any SoftCard) { self.card = card }

  var atr: [UInt8] { card.atr }
  func reset() { card.reset() }

  func process(_ command: [UInt8]) -> [UInt8] {
    // GetPINInfo: by who used the PIN, and by who asks for the next one.
    if refuses > 0, command.count > 1, command[1] == 0x14 {
      refuses -= 1
      refusals += 1
      return [0x6F, 0x00]
    }
    let answer = card.process(command)
    if answer.count == 2, answer[0] == 0x63 { refuses = 2 }
    return answer
  }
}
