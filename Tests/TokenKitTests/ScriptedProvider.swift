import Base
import Failures
import SmartCard

@testable import TokenKit

/// A provider whose events are told by the test, and whose keys take as long to read as the test wants.
final class ScriptedProvider: TokenProvider, @unchecked Sendable {
  // Unchecked: asked from the hub's threads and led from the test's; `condition` guards all that changes.
  let name: String
  let isEmbedded = false
  private let condition = Condition()
  private var events: [ReaderEvent] = []
  private var isStopped = false
  private var opened = 0
  private var held: Set<Int> = []
  private var ended: Set<Int> = []

  init(_ name: String) { self.name = name }

  func slots() throws(Failure) -> [TokenSlot] { [] }

  /// The first key opened is number 1; its serial ends in that number.
  func open(_ reader: String) throws(Failure) -> any Token {
    let (number, hasEnded) = condition.withLock {
      opened += 1
      let number = opened
      condition.broadcast()
      while held.contains(number) { _ = condition.wait() }
      return (number, ended.contains(number))
    }
    if hasEnded { throw Failure(.libraryEnded, function: "SKF_ConnectDev") }
    return FixedToken(source: TokenSource(provider: name, reader: reader), serial: "SERIAL\(number)")
  }

  func watch(_ deliver: (ReaderEvent) -> Void) {
    while true {
      let event: ReaderEvent? = condition.withLock {
        while events.isEmpty, !isStopped { _ = condition.wait() }
        return events.isEmpty ? nil : events.removeFirst()
      }
      guard let event else { return }
      deliver(event)
    }
  }

  func retry() {}

  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }

  func tell(_ events: ReaderEvent...) {
    condition.withLock {
      self.events += events
      condition.broadcast()
    }
  }

  /// The key with this number stands still until ``release(_:)``.
  func hold(_ number: Int) { condition.withLock { _ = held.insert(number) } }

  /// The library turns out to have ended when the key with these numbers is opened.
  func end(_ numbers: Int...) { condition.withLock { ended.formUnion(numbers) } }

  func release(_ number: Int) {
    condition.withLock {
      held.remove(number)
      condition.broadcast()
    }
  }

  func waitUntilOpened(_ number: Int) {
    condition.withLock { while opened < number { _ = condition.wait() } }
  }
}

/// A key that shows its serial and nothing else.
final class FixedToken: ReadOnlyToken {
  let source: TokenSource
  private let serial: String

  init(source: TokenSource, serial: String) {
    self.source = source
    self.serial = serial
  }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    TokenSnapshot(
      source: source, family: source.provider == "pcsc" ? .gmt0017 : .skf, atr: [],
      device: DeviceInfo(serial: .value(TokenName(serial))), profile: nil, applications: .absent)
  }
}

/// What a hub has told.
final class Told: @unchecked Sendable {
  // Unchecked: the hub's threads add, the test's waits; `condition` guards `events`, which is all there is.
  private let condition = Condition()
  private var events: [KeyEvent] = []

  func add(_ event: KeyEvent) {
    condition.withLock {
      events.append(event)
      condition.broadcast()
    }
  }

  /// Reader and serial of the keys read so far, once there are `count` of them or a minute has passed.
  func keys(atLeast count: Int) -> [String] {
    _ = waits { Self.keys($0).count >= count }
    return condition.withLock { Self.keys(events) }
  }

  /// The last event, once there are `count` of them or a minute has passed.
  func last(of count: Int) -> KeyEvent? {
    _ = waits { $0.count >= count }
    return condition.withLock { events.last }
  }

  /// Whether this has been told so often, at the latest within a minute.
  func waits(for event: KeyEvent, times: Int = 1) -> Bool { waits { $0.count(where: { $0 == event }) >= times } }

  /// Until there is such an event; `false` after a minute.
  func wait(_ isWanted: (KeyEvent) -> Bool) -> Bool { waits { $0.contains(where: isWanted) } }

  private func waits(until isSo: ([KeyEvent]) -> Bool) -> Bool {
    let deadline = Instant.now + .seconds(60)
    return condition.withLock {
      while !isSo(events) {
        guard condition.wait(until: deadline) else { return isSo(events) }
      }
      return true
    }
  }

  func count(_ isWanted: (KeyEvent) -> Bool) -> Int { condition.withLock { events.count(where: isWanted) } }

  func has(_ event: KeyEvent) -> Bool { condition.withLock { events.contains(event) } }

  private static func keys(_ events: [KeyEvent]) -> [String] {
    events.compactMap {
      if case .read(let source, let key) = $0 {
        source.reader + " " + (key.device.serial.value?.text ?? "")
      } else {
        nil
      }
    }
  }
}

/// A key of the tests that can be read; whatever a PIN is needed for is not sent.
protocol ReadOnlyToken: Token {}

extension ReadOnlyToken {
  func pinSupport() throws(Failure) -> PINSupport { .noProfile }
  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus { throw Failure(.notSupported) }
  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome {
    .notSent(.noProfile)
  }
  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome { .notSent(.noProfile) }
  func unblockPIN(
    _ reference: PINReference, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome { .notSent(.noProfile) }
  func sign(
    _ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent
  ) -> SignOutcome { .pin(.notSent(.noProfile)) }
}

/// A hub on one provider that the test leads.
struct LedHub {
  let provider: ScriptedProvider
  let told = Told()
  let hub: KeyHub
  let source: TokenSource

  init(_ name: String) {
    provider = ScriptedProvider(name)
    source = TokenSource(provider: name, reader: "R")
    hub = KeyHub(providers: [provider])
    hub.start { [told] in told.add($0) }
  }

  func insert() { provider.tell(.readerAdded("R"), .cardInserted(reader: "R", atr: [])) }
}
