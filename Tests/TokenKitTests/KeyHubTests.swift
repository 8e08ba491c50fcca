import Base
import Failures
import Glibc
import SmartCard
import Testing

@testable import TokenKit

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
    let led = LedHub("skf")
    let (provider, told, hub, source) = (led.provider, led.told, led.hub, led.source)
    defer { hub.stop() }
    provider.end(2, 4, 5)
    led.insert()
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

  /// What a reading had fetched before somebody asked may be older than the question: asked meanwhile, once or often, it is
  /// read once more behind it.
  @Test func aKeyThatIsAskedForWhileItIsReadIsReadOnceMore() {
    let led = LedHub("pcsc")
    let (provider, told, hub, source) = (led.provider, led.told, led.hub, led.source)
    defer { hub.stop() }
    provider.hold(1)
    led.insert()
    provider.waitUntilOpened(1)
    hub.reread(source)
    hub.reread(source)
    provider.release(1)
    #expect(told.keys(atLeast: 2) == ["R SERIAL1", "R SERIAL2"])
    hub.reread(source)
    #expect(told.keys(atLeast: 3) == ["R SERIAL1", "R SERIAL2", "R SERIAL3"])
    provider.tell(.cardRemoved(reader: "R"))
    #expect(told.waits(for: .removed(source)))
    #expect(told.keys(atLeast: 0).count == 3)
  }

  /// A question about a key that was pulled out meanwhile is not answered by reading the one that came after it twice.
  @Test func aKeyThatIsPulledOutTakesTheQuestionWithIt() {
    let led = LedHub("pcsc")
    let (provider, told, hub, source) = (led.provider, led.told, led.hub, led.source)
    defer { hub.stop() }
    provider.hold(1)
    led.insert()
    provider.waitUntilOpened(1)
    hub.reread(source)
    provider.tell(.cardRemoved(reader: "R"), .cardInserted(reader: "R", atr: []))
    #expect(told.keys(atLeast: 1) == ["R SERIAL2"])
    provider.release(1)
    hub.reread(source)
    #expect(told.keys(atLeast: 2) == ["R SERIAL2", "R SERIAL3"])
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
