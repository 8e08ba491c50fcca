import CLinux
import COpenSSL
import CSecretHeap
import Failures
import Glibc
import Testing

@testable import TokenKit

/// The expanded key of a PIN is as good as the key: it lies in locked memory while it is used, and nowhere afterwards.
@Suite(.serialized) struct SecretHeapTests {
  /// Round keys 9 to 12 of SM4 under the key that the PIN `123456` stands for (GB/T 32907, reckoned apart from this program), as
  /// they lie in memory; each byte with 5A over it, so that this very test does not hold them.
  private static let masked: [UInt8] = [
    0xB6, 0x06, 0x87, 0xAC, 0xD8, 0xFC, 0xDE, 0x0D, 0x2F, 0xA5, 0x36, 0x1A, 0x9C, 0x5F, 0x6C, 0x2A,
  ]

  /// Whether the memory of this process that is neither locked nor secret holds them.
  private func isInOrdinaryMemory() throws -> Bool {
    let maps = try #require(fopen("/proc/self/smaps", "r"))
    defer { fclose(maps) }
    var ranges: [(start: UInt, end: UInt, isLocked: Bool)] = []
    var line = [CChar](repeating: 0, count: 1024)
    while fgets(&line, Int32(line.count), maps) != nil {
      let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split {
        $0 == " " || $0 == "\n"
      }
      if words.count > 1, let dash = words[0].firstIndex(of: "-"), words[1].hasPrefix("rw"),
        let start = UInt(words[0][..<dash], radix: 16),
        let end = UInt(words[0][words[0].index(after: dash)...], radix: 16)
      {
        ranges.append((start, end, false))
      } else if words.first == "VmFlags:", words.contains("lo"), !ranges.isEmpty {
        ranges[ranges.count - 1].isLocked = true
      }
    }
    #expect(ranges.count > 3)
    return ranges.contains { !$0.isLocked && holds($0.start, $0.end) }
  }

  private func holds(_ start: UInt, _ end: UInt) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return true }
    defer { for end in ends { close(end) } }
    // What a pipe holds.
    let step = 1 << 16
    let block = UnsafeMutableRawPointer.allocate(byteCount: step, alignment: 16)
    defer {
      memset(block, 0, step)
      block.deallocate()
    }
    var at = start
    while at < end {
      // Copied by the kernel, as it may go while we look.
      let count = write(ends[1], UnsafeRawPointer(bitPattern: at), min(step, Int(end - at)))
      if count > 0, read(ends[0], block, count) == count,
        hasKeys(UnsafeRawBufferPointer(start: block, count: count), except: (at, block))
      {
        return true
      }
      // Round keys lie on multiples of 4 and may lie across two blocks.
      at += UInt(step - Self.masked.count)
    }
    return false
  }

  private func hasKeys(_ bytes: UnsafeRawBufferPointer, except own: (UInt, UnsafeMutableRawPointer)) -> Bool {
    // The copy is no finding.
    let copy = UInt(bitPattern: own.1)
    var index = 0
    while index + Self.masked.count <= bytes.count {
      let address = own.0 + UInt(index)
      if bytes[index] == Self.masked[0] ^ 0x5A, !(address >= copy && address < copy + UInt(1 << 16)),
        Self.masked.indices.allSatisfy({ bytes[index + $0] == Self.masked[$0] ^ 0x5A })
      {
        return true
      }
      index += 4
    }
    return false
  }

  private func pin(_ text: String) throws(Failure) -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }

  @Test func roundKeysLieInLockedMemoryAndAreWiped() throws {
    let pin = try pin("123456")
    #expect(try !isInOrdinaryMemory())
    do {
      let key = try GMPINKey(pin)
      #expect(ukey_secret_heap_used() >= 1024)
      #expect(try !isInOrdinaryMemory())
      // The keys are at work.
      let block = try key.authentication(challenge: [1, 2, 3, 4, 5, 6, 7, 8], .lengthPrefixed)
      #expect(block.first == 0x05 && block.last == 0x94)
    }
    #expect(try !isInOrdinaryMemory())
  }

  /// What is looked for is what OpenSSL makes, and would be found.
  @Test func theSearchFindsThemOnTheOrdinaryHeap() throws {
    let pin = try pin("123456")
    var padded = [UInt8](repeating: 0, count: 16)
    pin.withBytes { bytes in for index in bytes.indices { padded[index] = bytes[index] } }
    var digest = [UInt8](repeating: 0, count: 20)
    try #require(EVP_Digest(padded, 16, &digest, nil, EVP_sha1(), nil) == 1)
    let context = try #require(EVP_CIPHER_CTX_new())
    defer { EVP_CIPHER_CTX_free(context) }
    try #require(EVP_EncryptInit_ex(context, EVP_sm4_ecb(), nil, digest, nil) == 1)
    #expect(try isInOrdinaryMemory())
  }
}
