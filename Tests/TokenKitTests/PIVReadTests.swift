import CertificateKit
import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

@Suite struct PIVReadTests {
  private func card(_ text: String = "") throws -> (FaultCard, PIVCard) {
    let settings = try #require(PIVCardSettings(text: text))
    let card = try PIVCard.demo(settings: settings, directory: nil, now: 1_800_000_000)
    return (FaultCard(card), card)
  }

  private func read(_ card: FaultCard, _ options: ReadOptions = ReadOptions()) throws -> TokenSnapshot {
    let token = CardToken(source: TokenSource(provider: "test", reader: "test"), link: InProcessLink(card))
    return try token.read(options, progress: { _ in })
  }

  private func slots(_ snapshot: TokenSnapshot) -> [TokenName] {
    (snapshot.applications.value?.first?.containers.value ?? []).map(\.name)
  }

  @Test func oneCommandAnObject() throws {
    let (card, _) = try card("extended=yes,version=none,serial=none")
    #expect(try slots(read(card)) == ["9A", "9C", "9D", "9E"])
    // SELECT, Discovery Object, empty VERIFY, four certificates, CHUID.
    #expect(card.count == 8)
  }

  @Test func retiredSlotsOnRequest() throws {
    let (card, piv) = try card()
    let ca = try TestCA.make(kind: .p256)
    let issued = try ca.issue(
      TestCertificate.organization(
        name: "深圳市示例建设工程有限公司", uscc: "9144030071526726XG", keyKind: .p256, usage: .encryption, notBefore: 1_790_000_000,
        notAfter: 1_890_000_000))
    try piv.personalize(slot: 0x82, issued)
    #expect(try slots(read(card)) == ["9A", "9C", "9D", "9E"])
    #expect(try slots(read(card, ReadOptions(retiredSlots: true))) == ["9A", "9C", "9D", "9E", "82"])
  }

  @Test func compressedCertificatesAreRead() throws {
    let (card, _) = try card("gzip=yes")
    let containers = try read(card).applications.value?.first?.containers.value ?? []
    #expect(containers.count == 4)
    for container in containers { #expect(container.entries.first?.certificate.value != nil) }
  }

  @Test func brokenCompressionIsNamed() throws {
    let (card, piv) = try card()
    // 70 with bytes that are no gzip, 71 saying compressed.
    try piv.personalize(object: 0x5F_C105, content: [0x70, 0x04, 0x1F, 0x8B, 0x00, 0x00, 0x71, 0x01, 0x01, 0xFE, 0x00])
    let snapshot = try read(card)
    let first = snapshot.applications.value?.first?.containers.value?.first
    #expect(first?.name == "9A")
    #expect(first?.entries.first?.certificate.failure?.code == .certificateCompression)
  }

  @Test func emptyCard() throws {
    let (card, _) = try card("slots=")
    #expect(try slots(read(card)).isEmpty)
  }

  @Test func triesOfALockedCard() throws {
    for answer in ["63C0", "6983"] {
      let (card, piv) = try card("blocked=\(answer)")
      for _ in 0..<3 {
        _ = piv.process([0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0, 0, 0x03, 0x08, 0, 0, 0x10, 0, 0x00])
        _ = piv.process([0x00, 0x20, 0x00, 0x80, 0x08] + Array("999999".utf8) + [0xFF, 0xFF])
      }
      let status = try read(card).applications.value?.first?.userPIN.value
      #expect(status == PINStatus(triesMax: nil, triesLeft: 0, isLocked: true, isDefault: nil))
    }
  }
}
