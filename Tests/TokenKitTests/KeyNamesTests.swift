import Testing

@testable import TokenKit

@Suite struct KeyNamesTests {
  private func names(_ text: String) -> KeyNames { KeyNames(Array(text.utf8), file: "n.conf") }

  @Test func aKeyIsFoundByItsSerial() {
    let names = names("# mine\n[names]\n DEMO-1 = 张工的公司锁 \nA%20B=two\nDEMO-1 = 换了\n")
    #expect(names.mistakes.isEmpty && names[TokenName("DEMO-1")] == "换了")
    #expect(names[TokenName("A B")] == "two" && names[TokenName("demo-1")] == nil && names[nil] == nil)
    #expect(names[TokenName("")] == nil)
  }

  @Test(arguments: [
    ("x = y", 1), ("[names]\nno equals", 2), ("[names]\nS = a\u{202E}b", 2), ("[names]\nS =", 2), ("[other]", 1),
    ("[names]\nS = " + String(repeating: "长", count: 41), 2),
  ])
  func whatIsNoNameIsToldWithItsPlace(_ text: String, _ line: Int) {
    let names = names(text)
    #expect(names.all.isEmpty && names.mistakes.map(\.line) == [line])
  }

  @Test func anySerialIsOneWordOfTheFile() {
    let odd = TokenName([0x23, 0x5B, 0x3D, 0x20, 0x0A, 0x00, 0xD6, 0xD0])
    #expect(KeyNames.encoded(odd) == "%23%5B%3D%20%0A%00%D6%D0")
    let file = KeyNames.edited([], serial: KeyNames.encoded(odd), name: "奇")
    #expect(KeyNames(file, file: "n")[odd] == "奇")
  }

  @Test func editingKeepsWhatElseStandsThere() {
    func edit(_ text: String, _ name: String?) -> String {
      String(decoding: KeyNames.edited(Array(text.utf8), serial: "S", name: name), as: UTF8.self)
    }
    #expect(edit("", "a") == "[names]\nS = a\n")
    #expect(edit("", nil).isEmpty)
    #expect(edit("# c\n[names]\nT = t\nS = a\n# d", "b") == "# c\n[names]\nT = t\nS = b\n# d\n")
    #expect(edit("[names]\nT = t\n", "b") == "[names]\nS = b\nT = t\n")
    #expect(edit("[names]\nS = 1\nT = t\nS = 2\n", nil) == "[names]\nT = t\n")
    #expect(edit("[other]\nS = 1\n", "b") == "[other]\nS = 1\n[names]\nS = b\n")
  }

  @Test func noiseIsToldWithinLimits() {
    let names = KeyNames((0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 197 >> 3) }, file: "noise")
    #expect(names.mistakes.count <= 20 && names.all.isEmpty)
  }
}
