import CLinux
import Failures
import Glibc
import Testing

@testable import TokenKit

private func makePIN(_ text: String) throws(Failure) -> PIN {
  var pin = try PIN()
  for scalar in text.unicodeScalars { _ = pin.append(scalar) }
  return pin
}

@Suite struct PINTests {
  @Test func editing() throws {
    var pin = try makePIN("12密")
    var (count, characters) = (pin.count, pin.characterCount)
    #expect(count == 5 && characters == 3)
    pin.removeLast()
    (count, characters) = (pin.count, pin.characterCount)
    #expect(count == 2 && characters == 2)
    let bytes = pin.withBytes { Array($0) }
    #expect(bytes == Array("12".utf8))
    pin.wipe()
    pin.removeLast()
    count = pin.count
    #expect(count == 0)
  }

  @Test func fullIsFull() throws {
    var pin = try PIN()
    for _ in 0..<PIN.capacity {
      let added = pin.append(0x31)
      #expect(added)
    }
    let byte = pin.append(0x31)
    let scalar = pin.append(Unicode.Scalar("中"))
    let count = pin.count
    #expect(!byte && !scalar && count == PIN.capacity)
  }

  @Test func comparison() throws {
    func isEqual(_ left: String, _ right: String) throws -> Bool {
      let left = try makePIN(left)
      let right = try makePIN(right)
      return PIN.isEqual(left, right)
    }
    #expect(try isEqual("123456", "123456"))
    #expect(try !isEqual("123456", "123457"))
    #expect(try !isEqual("123456", "12345"))
  }

  @Test func theProcessCannotBeDumped() throws {
    _ = try PIN()
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
    #expect(ukey_get_dumpable() == 0)
  }
}

@Suite struct PINPolicyTests {
  /// SP 800-73-4 has PIV PINs as digits; the PUK is of any characters.
  @Test func lettersInAPIVPINAreWarnedOf() throws {
    let letters = try makePIN("a7k2m9")
    #expect(PINPolicy.piv.refusal(new: letters) == nil)
    #expect(PINPolicy.piv.warnings(new: letters, identities: []) == [.notDigits])
    #expect(PINPolicy.piv.of(.admin).warnings(new: letters, identities: []).isEmpty)
    #expect(PINPolicy.gmt.warnings(new: letters, identities: []).isEmpty)
  }

  private func refusal(new text: String, _ policy: PINPolicy = .piv) throws -> PINRule? {
    let pin = try makePIN(text)
    return policy.refusal(new: pin)
  }

  @Test func hardRules() throws {
    #expect(try refusal(new: "") == .empty)
    #expect(try refusal(new: "12345") == .tooShort(minimum: 6))
    #expect(try refusal(new: "123456789") == .tooLong(maximum: 8))
    #expect(try refusal(new: "12345é") == .notASCII)
    #expect(try refusal(new: "１２３４５６") == .fullWidth)
    #expect(try refusal(new: "123　456") == .fullWidth)
    #expect(try refusal(new: "aB3$x9") == nil)
    // A PIN that is on the key already may be shorter than new ones must be.
    let short = try makePIN("123")
    let rule = PINPolicy.piv.refusal(current: short)
    #expect(rule == nil)
    #expect(try refusal(new: "1234567890123456", .gmt) == nil)
    #expect(try refusal(new: "12345678901234567", .gmt) == .tooLong(maximum: 16))
  }

  @Test func weakRules() throws {
    let policy = PINPolicy.gmt
    func warnings(_ text: String) throws -> [PINRule] {
      let pin = try makePIN(text)
      return policy.warnings(new: pin, identities: ["9144030071526726XG", "DEMO-GM-00412"])
    }
    #expect(try warnings("12345678") == [.wellKnown, .run])
    #expect(try warnings("888888") == [.allAlike])
    #expect(try warnings("987654") == [.run])
    #expect(try warnings("715267") == [.partOfIdentity])
    #expect(try warnings("7g2K9q") == [])
  }
}

@Suite struct TryConsentTests {
  @Test func whatItTakes() {
    let table: [(left: Int?, maximum: Int?, TryConsent)] = [
      (10, 10, .normal), (4, 10, .normal), (3, 10, .low), (2, 10, .low), (1, 10, .last), (0, 10, .last),
      // As delivered: a full counter is not few, the last try is.
      (3, 3, .normal), (2, 3, .low), (2, 2, .normal), (1, 1, .last),
      // A PIV card does not say its maximum.
      (3, nil, .normal), (2, nil, .low), (1, nil, .last), (nil, 10, .low), (nil, nil, .low),
    ]
    for row in table {
      #expect(TryConsent.needed(triesLeft: row.left, of: row.maximum) == row.2, "\(row)")
      let status = PINStatus(triesMax: row.maximum, triesLeft: row.left, isLocked: row.left == 0, isDefault: nil)
      #expect(status.consentNeeded == row.2 && status.isLow == (row.left != nil && row.2 > .normal), "\(row)")
    }
  }
}
