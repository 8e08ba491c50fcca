import Failures
import Testing

@testable import SoftToken

/// VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER and their counters (SP 800-73-4 part 2, 3.2.1 to 3.2.3).
@Suite struct PIVPINTests {
  @Test func emptyVerifyTellsAndBurnsNothing() throws {
    let host = try PIVHost()
    for _ in 0..<5 { #expect(host.send(PIVHost.emptyVerify) == "63c3") }
    #expect(host.send(PIVHost.emptyVerify + "00") == "63c3")
    #expect(host.verify("123456") == "9000")
    #expect(host.send(PIVHost.emptyVerify) == "9000")
    #expect(host.send("00 20 FF 80") == "9000")
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
    #expect(host.send("00 20 FF 80 08 31 32 33 34 35 36 FF FF") == "6700")
    #expect(host.send("00 20 01 80") == "6a86")
    #expect(host.send("00 20 00 00") == "6a88")
    #expect(host.send("00 20 00 81") == "6a88")
  }

  @Test(arguments: [("", "6983"), ("blocked=63C0", "63c0")]) func wrongPINsBlock(settings: String, blocked: String)
    throws
  {
    let host = try PIVHost(settings)
    #expect(host.verify("111111") == "63c2")
    #expect(host.verify("123456") == "9000")
    #expect(host.verify("111111") == "63c2")
    #expect(host.send(PIVHost.emptyVerify) == "63c2")
    #expect(host.verify("111111") == "63c1")
    #expect(host.verify("111111") == blocked)
    #expect(host.send(PIVHost.emptyVerify) == blocked)
    #expect(host.verify("123456") == "6983")
    #expect(host.change("80", "123456", "654321") == "6983")
  }

  @Test func triesAreASetting() throws {
    #expect(try PIVHost("tries=5").send(PIVHost.emptyVerify) == "63c5")
    #expect(try PIVHost("tries=15").send(PIVHost.emptyVerify) == "63cf")
  }

  @Test func malformedPIN() throws {
    let bad = ["12345", "1234567a", "abcdef", ""]
    for pin in bad {
      let (refusing, counting) = (try PIVHost(), try PIVHost("malformed=63CX"))
      #expect(refusing.verify(pin) == "6a80")
      #expect(refusing.send(PIVHost.emptyVerify) == "63c3")
      #expect(counting.verify(pin) == "63c2")
      #expect(counting.send(PIVHost.emptyVerify) == "63c2")
    }
    let host = try PIVHost()
    #expect(host.send("00 20 00 80 06 31 32 33 34 35 36") == "6a80")
    #expect(host.send("00 20 00 80 08 31 32 33 FF 34 35 36 FF") == "6a80")
    #expect(try PIVHost("min-pin=4").change("80", "123456", "4321") == "9000")
    #expect(try PIVHost("digits=no").change("80", "123456", "abcdef") == "9000")
  }

  @Test func changePIN() throws {
    let host = try PIVHost()
    #expect(host.change("80", "111111", "654321") == "63c2")
    #expect(host.change("80", "123456", "12") == "6a80")
    #expect(host.send(PIVHost.emptyVerify) == "63c2")
    #expect(host.change("80", "123456", "654321") == "9000")
    // Verified and all tries back (3.2.2).
    #expect(host.send(PIVHost.emptyVerify) == "9000")
    host.card.reset()
    _ = host.send(PIVHost.selectCommand)
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
    #expect(host.verify("123456") == "63c2")
    #expect(host.verify("654321") == "9000")
    #expect(host.send("00 24 00 80 08 31 32 33 34 35 36 FF FF") == "6a80")
    #expect(host.send("00 24 01 80") == "6a86")
    #expect(host.send("00 24 00 00") == "6a88")
  }

  @Test func changePUKAndUnblock() throws {
    let host = try PIVHost()
    for _ in 0..<3 { _ = host.verify("111111") }
    #expect(host.change("81", "12345678", "87654321") == "9000")
    #expect(host.unblock("12345678", "222222") == "63c2")
    #expect(host.unblock("87654321", "22") == "6a80")
    #expect(host.unblock("87654321", "222222") == "9000")
    // The PIN is usable again but not verified by this (3.2.3).
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
    #expect(host.verify("222222") == "9000")
    for _ in 0..<2 { _ = host.unblock("00000000", "333333") }
    #expect(host.unblock("00000000", "333333") == "6983")
    #expect(host.unblock("87654321", "333333") == "6983")
    #expect(host.change("81", "87654321", "12345678") == "6983")
  }

  @Test func selectingAgain() throws {
    let (keeping, losing) = (try PIVHost(), try PIVHost("reselect=lose"))
    for host in [keeping, losing] { #expect(host.verify("123456") == "9000") }
    _ = keeping.send(PIVHost.selectCommand)
    _ = losing.send(PIVHost.selectCommand)
    #expect(keeping.send(PIVHost.emptyVerify) == "9000")
    #expect(losing.send(PIVHost.emptyVerify) == "63c3")
    keeping.card.reset()
    _ = keeping.send(PIVHost.selectCommand)
    #expect(keeping.send(PIVHost.emptyVerify) == "63c3")
  }

  @Test func stateIsSavedBeforeTheAnswer() throws {
    let store = FailingStore()
    let host = PIVHost(card: try PIVCard(store: store))
    let before = store.saves
    #expect(host.verify("111111") == "63c2")
    #expect(store.saves == before + 1)
    let again = PIVHost(card: try PIVCard(store: store))
    #expect(again.send(PIVHost.emptyVerify) == "63c2")
    #expect(again.verify("123456") == "9000")
    #expect(PIVHost(card: try PIVCard(store: store)).send(PIVHost.emptyVerify) == "63c3")
  }

  @Test func memoryFailureChangesNothing() throws {
    let store = FailingStore()
    let host = PIVHost(card: try PIVCard(store: store))
    store.isFailing = true
    #expect(host.verify("111111") == "6581")
    #expect(host.change("80", "123456", "654321") == "6581")
    #expect(host.unblock("12345678", "654321") == "6581")
    store.isFailing = false
    #expect(host.send(PIVHost.emptyVerify) == "63c3")
    #expect(host.verify("123456") == "9000")
  }

  @Test func foreignStateIsRefused() throws {
    let store = FailingStore()
    store.block = [1, 2, 3]
    #expect(throws: Failure(.softTokenState, context: "PIV state")) { try PIVCard(store: store) }
  }

  @Test func stateRoundTrip() throws {
    var state = PIVState(tries: 5)
    state.pin.triesLeft = 0
    state.objects = [0x5F_C105: [UInt8](repeating: 3, count: 70_000), 0x7E: []]
    state.keys = [0x9A: PIVState.Key(algorithm: 0x11, pkcs8: [1, 2, 3])]
    #expect(PIVState(encoded: state.encoded()) == state)
    let bytes = PIVState(tries: 3).encoded()
    for count in 0..<bytes.count { #expect(PIVState(encoded: Array(bytes.prefix(count))) == nil) }
  }
}
