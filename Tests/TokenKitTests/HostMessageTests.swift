import Testing

@testable import TokenKit

@Suite("Messages to the host process")
struct HostMessageTests {
  @Test func requestsComeBackAsSent() {
    let request = HostRequest(7, handle: 0x1122_3344_5566_7788, number: 9, data: [1, 2, 3])
    let bytes = request.encoded(sequence: 42, secrets: [6, 0])
    #expect(bytes.count == HostRequest.headerSize + 3)
    let header = HostRequest.header(Array(bytes.prefix(HostRequest.headerSize)))
    #expect(header?.sequence == 42)
    #expect(header?.dataCount == 3)
    // An empty secret is one; none is none.
    #expect(header?.secrets == [6, 0])
    #expect(header?.request.handle == request.handle)
    #expect(HostRequest.header(Array(HostRequest(1).encoded(sequence: 0, secrets: [])))?.secrets == [])
  }

  @Test func requestsBeyondTheLimitsAreRefused() {
    var bytes = HostRequest(7).encoded(sequence: 1, secrets: [])
    #expect(HostRequest.header(bytes) != nil)
    bytes[26] = 2  // 128 KiB of data
    #expect(HostRequest.header(bytes) == nil)
    #expect(HostRequest.header(HostRequest(7).encoded(sequence: 1, secrets: [HostRequest.secretLimit + 1])) == nil)
    #expect(HostRequest.header([]) == nil)
  }

  @Test func repliesComeBackAsSent() throws {
    let reply = HostReply(.returned, code: 0x0A00_0024, numbers: [9, 10], data: [5, 6])
    let bytes = reply.encoded(sequence: 3)
    let header = try #require(HostReply.header(Array(bytes.prefix(HostReply.headerSize))))
    #expect(HostReply(header, body: Array(bytes.dropFirst(HostReply.headerSize))) == reply)
    #expect(HostReply(header, body: []) == nil)
  }

  /// Whatever a broken host sends, parsing ends with a value or with nil.
  @Test func fuzzedHeadersNeverTrap() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      var bytes = HostReply(.returned, code: 1, numbers: [1]).encoded(sequence: 1).prefix(HostReply.headerSize)
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if let header = HostReply.header(Array(bytes)) {
        #expect(header.bodySize <= HostReply.dataLimit + HostReply.numberLimit * 8)
      }
      _ = HostRequest.header(Array(bytes))
    }
  }
}

@Suite("What SKF libraries fill")
struct SKFParsingTests {
  private func field(_ layout: SKFLayout, hash: UInt32 = 7, size: Int? = nil) -> [UInt8] {
    var bytes = [UInt8](repeating: SKFLibrary.devInfoPattern, count: SKFLibrary.devInfoSize)
    for index in 0..<(size ?? layout.size) { bytes[index] = 0 }
    for (index, byte) in "SN-1".utf8.enumerated() { bytes[162 + index] = byte }
    for (index, value) in [UInt32(0x401), 0x3_0000, hash, 0x401, 65536, 32768, 2048, 4096].enumerated() {
      let offset = layout.numbers + index * layout.width
      for place in 0..<4 { bytes[offset + place] = UInt8(truncatingIfNeeded: value >> UInt32(8 * place)) }
    }
    return bytes
  }

  @Test(arguments: SKFLayout.allCases)
  func layoutsAreTold(_ layout: SKFLayout) {
    let info = SKFDeviceInfo(field(layout), size: layout.size)
    #expect(info?.layout == layout)
    #expect(info?.totalSpace == 65536)
    #expect(info?.freeSpace == 32768)
    #expect(info?.serial == "SN-1")
  }

  /// Without the reserved end the size tells nothing; the numbers do.
  @Test(arguments: SKFLayout.allCases)
  func layoutsAreToldByTheirNumbers(_ layout: SKFLayout) {
    let size = layout.size - 66
    #expect(SKFDeviceInfo(field(layout, size: size), size: size)?.layout == layout)
  }

  @Test func nonsenseHasNoLayoutButItsTexts() {
    let info = SKFDeviceInfo(field(.ulong32Packed, hash: 0xFFFF_FFFE), size: 294)
    #expect(info?.layout == nil)
    #expect(info?.serial == "SN-1")
    #expect(SKFDeviceInfo([], size: 294) == nil)
  }

  @Test func nameListsOfEveryForm() {
    #expect(SKFNames.parse([]) == [])
    #expect(SKFNames.parse([0]) == [])
    #expect(SKFNames.parse([0, 0]) == [])
    #expect(SKFNames.parse([0x41, 0, 0x42, 0x43, 0, 0]) == [[0x41], [0x42, 0x43]])
    // No end at all, and what stands behind the end.
    #expect(SKFNames.parse([0x41, 0x42]) == [[0x41, 0x42]])
    #expect(SKFNames.parse([0x41, 0, 0, 0x42, 0, 0]) == [[0x41]])
    #expect(SKFNames.parse([UInt8](repeating: 0x41, count: 3) + Array([[0x42, 0]].joined())).count == 1)
    #expect(SKFNames.parse(Array(repeatElement([UInt8(0x41), 0], count: 500).joined())).count == 64)
  }

  @Test func codesHaveTheStandardsNames() {
    #expect(SAR.name(0x0A00_0024) == "SAR_PIN_INCORRECT")
    #expect(SAR.name(0x0A00_0031) == "SAR_FILE_NOT_EXIST")
    #expect(SAR.name(0x0A00_0032) == "SAR_REACH_MAX_CONTAINER_COUNT")
    #expect(SAR.name(0x0A00_0033) == nil)
    #expect(SAR.name(0x0B00_0033) == nil)
  }
}

@Suite("PKCS#11 token flags")
struct P11ParsingTests {
  private func token(flags: UInt64) -> P11TokenInfo? {
    var bytes = [UInt8](repeating: 0x20, count: 96)
    bytes.append(littleEndian: flags)
    for _ in 0..<4 { bytes.append(littleEndian: UInt64(0)) }
    bytes.append(littleEndian: UInt64(8))
    bytes.append(littleEndian: UInt64(6))
    return P11TokenInfo(bytes + [UInt8](repeating: 0, count: 64))
  }

  @Test func triesAreToldByFlags() throws {
    #expect(try #require(token(flags: 0x400)).status(.user).consentNeeded == .normal)
    #expect(try #require(token(flags: 0x1_0400)).status(.user).consentNeeded == .low)
    #expect(try #require(token(flags: 0x2_0400)).status(.user).triesLeft == 1)
    #expect(try #require(token(flags: 0x2_0400)).status(.user).consentNeeded == .last)
    #expect(try #require(token(flags: 0x4_0400)).status(.user).isLocked)
    #expect(try #require(token(flags: 0x8_0400)).status(.user).isDefault == true)
    let officer = try #require(token(flags: 0x40_0400))
    #expect(officer.status(.admin).isLocked && !officer.status(.user).isLocked)
  }

  @Test func pinLengthsAreBelievedWithinReason() throws {
    let info = try #require(token(flags: 0x100))
    #expect(info.policy == PINPolicy(minimum: 6, maximum: 8))
    #expect(info.hasPINPad)
    #expect(P11TokenInfo([]) == nil)
  }
}

@Suite("ELF headers")
struct ELFHeaderTests {
  @Test func machinesAreNamed() {
    let head: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9) + [3, 0]
    #expect(ELFHeader(head + [62, 0])?.text == "64-bit x86_64")
    #expect(ELFHeader(head + [2, 1])?.text == "64-bit loongarch")
    #expect(ELFHeader(head) == nil)
    #expect(ELFHeader([UInt8](repeating: 0, count: 20)) == nil)
    var bytes = head + [62, 0]
    for count in 0..<20 { #expect(ELFHeader(Array(bytes.prefix(count))) == nil) }
    #expect(ELFHeader(Array("MZ".utf8) + bytes) == nil)
    bytes[18] = 183
    #expect(ELFHeader(bytes)?.text == "64-bit aarch64")
    bytes[5] = 2
    (bytes[18], bytes[19]) = (0, 62)
    #expect(ELFHeader(bytes)?.machine == 62 && ELFHeader(bytes) != .own)
    bytes[5] = 3
    #expect(ELFHeader(bytes) == nil)
  }
}
