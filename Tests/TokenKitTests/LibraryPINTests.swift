import Failures
import Synchronization
import Testing

@testable import TokenKit

/// A module that answers as a script says: return values of each function, taken in turn; the last one stays.
private final class ScriptedModule: LibraryCaller {
  let library = LibraryFile(path: "/nowhere/module.so", kind: .pkcs11, limit: .seconds(20))
  private let flags: UInt64
  private let state: Mutex<(script: [P11Function: [UInt64]], calls: [P11Function], secrets: [Int], discards: Int)>

  init(flags: UInt64, _ script: [P11Function: [UInt64]] = [:]) {
    self.flags = flags
    state = Mutex((script, [], [], 0))
  }

  var calls: [P11Function] { state.withLock { $0.calls } }
  /// How many PINs went with each call that carried any.
  var secrets: [Int] { state.withLock { $0.secrets } }
  var discards: Int { state.withLock { $0.discards } }
  var restarts: Int { 0 }
  var run: Int? { 0 }

  func greeting() throws(Failure) -> HostReply { HostReply(.loaded) }
  func acquire() throws(Failure) {}
  func release() {}
  func discard() { state.withLock { $0.discards += 1 } }
  func abandon() {}

  func exchange(
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], name: String, takesTime: Bool
  ) -> HostProcess.Exchange {
    guard let function = P11Function(rawValue: request.function) else { return .reply(HostReply(.badRequest)) }
    let code = state.withLock { state -> UInt64 in
      state.calls.append(function)
      if [.login, .setPIN, .initPIN].contains(function) { state.secrets.append(secrets.count) }
      guard var codes = state.script[function], let code = codes.first else { return 0 }
      if codes.count > 1 { codes.removeFirst() }
      state.script[function] = codes
      return code
    }
    if function == .getTokenInfo {
      var bytes = [UInt8](repeating: 0x20, count: 96)
      bytes.append(littleEndian: flags)
      return .reply(HostReply(.returned, code: code, data: bytes + [UInt8](repeating: 0, count: 112)))
    }
    return .reply(HostReply(.returned, code: code, numbers: [7]))
  }
}

@Suite("PIN operations on PKCS#11 modules")
struct LibraryPINTests {
  /// Initialised, with a user PIN.
  private static let usual: UInt64 = 0x408
  private let reference = PINReference(application: P11Token.application, role: .user)

  private func token(_ module: ScriptedModule) -> P11Token {
    P11Token(source: TokenSource(provider: "pkcs11:/nowhere/module.so", reader: "A"), caller: module, slot: 1)
  }

  private func pin(_ text: String) throws -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }

  private func change(_ module: ScriptedModule) throws -> PINOutcome {
    token(module).changePIN(reference, from: try pin("123456"), to: try pin("7g2K9q"), consent: .normal)
  }

  @Test func aModuleThatWantsALoginGetsIt() throws {
    let module = ScriptedModule(flags: Self.usual, [.setPIN: [0x101, 0]])
    #expect(try change(module) == .changed)
    #expect(module.calls.filter { [.login, .setPIN].contains($0) } == [.setPIN, .login, .setPIN])
  }

  @Test func aWrongPINIsSentOnce() throws {
    let module = ScriptedModule(flags: Self.usual, [.setPIN: [0x101], .login: [0xA0]])
    #expect(try change(module) == .wrong(triesLeft: nil))
    #expect(module.calls.filter { [.login, .setPIN].contains($0) } == [.setPIN, .login])
  }

  @Test func otherRefusalsAreNotTriedAgain() throws {
    let module = ScriptedModule(flags: Self.usual, [.setPIN: [0xB5]])
    guard case .refused(let failure) = try change(module) else {
      Issue.record("not refused")
      return
    }
    #expect(PINRefusal(failure) == .again)
    #expect(!module.calls.contains(.login))
  }

  @Test func aLoginThatStaysEndsTheHost() throws {
    let module = ScriptedModule(flags: Self.usual, [.setPIN: [0x101, 0], .logout: [0x05]])
    #expect(try change(module) == .changed)
    #expect(module.discards == 1)
  }

  @Test func anExpiredPINIsRightAndHasToBeChanged() throws {
    let module = ScriptedModule(flags: Self.usual, [.login: [0xA3]])
    let outcome = token(module).verify(try pin("123456"), reference, consent: .normal)
    guard case .refused(let failure) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(PINRefusal(failure) == .expired)
  }

  @Test func withoutAPINNothingIsSent() throws {
    let module = ScriptedModule(flags: 0x400)
    let outcome = self.token(module).verify(try pin("123456"), reference, consent: .normal)
    #expect(outcome == .notSent(.failure(Failure(.pinNotSet))))
    let token = token(module)
    #expect(throws: Failure(.pinNotSet)) { try token.pinStatus(reference) }
    #expect(!module.calls.contains(.login))
    // The administrator's is another one: with it the first is set.
    let unblocked = token.unblockPIN(
      PINReference(application: P11Token.application, role: .admin), admin: try pin("12345678"), new: try pin("7g2K9q"),
      consent: .normal)
    #expect(unblocked == .unblocked)
  }

  @Test func whatIsTypedIsNotSentToAPINPad() throws {
    let module = ScriptedModule(flags: Self.usual | 0x100)
    guard case .supported(_, _, let policy) = try token(module).pinSupport() else {
      Issue.record("not supported")
      return
    }
    #expect(policy.padLimit == .seconds(20))
    let nothing = try PIN()
    let rules = [policy.refusal(current: nothing), policy.refusal(new: nothing)]
    #expect(rules == [nil, nil])
    let outcome = token(module).verify(nothing, reference, consent: .normal)
    #expect(outcome == .verified)
    #expect(module.secrets == [0])
  }

  @Test func refusalsByTheirNumbers() {
    func refusal(_ number: Failure.Number) -> PINRefusal { PINRefusal(Failure(.libraryRefused, number: number)) }
    #expect(refusal(.ckr(0xA2)) == .otherPIN && refusal(.sar(0x0A00_0027)) == .otherPIN)
    #expect(refusal(.ckr(0x102)) == .notSet && refusal(.sar(0x8010_0069)) == .again)
    #expect(PINRefusal(Failure(.commandRefused, number: .statusWord(0x6985))) == .otherPIN)
  }
}

@Suite("Waiting for a library")
struct EventPaceTests {
  @Test func aWaitThatReturnsAtOnceIsSlowedDown() {
    var pace = EventPace()
    let pauses = (0..<5).map { _ in pace.pause(wasWoken: true, foundChange: false) }
    #expect(pauses == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(2), .seconds(2)])
    // A key that comes or goes is followed at once, as is the first look.
    #expect(pace.pause(wasWoken: true, foundChange: true) == nil)
    #expect(pace.pause(wasWoken: true, foundChange: false) == .milliseconds(500))
    #expect(pace.pause(wasWoken: false, foundChange: false) == nil)
  }
}
