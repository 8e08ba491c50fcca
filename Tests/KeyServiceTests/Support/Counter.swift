import Base
import CertificateKit
import Failures
import KeyService
import LoginToken
import SmartCard
import SoftToken
import Synchronization
import TokenKit

/// A service with a software token in its one reader and a holder by script, at a clock of its own.
final class Counter: Sendable {
  let shelf = KeyShelf()
  let hub: KeyHub
  let prompt: ScriptedPrompt
  let grants: GrantBook
  let desk: ServiceDesk
  let log = RequestLog()
  private let box: ClockBox
  private let arrived = Condition()

  static let pin = "123456"
  static let portal = WebOrigin("https://portal.example")
  static let evil = WebOrigin("https://evil.example")

  /// - Parameters:
  ///   - card: what is in the reader; the demonstration's token by default.
  ///   - prompts: in place of the holder by script.
  init(
    card: (any SoftCard)? = nil, path: String? = nil, isPromptReady: Bool = true, prompts: [any PromptProvider]? = nil
  ) throws {
    let card: any SoftCard = if let card { card } else { try GMCard.demo() }
    let provider = try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("Reader", card)]))
    hub = KeyHub(providers: [provider])
    prompt = ScriptedPrompt(hub, isReady: isPromptReady)
    grants = try GrantBook(path: path)
    let box = ClockBox()
    desk = ServiceDesk(
      keys: shelf, operations: hub, grants: grants, prompts: prompts ?? [prompt], log: log,
      clock: ServiceClock(monotonic: { box.now }, wall: { 1_800_000_000 }, sleepUntil: { box.sleep(until: $0) }))
    self.box = box
    hub.start { [shelf, arrived] event in
      shelf.take(event)
      arrived.withLock { arrived.broadcast() }
    }
    arrived.waitInTime { !shelf.certificates.isEmpty }
  }

  deinit {
    hub.stop()
    // Whoever sleeps wakes, and finds all times over.
    box.advance(1 << 40)
  }

  func advance(_ seconds: Int64) { box.advance(seconds) }

  var holder: HolderCertificate { get throws { try require(shelf.find(.current, chosen: nil)) } }

  func caller(_ origin: WebOrigin? = Counter.portal, adapter: String = "ukey") throws -> Caller {
    Caller(origin: try require(origin), adapter: adapter)
  }

  func allow(_ caller: Caller, _ permissions: Permissions = [.read, .login, .sign]) throws {
    try grants.add(Grant(origin: caller.origin, adapter: caller.adapter, permissions: permissions, granted: 0))
  }

  func perform(
    _ operation: Operation, _ caller: Caller, function: String = "test", _ ticket: PromptTicket = PromptTicket()
  ) -> Outcome {
    let answer = Answer<Outcome>()
    desk.perform(operation, function: function, for: caller, ticket) { answer.set($0) }
    return answer.wait()
  }

  func admit(_ caller: Caller, _ ticket: PromptTicket = PromptTicket()) -> Refusal? {
    let answer = Answer<Refusal?>()
    desk.admit(caller, wants: [.read, .login], ticket) { answer.set($0) }
    return answer.wait()
  }
}

private final class ClockBox: Sendable {
  private let time = Mutex<Int64>(1000)
  private let moved = Condition()
  var now: Int64 { time.withLock { $0 } }

  func advance(_ seconds: Int64) {
    moved.withLock {
      time.withLock { $0 += seconds }
      moved.broadcast()
    }
  }

  /// By the test's own clock: no time passes but what ``advance(_:)`` lets pass.
  func sleep(until moment: Int64) {
    moved.withLock { while now < moment { _ = moved.wait() } }
  }
}

/// One value that comes later.
final class Answer<Value: Sendable>: Sendable {
  private let condition = Condition()
  private let value = Mutex<Value?>(nil)

  func set(_ value: Value) {
    self.value.withLock { $0 = value }
    condition.withLock { condition.broadcast() }
  }

  func wait() -> Value {
    var found: Value?
    condition.waitInTime {
      found = value.withLock { $0 }
      return found != nil
    }
    guard let found else { preconditionFailure() }
    return found
  }
}

extension Condition {
  /// Until it holds. A test that waits in vain ends, and the run with it, instead of standing still.
  func waitInTime(_ holds: () -> Bool) {
    let deadline = Instant.now + .seconds(240)
    withLock { while !holds() { precondition(wait(until: deadline), "waited in vain") } }
  }
}

struct Missing: Error {}

func require<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}
