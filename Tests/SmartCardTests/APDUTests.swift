import Failures
import Testing

@testable import SmartCard

@Suite struct CommandAPDUTests {
  @Test func fourCasesShort() throws {
    #expect(try CommandAPDU(ins: 0x20, p2: 0x80).encoded(.short) == [0, 0x20, 0, 0x80])
    #expect(try CommandAPDU(ins: 0xC0, le: 256).encoded(.short) == [0, 0xC0, 0, 0, 0])
    #expect(try CommandAPDU(ins: 0xA4, p1: 4, data: [1, 2]).encoded(.short) == [0, 0xA4, 4, 0, 2, 1, 2])
    #expect(try CommandAPDU(ins: 0xCB, data: [9], le: 5).encoded(.short) == [0, 0xCB, 0, 0, 1, 9, 5])
  }

  @Test func fourCasesExtended() throws {
    #expect(try CommandAPDU(ins: 0x20).encoded(.extended) == [0, 0x20, 0, 0])
    // GetDevInfo as captured from tokens: 80 04 00 00 | 00 00 00.
    #expect(try CommandAPDU(cla: 0x80, ins: 0x04, le: 65_536).encoded(.extended) == [0x80, 4, 0, 0, 0, 0, 0])
    #expect(try CommandAPDU(ins: 0xA4, data: [1, 2]).encoded(.extended) == [0, 0xA4, 0, 0, 0, 0, 2, 1, 2])
    #expect(
      try CommandAPDU(cla: 0x80, ins: 0x14, p2: 1, data: [0x10, 0], le: 3).encoded(.extended)
        == [0x80, 0x14, 0, 1, 0, 0, 2, 0x10, 0, 0, 3])
  }

  @Test func refusesWhatDoesNotFit() {
    let failure = #expect(throws: Failure.self) {
      try CommandAPDU(ins: 1, data: [UInt8](repeating: 0, count: 256)).encoded(.short)
    }
    #expect(failure?.code == .internalError && failure?.context?.hasPrefix("Lc 256 Le 0") == true)
    #expect(throws: Failure.self) { try CommandAPDU(ins: 1, le: 257).encoded(.short) }
    #expect(throws: Failure.self) { try CommandAPDU(ins: 1, le: 0).encoded(.extended) }
  }
}

@Suite struct StatusWordTests {
  @Test func everyValueKeepsItsNumber() {
    for raw in UInt16.min...UInt16.max {
      let status = StatusWord(rawValue: raw)
      #expect(StatusWord(status.sw1, status.sw2) == status)
    }
  }

  @Test func meanings() {
    #expect(StatusWord(rawValue: 0x63C0).triesLeft == 0)
    #expect(StatusWord(rawValue: 0x63CA).triesLeft == 10)
    #expect(StatusWord(rawValue: 0x6300).triesLeft == nil)
    #expect(StatusWord(rawValue: 0x6100).bytesAvailable == 256)
    #expect(StatusWord(rawValue: 0x6C20).expectedLe == 32)
    #expect(StatusWord(rawValue: 0x0A0B).description == "0A0B")
  }
}

@Suite struct BERTLVTests {
  private func all(_ bytes: [UInt8]) throws(Failure) -> [TLV] {
    var reader = TLVReader(bytes)
    var result: [TLV] = []
    while let next = try reader.next() { result.append(next) }
    return result
  }

  @Test func readsTagsAndLengths() throws {
    let long = [UInt8](repeating: 7, count: 200)
    let objects = try all([0x5F, 0x2F, 2, 1, 2, 0, 0xFF, 0x53, 0x81, 200] + long + [0x70, 0x82, 0, 1, 9])
    #expect(objects.map(\.tag) == [0x5F2F, 0x53, 0x70])
    #expect(objects.map { Array($0.value) } == [[1, 2], long, [9]])
  }

  @Test(
    arguments: [
      [0x53], [0x53, 0x80], [0x53, 0x85, 1, 1, 1, 1, 1], [0x53, 0x82, 1], [0x53, 5, 1], [0x5F], [0x5F, 0x80, 0x80],
      [0x5F, 0x81, 0x82, 0x83, 0x84, 1, 0], [0x53, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
    ] as [[UInt8]]) func refusesLies(_ bytes: [UInt8])
  {
    #expect(throws: Failure.self) { try all(bytes) }
  }

  @Test func randomBytesNeverTrap() {
    var random = SystemRandom(seed: 0x5EED)
    for _ in 0..<20_000 {
      let bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      _ = try? all(bytes)
    }
  }
}

/// A fixed sequence, so that a failing test fails again.
struct SystemRandom {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}

@Suite struct ATRTests {
  @Test func readsCardCapabilities() {
    // Public ATR of a PIV key: historical bytes 80 73 C0 21 C0 57 … "YubiKey".
    let bytes: [UInt8] = [
      0x3B, 0xFD, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0, 0x21, 0xC0, 0x57, 0x59, 0x75, 0x62, 0x69,
      0x4B, 0x65, 0x79, 0x40,
    ]
    #expect(ATR(bytes).cardCapabilities == [0xC0, 0x21, 0xC0])
    #expect(ATR(bytes).supportsExtendedLength)
    #expect(ATR(bytes).historicalBytes.suffix(7) == Array("YubiKey".utf8)[...])
  }

  @Test func silentCardIsShort() {
    #expect(!ATR([0x3B, 0x80, 0x80, 0x01, 0x01]).supportsExtendedLength)
    #expect(!ATR([]).supportsExtendedLength)
  }

  @Test func randomBytesNeverTrap() {
    var random = SystemRandom(seed: 77)
    for _ in 0..<20_000 {
      var bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if !bytes.isEmpty { bytes[0] = 0x3B }
      _ = ATR(bytes)
    }
  }
}
