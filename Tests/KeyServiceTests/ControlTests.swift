import Base
import CertificateKit
import Failures
import Foundation
import KeyService
import LoginToken
import StrictJSON
import Testing
import TokenKit

@Suite struct ControlTests {
  private func sign(_ window: Window, _ ticket: PromptTicket = PromptTicket()) throws -> Answer<Outcome> {
    let caller = try window.counter.caller()
    try window.counter.allow(caller)
    let answer = Answer<Outcome>()
    window.counter.desk.perform(
      .sign(SigningRequest(.current, Array("text".utf8), .bare)), function: "sign", for: caller, ticket
    ) { answer.set($0) }
    return answer
  }

  @Test func thePINStaysInTheManager() throws {
    let window = try Window()
    let answer = try sign(window)
    let asked = try window.type(Counter.pin)
    #expect(asked.question.origin == Counter.portal && asked.question.triesLeft == 10)
    #expect(asked.question.purpose == .signature(bytes: 4, preview: "text"))
    guard case .used(asked.id, Counter.portal, .signed(let signature)) = window.heard.next() else {
      Issue.record("not used")
      return
    }
    #expect(answer.wait() == .bytes(signature))
    guard case .ended(asked.id) = window.heard.next() else {
      Issue.record("not ended")
      return
    }
  }

  @Test func aWrongPINIsAskedForAgain() throws {
    let window = try Window()
    let answer = try sign(window)
    let first = try window.type("000000")
    guard case .used(first.id, _, .pin(.wrong(triesLeft: 9))) = window.heard.next(), case .ended = window.heard.next()
    else {
      Issue.record("not wrong")
      return
    }
    let second = try window.type(Counter.pin)
    #expect(second.question.previous == .wrong && second.question.triesLeft == 9 && second.id != first.id)
    #expect(answer.wait().isSuccess)
  }

  @Test func cancelledInTheManager() throws {
    let window = try Window()
    let answer = try sign(window)
    guard case .pin(let id, _) = window.heard.next() else { throw Missing() }
    window.link.say(.shown(id))
    window.link.say(.ended(id, .cancelled))
    #expect(answer.wait() == .refused(.cancelled))
    guard case .refused(.coolingDown) = try sign(window).wait() else {
      Issue.record("asked again at once")
      return
    }
  }

  @Test func aPageThatGoesEndsIt() throws {
    let window = try Window()
    let ticket = PromptTicket()
    let answer = try sign(window, ticket)
    guard case .pin(let id, _) = window.heard.next() else { throw Missing() }
    window.link.say(.shown(id))
    ticket.withdraw()
    guard case .withdrawn(id) = window.heard.next() else { throw Missing() }
    #expect(answer.wait() == .refused(.disconnected))
  }

  @Test func aManagerThatCannotShowItIsPassedOver() throws {
    let window = try Window()
    let answer = try sign(window)
    guard case .pin(let id, _) = window.heard.next() else { throw Missing() }
    window.link.say(.ended(id, .unavailable))
    // There is no other place here.
    #expect(answer.wait() == .refused(.noPrompt))
  }

  @Test func aManagerThatGoesRefuses() throws {
    let window = try Window()
    let answer = try sign(window)
    guard case .pin(let id, _) = window.heard.next() else { throw Missing() }
    window.link.say(.shown(id))
    // The service has read it when it answers what was said after it.
    window.link.say(.status(after: 0))
    guard case .status = window.heard.next() else { throw Missing() }
    window.link.stop()
    #expect(answer.wait() == .refused(.cancelled))
  }

  @Test func whatAManagerSaysOfOtherQuestionsIsNothing() throws {
    let window = try Window()
    for message in [ClientMessage.typed(99), .granted(98, .read), .outcome(97, .signed([1])), .ended(96, .cancelled)] {
      window.link.say(message)
    }
    let answer = try sign(window)
    _ = try window.type(Counter.pin)
    #expect(answer.wait().isSuccess)
  }

  @Test func whatASiteMayIsChosenInTheManager() throws {
    let window = try Window()
    let caller = try window.counter.caller()
    let answer = Answer<Refusal?>()
    window.counter.desk.admit(caller, wants: [.read, .login], PromptTicket()) { answer.set($0) }
    guard case .permit(let id, let question) = window.heard.next() else { throw Missing() }
    #expect(question.permissions == [.read, .login])
    window.link.say(.shown(id))
    window.link.say(.granted(id, [.read, .login, .sign]))
    #expect(answer.wait() == nil)
    // More than was asked is not given.
    #expect(window.counter.grants.permissions(of: caller.origin, through: "ukey") == [.read, .login])
  }

  @Test func commandsAndState() throws {
    let window = try Window()
    let origin = try require(Counter.portal)
    try window.counter.allow(try window.counter.caller())
    let client = try ControlClient(window.session.files)
    #expect(try client.status().grants.map(\.origin) == [origin])
    #expect(try client.carryOut(.revoke(origin)))
    #expect(try !client.carryOut(.revoke(origin)))
    #expect(try client.status().grants.isEmpty)
    // The manager that waits hears of it.
    window.link.say(.status(after: try client.status().revision))
    window.control.set([ServiceStatus.Port(adapter: "ukey", number: 1, isTLS: false, address: "::1", state: .taken)])
    guard case .status(let status) = window.heard.next() else { throw Missing() }
    #expect(status.ports.map(\.state) == [.taken])
  }

  @Test func oneServiceASession() throws {
    let window = try Window()
    let path = try require(window.session.files.control)
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    do throws(Failure) {
      _ = try ServiceControl(path: path) { _ in }
      Issue.record("a second one")
    } catch {
      #expect(error.code == .keyServiceRunning)
    }
    // One that was left behind is no obstacle.
    window.control.stop()
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    _ = try ServiceControl(path: path) { _ in }
  }

  @Test func noServiceIsSaidAsSuch() throws {
    let session = try SessionFolder()
    #expect(throws: Failure.self) { try ControlClient(session.files) }
    #expect(throws: Failure.self) { try ControlClient(ServiceFiles(state: "/nowhere", runtime: nil)) }
  }

  @Test func aManagerFindsAServiceThatComesLater() throws {
    let session = try SessionFolder()
    let (link, heard) = (try ManagerLink(session.files), Heard())
    link.start { heard.put($0) }
    let counter = try Counter()
    let path = try require(session.files.control)
    for _ in 0..<2 {
      let control = try ServiceControl(path: path) { _ in }
      control.start(counter.desk)
      guard case .connected = heard.next() else { throw Missing() }
      control.stop()
      guard case .disconnected = heard.next() else { throw Missing() }
    }
    link.stop()
  }

  // MARK: What crosses

  @Test func everyMessageComesBackAsItWas() throws {
    let counter = try Counter()
    let site = try require(Counter.portal)
    let question = PINQuestion(
      origin: site, purpose: .signature(bytes: 3, preview: "a\u{202E}b"), certificate: try counter.holder,
      triesLeft: nil,
      consent: .low, previous: .notSent(.tooLong(maximum: 16)))
    let failure = Failure(.cardRemoved, function: "SCardTransmit", number: .scard(0x8010_0069), context: "读卡器")
    let service: [ServiceMessage] = [
      .welcome(version: "3.1.0"),
      .permit(1, PermissionQuestion(origin: site, adapter: "xtx", permissions: [.read, .sign])),
      .pin(2, question), .withdraw(3), .verify(4), .sign(5, [0, 255, 10]), .end(6), .openPINChange(7, site),
      .done(true),
    ]
    for message in service { #expect(ServiceMessage(try JSONValue(parsing: Array(message.json.line.utf8))) == message) }
    let outcomes: [SignOutcome] =
      [.signed([1, 2])]
      + [
        .verified, .wrong(triesLeft: 3), .wrong(triesLeft: nil), .locked, .refused(failure), .unknown(.verify, failure),
        .notSent(.rule(.empty)), .notSent(.tries(2)), .notSent(.noProfile), .notSent(.otherKey),
        .notSent(.failure(failure)),
      ].map { .pin($0) }
    let client: [ClientMessage] =
      [
        .manager, .shown(1), .granted(2, [.read]), .typed(3), .ended(4, .timedOut), .status(after: 9), .revoke(site),
        .allowFewTries(site), .reload, .stop,
      ] + outcomes.map { .outcome(5, $0) }
    for message in client { #expect(ClientMessage(try JSONValue(parsing: Array(message.json.line.utf8))) == message) }
    for number in [
      Failure.Number.statusWord(0x6A82), .sar(0x0A00_0024), .ckr(0x8000_0000_0000_0001), .errno(13), .openssl(1 << 63),
    ] {
      let outcome = SignOutcome.pin(.refused(Failure(.commandRefused, function: "f", number: number)))
      let message = ClientMessage.outcome(1, outcome)
      #expect(ClientMessage(try JSONValue(parsing: Array(message.json.line.utf8))) == message)
    }
  }

  @Test func anythingElseIsNoMessage() throws {
    for text in [
      "{}", "[]", "1", #"{"say":1}"#, #"{"say":"pin","id":1}"#, #"{"say":"sign","message":"*"}"#,
      #"{"say":"permit","origin":"http://x","adapter":"ukey","may":[]}"#, #"{"say":"status","status":{}}"#,
      #"{"say":"outcome","id":1,"outcome":{"kind":"unknown"}}"#, #"{"say":"ended","id":1,"why":"bored"}"#,
      #"{"say":"revoke","origin":"null"}"#, #"{"say":"welcome","version":"1"}"#,
    ] {
      let json = try JSONValue(parsing: Array(text.utf8))
      #expect(ServiceMessage(json) == nil, "\(text)")
      #expect(ClientMessage(json) == nil || text.contains("\"status\""), "\(text)")
    }
  }
}
