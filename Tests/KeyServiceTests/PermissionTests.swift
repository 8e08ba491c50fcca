import Foundation
import KeyService
import LoginToken
import Testing

@Suite struct PermissionTests {
  @Test func asksAStrangerOnceAndRemembersTheAnswer() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    counter.prompt.script(.grant)
    #expect(counter.admit(caller) == nil)
    #expect(counter.admit(caller) == nil)
    #expect(counter.prompt.permissions.map(\.permissions) == [[.read, .login]])
    #expect(counter.grants.permissions(of: caller.origin, through: "ukey") == [.read, .login])
    // Another interface, another origin: asked anew.
    counter.prompt.script(.deny, .grant)
    #expect(counter.admit(try counter.caller(adapter: "szca")) == .notPermitted)
    #expect(counter.admit(try counter.caller(Counter.evil)) == nil)
  }

  @Test func asksForMoreWhenMoreIsWanted() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    try counter.allow(caller, [.read])
    counter.prompt.script(.grant, .type(Counter.pin))
    let outcome = counter.perform(.sign(SigningRequest(.current, Array("x".utf8), .bare)), caller)
    #expect(outcome.isSuccess)
    #expect(counter.prompt.permissions.map(\.permissions) == [.sign])
  }

  @Test func keepsAPageFromAskingAgainAndAgain() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    counter.prompt.script(.cancel, .cancel, .timeOut, .grant)
    #expect(counter.admit(caller) == .cancelled)
    #expect(counter.admit(caller) == .coolingDown(seconds: 30))
    counter.advance(29)
    #expect(counter.admit(caller) == .coolingDown(seconds: 1))
    counter.advance(1)
    #expect(counter.admit(caller) == .cancelled)
    #expect(counter.admit(caller) == .coolingDown(seconds: 300))
    counter.advance(300)
    #expect(counter.admit(caller) == .timedOut)
    #expect(counter.admit(caller) == .coolingDown(seconds: 300))
    // Another site is not held to that.
    #expect(counter.admit(try counter.caller(Counter.evil)) == nil)
    #expect(counter.prompt.permissions.count == 4)
  }

  /// One site has as many names as it likes: refusing each of them once is no end.
  @Test func keepsASiteOfManyNamesFromAskingOnAndOn() throws {
    let counter = try Counter()
    let known = try counter.caller()
    try counter.allow(known, [.read])
    func stranger(_ number: Int) throws -> Refusal? {
      counter.admit(try counter.caller(WebOrigin("https://a\(number).evil.example")))
    }
    counter.prompt.script(.cancel, .timeOut, .cancel, .grant, .cancel, .cancel, .grant)
    #expect(try stranger(1) == .cancelled)
    #expect(try stranger(2) == .timedOut)
    #expect(try stranger(3) == .cancelled)
    #expect(try stranger(4) == .coolingDown(seconds: 300))
    counter.advance(299)
    #expect(try stranger(5) == .coolingDown(seconds: 1))
    // A site that the holder knows goes on; the second of its prompts is for the PIN.
    let more = SigningRequest(.current, Array("x".utf8), .bare)
    _ = counter.perform(.sign(more), known)
    #expect(counter.grants.permissions(of: known.origin, through: "ukey").contains(.sign))
    counter.advance(1)
    #expect(try stranger(6) == .cancelled)
    #expect(try stranger(7) == nil)
    #expect(counter.prompt.permissions.count == 6)
  }

  @Test func saysWhenThereIsNowhereToAsk() throws {
    let counter = try Counter(isPromptReady: false)
    #expect(counter.admit(try counter.caller()) == .noPrompt)
    let other = try Counter()
    other.prompt.script(.unavailable)
    #expect(other.admit(try other.caller()) == .noPrompt)
  }

  @Test func opensOnePromptAtATime() throws {
    let counter = try Counter()
    let caller = try counter.caller()
    counter.prompt.script(.wait)
    let ticket = PromptTicket()
    let first = Answer<Refusal?>()
    counter.desk.admit(caller, wants: .read, ticket) { first.set($0) }
    counter.prompt.waitUntilAsked()
    #expect(counter.admit(try counter.caller(Counter.evil)) == .promptBusy)
    #expect(counter.admit(caller) == .promptBusy)
    ticket.withdraw()
    #expect(first.wait() == .disconnected)
    // One that ran away has to wait too.
    #expect(counter.admit(caller) == .coolingDown(seconds: 30))
  }

  @Test func keepsGrantsInAFileOfItsOwn() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ukey-grants-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("origins.json").path
    let (portal, evil) = (try require(Counter.portal), try require(Counter.evil))
    let book = try GrantBook(path: path)
    try book.add(Grant(origin: portal, adapter: "ukey", permissions: .read, granted: 1))
    try book.add(Grant(origin: portal, adapter: "ukey", permissions: .login, granted: 2))
    try book.add(Grant(origin: evil, adapter: "szca", permissions: .sign, granted: 3))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let again = try GrantBook(path: path)
    #expect(again.all == book.all)
    #expect(again.permissions(of: portal, through: "ukey") == [.read, .login])
    #expect(again.permissions(of: portal, through: "szca") == [])
    #expect(try again.revoke(portal))
    #expect(try !again.revoke(portal))
    // The other one sees it by itself.
    #expect(book.all.map(\.origin) == [evil])

    try Data(#"{"schema":"ukey.service-origins/2"}"#.utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: (any Error).self) { try GrantBook(path: path) }
    #expect(book.all.map(\.origin) == [evil])
  }
}
