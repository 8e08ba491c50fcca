import CertificateKit
import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// Reading keys that lie, stop or vanish: at every APDU a clear failure or a missing item, never an end of the program.
@Suite(.serialized) struct HostileCardTests {
  enum Kind: CaseIterable {
    case gmBigEndian
    case gmLittleEndian
    case piv
  }

  private static let demo = try? (
    big: MemoryStoreBox(GMCard.demo(behaviour: .aLM)), little: MemoryStoreBox(GMCard.demo(behaviour: .bLE))
  )

  /// Making certificates takes time; one card of each kind serves all, none of these tests changes it.
  struct MemoryStoreBox: @unchecked Sendable {
    // Unchecked: the suite runs its cases one after the other.
    let card: any SoftCard
    init(_ card: any SoftCard) { self.card = card }
  }

  private func card(_ kind: Kind) throws -> FaultCard {
    switch kind {
    case .gmBigEndian: FaultCard(try #require(Self.demo?.big.card))
    case .gmLittleEndian: FaultCard(try #require(Self.demo?.little.card))
    case .piv: FaultCard(try PIVCard.demo(settings: PIVCardSettings(), directory: nil, now: 1_800_000_000))
    }
  }

  private func read(_ card: FaultCard) -> Result<TokenSnapshot, Failure> {
    let link = InProcessLink(card)
    card.onRemove = { link.remove() }
    card.reset()
    let token = CardToken(source: TokenSource(provider: "test", reader: "test"), link: link)
    return Result { () throws(Failure) in try token.read(ReadOptions(), progress: { _ in }) }
  }

  private static let answers: [FaultCard.Fault] = [
    .truncated(0), .truncated(1), .truncated(2), .truncated(7), .empty, .status(0x6F00), .status(0x6700),
    .status(0x6C00), .status(0x6C10), .status(0x6100), .status(0x6105), .status(0x0000), .garbage([0xFF]),
    .garbage([0x90, 0x00]), .garbage([UInt8](repeating: 0x53, count: 300)),
    .garbage([0x53, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x90, 0x00]),
    .garbage([0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0x30, count: 700) + [0x90, 0x00]),
  ]

  @Test(arguments: Kind.allCases) func everyAnswerAtEveryCommand(_ kind: Kind) throws {
    let whole = try card(kind)
    let expected = try read(whole).get()
    #expect(expected.isComplete)
    let count = whole.count
    #expect(count > 5)
    for number in 1...count {
      for fault in Self.answers {
        let card = try card(kind)
        card.faults[number] = fault
        switch read(card) {
        case .success(let snapshot): #expect(snapshot.isComplete)
        case .failure(let failure): #expect(failure.code != .internalError, "\(failure) at \(number)")
        }
        // Whatever it answers, the reading ends: one odd answer costs a few repetitions, not an endless talk.
        #expect(card.count <= count + 40)
      }
    }
  }

  @Test(arguments: Kind.allCases) func removalAtEveryCommand(_ kind: Kind) throws {
    let whole = try card(kind)
    _ = read(whole)
    for number in 1...whole.count {
      for fault in [FaultCard.Fault.remove, .removeAfter] {
        let card = try card(kind)
        card.faults[number] = fault
        guard case .failure(let failure) = read(card) else {
          // The last command may only close what was opened.
          #expect(number == whole.count)
          continue
        }
        #expect(failure.code == .cardRemoved)
      }
    }
  }

  @Test(arguments: Kind.allCases) func endlessAnswers(_ kind: Kind) throws {
    let whole = try card(kind)
    _ = read(whole)
    for number in 1...whole.count {
      let card = try card(kind)
      card.endlessFrom = number
      if case .failure(let failure) = read(card) {
        #expect([.answerTooLong, .tokenUnknown].contains(failure.code), "\(failure)")
      }
      // Each item is given up at the limit for one answer.
      #expect(card.count < (whole.count + 3) * (CardTransaction.maxAnswer / 255 + 3))
    }
  }

  @Test func unknownCard() throws {
    final class Stranger: SoftCard {
      let atr: [UInt8] = [0x3B, 0x00]
      func reset() {}
      func process(_ command: [UInt8]) -> [UInt8] { [0x6E, 0x00] }
    }
    let token = CardToken(source: TokenSource(provider: "test", reader: "test"), link: InProcessLink(Stranger()))
    let result = Result { () throws(Failure) in try token.read(ReadOptions(), progress: { _ in }) }
    guard case .failure(let failure) = result else {
      Issue.record("a stranger was read")
      return
    }
    #expect(failure.code == .tokenUnknown && failure.context == "3B00")
    #expect(failure.causes.map(\.function) == ["SELECT PIV", "GetDevInfo"])
  }
}

/// What is on the key decides what is shown, whatever it is.
@Suite struct OddContentTests {
  private func read(_ sample: GMSample) throws -> TokenSnapshot {
    let token = CardToken(
      source: TokenSource(provider: "test", reader: "test"),
      link: InProcessLink(try GMCard.demo(sample, behaviour: .aLM)))
    return try token.read(ReadOptions(), progress: { _ in })
  }

  private func entries(_ snapshot: TokenSnapshot) -> [ContainerSnapshot.Entry] {
    (snapshot.applications.value ?? []).flatMap { ($0.containers.value ?? []).flatMap(\.entries) }
  }

  @Test func emptyKeys() throws {
    #expect(try read(.blank).applications == .absent)
    #expect(try read(.noContainer).applications.value?.first?.containers == .absent)
    #expect(try entries(read(.emptyContainer)).allSatisfy { $0.certificate == .absent })
    #expect(try entries(read(.noCertificate)).allSatisfy { $0.certificate == .absent })
  }

  @Test func halfAPair() throws {
    let entries = try entries(read(.encryptionOnly))
    #expect(entries.map(\.role) == [.signature, .encryption])
    #expect(entries[0].certificate == .absent)
    #expect(entries[1].certificate.value != nil)
  }

  @Test(arguments: [[0x30], [0x30, 0x82, 0x05], Array("no certificate".utf8), [UInt8](repeating: 0x30, count: 4000)])
  func brokenCertificates(_ bytes: [UInt8]) throws {
    let entries = try entries(read(.rawCertificate(bytes)))
    #expect(entries[0].certificate.failure?.code == .certificateMalformed)
    #expect(entries[1].certificate.value != nil)
  }

  @Test func manyContainers() throws {
    #expect(try entries(read(.containers(32))).count == 64)
  }
}
