import Failures
import Synchronization
import Testing
import TokenKit

@testable import ukey

/// `--key` and `--reader`: the one that is meant, or none.
@Suite struct ChosenKeyTests {
  private let readers = ["Virtual PCD 00 00", "Virtual PCD 00 01", "Feitian ePass"].map {
    TokenSource(provider: "pcsc", reader: $0)
  }

  private func code(_ body: () throws(Failure) -> some Any) -> FailureCode? {
    do throws(Failure) {
      _ = try body()
      return nil
    } catch { return error.code }
  }

  @Test func aReaderIsMeantByItsNameOrAPartOfIt() throws {
    #expect(try KeyChoice(reader: "feitian").sources(readers) == [readers[2]])
    #expect(try KeyChoice(reader: "00 01").sources(readers) == [readers[1]])
    #expect(try KeyChoice(reader: "no such").sources(readers).isEmpty)
    #expect(try KeyChoice().sources(readers) == readers)
    // The whole name wins over others in which it stands.
    let longer = readers + [TokenSource(provider: "pcsc", reader: "Feitian ePass 2")]
    #expect(try KeyChoice(reader: "Feitian ePass").sources(longer) == [readers[2]])
    // One reader that two providers show is one.
    let both = readers + [TokenSource(provider: "pkcs11:/x.so", reader: "Feitian ePass")]
    #expect(try KeyChoice(reader: "epass").sources(both).count == 2)
  }

  @Test func aPartOfSeveralNamesIsRefusedWithAllOfThem() {
    do throws(Failure) {
      _ = try KeyChoice(reader: "pcd").sources(readers)
      Issue.record("one was taken")
    } catch {
      #expect(error.code == .choiceAmbiguous)
      #expect(error.context?.contains("Virtual PCD 00 00, Virtual PCD 00 01") == true)
    }
  }

  private let keys = [("A", "GM-00412"), ("B", "GM-01412"), ("C", "412")].map { reader, serial in
    Sample.key([], reader: reader, serial: .value(TokenName(serial)))
  }

  private func chosen(_ word: String, _ keys: [TokenSnapshot]) throws(Failure) -> [String] {
    try KeyChoice(key: word).keys(keys, failures: []) { $0 }.map(\.source.reader)
  }

  @Test func aKeyIsMeantByTheEndOfItsSerial() throws {
    #expect(try chosen("0412", keys) == ["A"])
    #expect(try chosen("gm-01412", keys) == ["B"])
    // Its whole serial number wins over the end of another's.
    #expect(try chosen("412", keys) == ["C"])
    #expect(code { () throws(Failure) in try chosen("412", Array(keys.prefix(2))) } == .choiceAmbiguous)
    #expect(code { () throws(Failure) in try chosen("413", keys) } == .keyUnknown)
    #expect(code { () throws(Failure) in try chosen("", keys) } == .keyUnknown)
  }

  @Test func theEmbeddedKeyIsFoundByItsSerialInEveryWay() throws {
    #expect(try KeySelection(key: "00412", demo: true).collect().count == 1)
    #expect(try OneKey.find(KeySelection(reader: "demo", key: "412", demo: true)).snapshot.isComplete)
    #expect(code { () throws(Failure) in try KeySelection(key: "777", demo: true).collect() } == .keyUnknown)
    #expect(code { () throws(Failure) in try OneKey.find(KeySelection(key: "777", demo: true)) } == .keyUnknown)
    #expect(try KeySelection(key: "00412", demo: true).pinned().reader == "DEMO 演示")
    #expect(code { () throws(Failure) in try KeySelection(key: "777", demo: true).pinned() } == .keyUnknown)
  }

  // MARK: Events

  private final class Told: KeyEventSource {
    private let deliver = Mutex<(@Sendable (KeyEvent) -> Void)?>(nil)
    func start(_ deliver: @escaping @Sendable (KeyEvent) -> Void) { self.deliver.withLock { $0 = deliver } }
    func reread(_ source: TokenSource) {}
    func retry() {}
    func stop() {}
    func tell(_ event: KeyEvent) { deliver.withLock { $0 }?(event) }
  }

  private func heard(_ choice: KeyChoice, _ events: [KeyEvent]) -> [String] {
    let told = Told()
    let heard = Mutex<[String]>([])
    let chosen = ChosenKeys(told, choice)
    chosen.start { event in
      let word =
        switch event {
        case .readerAdded: "added"
        case .inserted: "inserted"
        case .read: "read"
        case .failed: "failed"
        case .removed: "removed"
        case .readerRemoved: "gone"
        default: "other"
        }
      heard.withLock { $0.append(word + (event.source.map { " " + $0.reader } ?? "")) }
    }
    events.forEach(told.tell)
    return heard.withLock { $0 }
  }

  @Test func ofOtherKeysNothingIsHeard() {
    let (own, other) = (keys[0], keys[1])
    let events: [KeyEvent] = [
      .readerAdded(own.source), .readerAdded(other.source), .inserted(other.source, atr: []),
      .inserted(own.source, atr: []),
      .read(other.source, other), .read(own.source, own), .removed(other.source), .removed(own.source),
      .inserted(own.source, atr: []), .failed(own.source, Failure(.cardMute)), .readerRemoved(own.source),
    ]
    #expect(heard(KeyChoice(key: "00412"), events) == ["added A", "inserted A", "read A", "removed A"])
    #expect(heard(KeyChoice(reader: "a"), events).allSatisfy { $0.hasSuffix(" A") })
    #expect(heard(KeyChoice(), events).count == events.count)
  }
}
