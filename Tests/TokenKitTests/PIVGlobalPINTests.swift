import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// A card whose Discovery Object says which PIN people use. Its Global PIN is the PIN of the software card; the application's
/// own is one that nobody was told, and every PIN sent to it is counted.
private final class GlobalPINCard: SoftCard {
  private let card: PIVCard
  private let policy: [UInt8]
  private(set) var own = 0
  private(set) var global = 0

  init(_ card: PIVCard, policy: [UInt8]) {
    self.card = card
    self.policy = policy
  }

  var atr: [UInt8] { card.atr }
  func reset() { card.reset() }

  func process(_ command: [UInt8]) -> [UInt8] {
    if command.starts(with: [0x00, 0xCB, 0x3F, 0xFF, 0x03, 0x5C, 0x01, 0x7E]) {
      return [0x7E, 0x05, 0x5F, 0x2F, 0x02] + policy + [0x90, 0x00]
    }
    guard command.count >= 4, [0x20, 0x24].contains(command[1]) else { return card.process(command) }
    let hasPIN = command.count > 5
    switch command[3] {
    case 0x00:
      if hasPIN { global += 1 }
      return card.process(Array(command[..<3]) + [0x80] + command[4...])
    case 0x80:
      if hasPIN { own += 1 }
      return [0x63, hasPIN ? 0xC2 : 0xC3]
    default: return card.process(command)
    }
  }
}

@Suite("The PIN of a PIV card that people use")
struct PIVGlobalPINTests {
  private static func card(_ policy: [UInt8]) throws -> (GlobalPINCard, CardToken) {
    let settings = try #require(PIVCardSettings(text: "tries=5"))
    let card = GlobalPINCard(try PIVCard.demo(settings: settings, directory: nil, now: 1_800_000_000), policy: policy)
    return (card, CardToken(source: TokenSource(provider: "test", reader: "test"), link: InProcessLink(card)))
  }

  private static let reference = PINReference(application: PIVDriver.application, role: .user)

  /// SP 800-73-4 part 1 §3.3.2: the application's own would cost a try for each right PIN.
  @Test func theGlobalPINIsUsedWhereTheCardSaysSo() throws {
    let (card, token) = try Self.card([0x60, 0x20])
    let read = try token.read(ReadOptions(), progress: { _ in })
    #expect(read.applications.value?.first?.userPIN.value?.triesLeft == 5)
    #expect(token.verify(try pin("123456"), Self.reference, consent: .normal) == .verified)
    #expect(
      token.changePIN(Self.reference, from: try pin("123456"), to: try pin("738291"), consent: .normal) == .changed)
    #expect(token.verify(try pin("123456"), Self.reference, consent: .normal) == .wrong(triesLeft: 4))
    #expect(card.own == 0 && card.global == 3)
  }

  /// The PUK sets the application's own, which is not the one that is locked.
  @Test func thePUKIsNotSentForAPINThatItDoesNotSet() throws {
    let (_, token) = try Self.card([0x60, 0x20])
    let admin = PINReference(application: PIVDriver.application, role: .admin)
    let outcome = token.unblockPIN(admin, admin: try pin("12345678"), new: try pin("738291"), consent: .low)
    guard case .notSent(.failure(let failure)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.code == .notSupported)
  }

  @Test(arguments: [[0x40, 0x00], [0x60, 0x10], [0x40, 0x20], [0x60, 0x00]] as [[UInt8]])
  func elseTheApplicationsOwn(_ policy: [UInt8]) throws {
    let (card, token) = try Self.card(policy)
    #expect(token.verify(try pin("123456"), Self.reference, consent: .normal) != .verified)
    #expect(card.own == 1 && card.global == 0)
  }

  private func pin(_ text: String) throws -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }
}
