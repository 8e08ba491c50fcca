import SeededRandom
import Testing

@testable import SoftToken

/// Any bytes get an answer: never a trap, never fewer than two bytes, and no PIN try comes back by itself.
@Suite struct PIVFuzzTests {
  private static let settings = [
    "", "extended=no,chaining=no,always61=yes,piece=255", "exact-le=yes,no-le=61xx,malformed=63CX,missing=5300",
  ]

  private static func bytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  @Test(arguments: settings, [1, 2]) func randomCommands(settings: String, seed: UInt64) throws {
    var random = SeededRandom(seed)
    let card = PIVCard(settings: try #require(PIVCardSettings(text: settings)))
    try card.personalizeIdentity(guid: [UInt8](0..<16))
    let seeds = [
      PIVHost.selectCommand, "00 20 00 80 08 31 32 33 34 35 36 FF FF", "00 CB 3F FF 05 5C 03 5F C1 02 00",
      "00 24 00 80 10 31 32 33 34 35 36 FF FF 31 32 33 34 35 36 FF FF", "00 87 03 9B 04 7C 02 80 00 00",
      "00 CB 3F FF 00 00 05 5C 03 5F C1 02 00 00", "10 DB 3F FF 04 5C 03 5F C1", "00 C0 00 00 00", "00 20 00 80",
    ].map(hex)
    for round in 0..<4000 {
      var command: [UInt8]
      if round % 4 == 0 {
        command = Self.bytes(Int.random(in: 0...300, using: &random), &random)
      } else {
        command = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          let place = Int.random(in: 0..<command.count, using: &random)
          switch Int.random(in: 0...2, using: &random) {
          case 0: command[place] = UInt8.random(in: 0...255, using: &random)
          case 1: command.remove(at: place)
          default: command.insert(UInt8.random(in: 0...255, using: &random), at: place)
          }
          if command.isEmpty { command = [0] }
        }
      }
      let answer = card.process(command)
      #expect(answer.count >= 2 && answer.count <= 65_535)
      if round % 500 == 0 { card.reset() }
    }
    #expect(card.state.pin.triesLeft <= card.state.pin.maximumTries)
  }

  @Test func randomTLV() {
    var random = SeededRandom(3)
    for _ in 0..<5000 {
      let bytes = Self.bytes(Int.random(in: 0...40, using: &random), &random)
      guard let items = PIVTLV.decode(bytes) else { continue }
      #expect(items.allSatisfy { $0.value.count < bytes.count })
      #expect(PIVTLV.decode(items.flatMap { PIVTLV.encode($0.tag, $0.value) }) == items)
    }
  }

  @Test func tagsAndLengthsRoundTrip() {
    for tag: UInt32 in [0x53, 0x7E, 0x5F2F, 0x7F49, 0x5F_C105] {
      for count in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
        let value = [UInt8](repeating: 9, count: count)
        #expect(PIVTLV.decode(PIVTLV.encode(tag, value)) == [PIVTLV.Item(tag: tag, value: value)])
      }
    }
  }
}
