import KeyService
import LoginToken
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("https://portal.example", "https://portal.example"),
    ("https://xn--fiqs8s.example", "https://xn--fiqs8s.example (中国.example)"),
    ("https://xn--80ak6aa92e.com:8443", "https://xn--80ak6aa92e.com:8443 (аррӏе.com)"),
    // Broken punycode stays as it is.
    ("https://xn--a-0.example", "https://xn--a-0.example (xn--a-0.example)"),
  ])
  func showsBothFormsOfAName(_ text: String, _ shown: String) throws {
    #expect(try require(WebOrigin(text)).shown == shown)
  }

  @Test func previewsWhatIsSigned() {
    #expect(FreeData.preview(Array("登录 123".utf8)) == "登录 123")
    #expect(FreeData.preview([0xFF, 0x00, 0x41]) == "FF 00 41")
    #expect(FreeData.preview(Array("a\u{202E}b\u{1B}[2J\n".utf8)) == "a\\u{202E}b\\u{1B}[2J\\u{A}")
    let long = FreeData.preview([UInt8](repeating: 0x41, count: 5000))
    #expect(long == String(repeating: "A", count: 120) + "…")
    let han = FreeData.preview(Array(String(repeating: "深", count: 3000).utf8))
    #expect(han == String(repeating: "深", count: 120) + "…")
  }
}
