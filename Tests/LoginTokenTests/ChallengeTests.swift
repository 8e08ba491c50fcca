import CertificateKit
import Failures
import LoginToken
import Testing

@Suite struct ChallengeTests {
  let origin: WebOrigin

  init() throws { origin = try require(WebOrigin("https://portal.example")) }

  @Test func keepsTheNewestUpToItsCapacity() throws {
    let store = MemoryChallengeStore()
    let challenges = Challenges(store)
    let first = try challenges.issue(for: origin, now: 1)
    for _ in 1..<MemoryChallengeStore.capacity { _ = try challenges.issue(for: origin, now: 2) }
    let last = try challenges.issue(for: origin, now: 2)
    #expect(throws: LoginRefusal.challengeUnknown) { try challenges.redeem(first.nonce, now: 3) }
    #expect(try challenges.redeem(last.nonce, now: 3) == last)
  }

  @Test func forgetsWhatIsPastItsTime() throws {
    let store = MemoryChallengeStore()
    let old = Challenge(nonce: try require(Nonce.random()), origin: origin, issued: 0)
    try store.insert(old)
    try store.insert(Challenge(nonce: try require(Nonce.random()), origin: origin, issued: 301))
    #expect(try store.take(old.nonce) == nil)
  }

  @Test func survivesClocksOfAnyKind() throws {
    let challenges = Challenges(MemoryChallengeStore())
    let challenge = try challenges.issue(for: origin, now: .min)
    #expect(throws: LoginRefusal.challengeExpired) { try challenges.redeem(challenge.nonce, now: .max) }
  }

  @Test(arguments: [
    "", "AAAA", String(repeating: "A", count: 44), String(repeating: "A", count: 42) + "==",
    String(repeating: "A", count: 43) + "\n", String(repeating: "A", count: 132), String(repeating: "é", count: 44),
  ])
  func takesOnlyNoncesThatAreLongEnough(_ text: String) {
    // 44 letters without padding are 33 bytes: enough.
    #expect((Nonce(text) != nil) == (text == String(repeating: "A", count: 44)))
  }

  @Test(arguments: [
    "https://portal.example", "https://portal.example:8443", "https://xn--fiqs8s.example", "http://127.0.0.1:9000",
    "http://localhost", "https://[::1]:9000", "https://a_b.example", "https://192.0.2.1",
  ])
  func takesOrigins(_ text: String) { #expect(WebOrigin(text)?.description == text) }

  @Test(arguments: [
    "", "null", "https://", "https://portal.example/", "https://portal.example:443", "https://Portal.example",
    "https://user@portal.example", "https://portal.example.", "http://portal.example", "ftp://portal.example",
    "https://portal.example:0", "https://portal.example:99999", "https://portal..example", "https://-a.example",
    "https://portal.example:", "https://中国.example", "https://portal.example\n", "https://[::1", "https://[zz]",
    "https://127.0.0.1.evil.example:", "file://", "https://a b", "http://127.0.0.1.example", "https://a:8:9",
    "https://" + String(repeating: "a", count: 300),
  ])
  func refusesOrigins(_ text: String) { #expect(WebOrigin(text) == nil) }
}
