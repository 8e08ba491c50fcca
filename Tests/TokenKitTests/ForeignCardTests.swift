import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// A card that has these applications and none of ours.
private final class ForeignSoftCard: SoftCard {
  let atr: [UInt8]
  private let applications: [[UInt8]]
  private(set) var commands: [[UInt8]] = []

  init(_ applications: [[UInt8]], atr: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]) {
    self.applications = applications
    self.atr = atr
  }

  func reset() {}

  func process(_ command: [UInt8]) -> [UInt8] {
    commands.append(command)
    guard command.count > 5, command[1] == 0xA4 else { return [0x6D, 0x00] }
    let name = command[5...].prefix(Int(command[4]))
    return applications.contains { $0.starts(with: name) } ? [0x90, 0x00] : [0x6A, 0x82]
  }
}

/// A card that this program does not read is told by what it is, not as "unknown".
@Suite struct ForeignCardTests {
  private func refusal(_ card: ForeignSoftCard) -> Failure? {
    let token = CardToken(source: TokenSource(provider: "test", reader: "test"), link: InProcessLink(card))
    do throws(Failure) {
      _ = try token.read(ReadOptions(), progress: { _ in })
      return nil
    } catch {
      return error
    }
  }

  static let cards: [(ForeignCard.Kind, [UInt8])] = [
    (.openPGP, [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01, 0x03, 0x04, 0xFF, 0xFE]),
    (.cac, [0xA0, 0x00, 0x00, 0x00, 0x79, 0x01, 0x00]),
    (.gids, [0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x02, 0x01]),
    (.pkcs15, [0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35]),
    (.eID, [0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02]),
    (.bank, Array("1PAY.SYS.DDF01".utf8)),
  ]

  @Test(arguments: cards) func isToldByItsApplications(_ kind: ForeignCard.Kind, _ name: [UInt8]) throws {
    let card = ForeignSoftCard([name])
    let failure = try #require(refusal(card))
    #expect(failure.code == .tokenForeign && failure.isUnknownCard)
    #expect(ForeignCard(failure)?.kind == kind)
    // The module is made for cards with keys.
    if kind == .bank || kind == .eID { #expect(ForeignCard(failure)?.provider == nil) }
    // Why it is none of ours, and its ATR, stay beside it.
    #expect(failure.causes.first?.code == .tokenUnknown && failure.causes.first?.context == "3B80800101")
    // It was asked for names and, as every card, for what a GM/T 0017 token answers: nothing with a PIN.
    #expect(card.commands.allSatisfy { $0[1] != 0x20 && $0[1] != 0x24 && $0[1] != 0x2C })
    #expect(card.commands.filter { $0[1] != 0xA4 }.count <= 2)
  }

  /// GnuPG keeps a PIN verified in the application that is selected: the ATR says enough.
  @Test func anOpenPGPCardIsToldByItsATRAlone() throws {
    let atr: [UInt8] = [
      0x3B, 0xDA, 0x18, 0xFF, 0x81, 0xB1, 0xFE, 0x75, 0x1F, 0x03, 0x00, 0x31, 0xF5, 0x73, 0xC0, 0x01, 0x60, 0x00, 0x90,
      0x00, 0x1C,
    ]
    let card = ForeignSoftCard([Self.cards[0].1], atr: atr)
    #expect(refusal(card).flatMap { ForeignCard($0)?.kind } == .openPGP)
    #expect(!card.commands.contains { $0.dropFirst(5).starts(with: [0xD2, 0x76]) })
  }

  /// The reader makes the ATR of a card without a processor (PC/SC part 3 §3.1.3.2.3): a MIFARE Classic here.
  @Test func aStorageCardIsToldByTheATRThatItsReaderMade() {
    let atr: [UInt8] = [
      0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
      0x6A,
    ]
    let card = ForeignSoftCard([], atr: atr)
    let failure = refusal(card)
    #expect(failure.flatMap { ForeignCard($0)?.kind } == .memory)
    #expect(failure.flatMap { ForeignCard($0)?.provider } == nil)
  }

  @Test func oneThatTakesEveryNameIsNotGuessed() {
    let card = ForeignSoftCard([])
    let willing = WillingCard()
    #expect(refusal(card)?.code == .tokenUnknown)
    let token = CardToken(source: TokenSource(provider: "test", reader: "test"), link: InProcessLink(willing))
    #expect(throws: Failure.self) { try token.read(ReadOptions(), progress: { _ in }) }
    #expect(willing.names <= 3)
  }

  /// Takes every SELECT, as some blank cards do.
  private final class WillingCard: SoftCard {
    let atr: [UInt8] = [0x3B, 0x00]
    private(set) var names = 0
    func reset() {}
    func process(_ command: [UInt8]) -> [UInt8] {
      guard command.count > 1, command[1] == 0xA4 else { return [0x6D, 0x00] }
      names += 1
      return [0x90, 0x00]
    }
  }
}

/// The other half of the rule that a card is one key, however it is seen: while keys come and go.
@Suite struct UnknownCardWayTests {
  private let card = TokenSource(.pcsc, reader: "R 00")
  private let failure = Failure(.tokenForeign, context: "CAC")

  private func key(_ reader: String) -> TokenSnapshot {
    TokenSnapshot(
      source: TokenSource(provider: "pkcs11:/x.so", reader: reader), family: .pkcs11, atr: [], device: DeviceInfo(),
      profile: "PKCS#11", applications: .absent)
  }

  @Test func itGoesBehindTheModulesKeyAndComesForwardAgain() {
    let ways = KeyWays(providers: ["pcsc", "pkcs11:/x.so"])
    #expect(ways.arrived(card, unknown: failure) == [.failed(card, failure)])
    let library = key("R 00")
    #expect(ways.arrived(library).contains(.sameKey(card, shown: library.source)))
    #expect(ways.isHidden(card))
    #expect(
      ways.left(library.source) == [.readerAdded(card), .inserted(card, atr: []), .failed(card, failure)])
    #expect(!ways.isHidden(card))
  }

  @Test func itIsNotShownWhereTheModuleWasFirst() {
    let ways = KeyWays(providers: ["pcsc", "pkcs11:/x.so"])
    let library = key("R 00")
    _ = ways.arrived(library)
    #expect(ways.arrived(card, unknown: failure) == [.sameKey(card, shown: library.source)])
    #expect(ways.left(card).isEmpty)
  }

  @Test func anotherReadersKeyDoesNotHideIt() {
    let ways = KeyWays(providers: ["pcsc", "pkcs11:/x.so"])
    _ = ways.arrived(key("R 01"))
    #expect(ways.arrived(card, unknown: failure) == [.failed(card, failure)])
  }
}
