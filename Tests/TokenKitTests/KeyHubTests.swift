import Base
import Failures
import Glibc
import SmartCard
import Testing

@testable import TokenKit

/// A provider whose events are told by the test, and whose keys take as long to read as the test wants.
private final class ScriptedProvider: TokenProvider, @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
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
private final class FixedToken: Token {
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

/// What a hub has told.
private final class Told: @unchecked Sendable {
  // Unchecked: `condition` guards it.
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
    let deadline = Instant.now + .seconds(60)
    return condition.withLock {
      while keys.count < count, condition.wait(until: deadline) {}
      return keys
    }
  }

  /// The last event, once there are `count` of them or a minute has passed.
  func last(of count: Int) -> KeyEvent? {
    let deadline = Instant.now + .seconds(60)
    return condition.withLock {
      while events.count < count, condition.wait(until: deadline) {}
      return events.last
    }
  }

  /// Whether this has been told so often, at the latest within a minute.
  func waits(for event: KeyEvent, times: Int = 1) -> Bool {
    let deadline = Instant.now + .seconds(60)
    return condition.withLock {
      while events.count(where: { $0 == event }) < times {
        guard condition.wait(until: deadline) else { return false }
      }
      return true
    }
  }

  func has(_ event: KeyEvent) -> Bool { condition.withLock { events.contains(event) } }

  private var keys: [String] {
    events.compactMap {
      if case .read(let source, let key) = $0 {
        source.reader + " " + (key.device.serial.value?.text ?? "")
      } else {
        nil
      }
    }
  }
}

@Suite struct KeyHubTests {
  /// A key on USB takes its reader with it; the next one comes in a reader of the same name.
  @Test func aKeyThatIsGoneIsNotShownInPlaceOfTheNext() throws {
    let provider = ScriptedProvider("pcsc")
    let told = Told()
    let hub = KeyHub(providers: [provider])
    hub.start { told.add($0) }
    defer { hub.stop() }
    provider.hold(1)
    provider.tell(.readerAdded("R"), .cardInserted(reader: "R", atr: []))
    provider.waitUntilOpened(1)
    provider.tell(
      .cardRemoved(reader: "R"), .readerRemoved("R"), .readerAdded("R"), .cardInserted(reader: "R", atr: []))
    #expect(told.keys(atLeast: 1) == ["R SERIAL2"])
    provider.release(1)
    // Nothing must come of it; there is no event to wait for.
    usleep(200_000)
    #expect(told.keys(atLeast: 1) == ["R SERIAL2"])
  }

  /// What a key that is gone would have told must not hide the same key seen in another way.
  @Test func aKeyThatIsGoneDoesNotHideAnother() throws {
    let card = ScriptedProvider("pcsc")
    let library = ScriptedProvider("skf")
    let told = Told()
    let hub = KeyHub(providers: [card, library])
    hub.start { told.add($0) }
    defer { hub.stop() }
    card.hold(1)
    card.tell(.readerAdded("R"), .cardInserted(reader: "R", atr: []))
    card.waitUntilOpened(1)
    card.tell(.cardRemoved(reader: "R"))
    // The hub takes events one after the other, so once this one is told the removal was.
    card.tell(.readerAdded("other"), .cardInserted(reader: "other", atr: []))
    #expect(told.keys(atLeast: 1) == ["other SERIAL2"])
    card.release(1)
    usleep(200_000)
    library.tell(.readerAdded("L"), .cardInserted(reader: "L", atr: []))
    #expect(told.keys(atLeast: 2) == ["other SERIAL2", "L SERIAL1"])
  }

  /// A library that ended since: the key is read in its new process. One that does not survive its first use is told.
  @Test func aKeyThatWasReadIsReadAgainWhenItsLibraryHasEnded() {
    let provider = ScriptedProvider("skf")
    let told = Told()
    let hub = KeyHub(providers: [provider])
    hub.start { told.add($0) }
    defer { hub.stop() }
    let source = TokenSource(provider: "skf", reader: "R")
    provider.end(2, 4, 5)
    provider.tell(.readerAdded("R"), .cardInserted(reader: "R", atr: []))
    #expect(told.keys(atLeast: 1) == ["R SERIAL1"])
    hub.reread(source)
    #expect(told.keys(atLeast: 2) == ["R SERIAL1", "R SERIAL3"])
    hub.reread(source)
    let failure = KeyEvent.failed(source, Failure(.libraryEnded, function: "SKF_ConnectDev"))
    #expect(told.waits(for: failure))
    // A new key in the same place starts anew.
    provider.end(6)
    provider.tell(.cardRemoved(reader: "R"), .cardInserted(reader: "R", atr: []))
    #expect(told.waits(for: failure, times: 2))
    #expect(told.keys(atLeast: 2) == ["R SERIAL1", "R SERIAL3"])
  }

  /// A key that does not even answer to its power: whoever wants to change its PIN is told so, and not kept for ever.
  @Test func openingAKeyThatStandsStillEnds() {
    let provider = ScriptedProvider("pcsc")
    let hub = KeyHub(providers: [provider])
    defer { hub.stop() }
    provider.hold(1)
    defer { provider.release(1) }
    #expect(throws: Failure(.cardTimeout, context: CardLimit.text)) {
      _ = try hub.open(TokenSource(provider: "pcsc", reader: "R"))
    }
  }

  /// A key pulled out just as its reading ends: whoever is told of it after its removal shows a key that is not there.
  @Test func nothingIsToldOfAKeyAfterItsRemoval() throws {
    let provider = ScriptedProvider("pcsc")
    let told = Told()
    let hub = KeyHub(providers: [provider])
    hub.start { event in
      if case .read = event {
        provider.tell(.cardRemoved(reader: "R"))
        // Time for the removal to overtake.
        usleep(100_000)
      }
      told.add(event)
    }
    defer { hub.stop() }
    provider.tell(.readerAdded("R"), .cardInserted(reader: "R", atr: []))
    #expect(told.last(of: 5) == .removed(TokenSource(provider: "pcsc", reader: "R")))
  }

  /// Which of two equal ways is shown must not depend on which is faster.
  @Test(arguments: [["skf:1", "skf:2"], ["skf:2", "skf:1"]])
  func theFirstNamedOfEqualWaysIsShown(_ arrivals: [String]) throws {
    let providers = [ScriptedProvider("skf:1"), ScriptedProvider("skf:2")]
    let told = Told()
    let hub = KeyHub(providers: providers)
    hub.start { told.add($0) }
    defer { hub.stop() }
    for (index, name) in arrivals.enumerated() {
      let provider = try #require(providers.first { $0.name == name })
      provider.tell(.readerAdded("R"), .cardInserted(reader: "R", atr: []))
      #expect(told.keys(atLeast: index + 1).count == index + 1)
    }
    let shown = TokenSource(provider: "skf:1", reader: "R")
    #expect(told.has(.sameKey(TokenSource(provider: "skf:2", reader: "R"), shown: shown)))
  }
}
