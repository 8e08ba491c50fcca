import Failures
import Testing

@Suite struct DisplaySafeTests {
  @Test(arguments: [
    "", "plain ASCII ~", "深圳市示例建设工程有限公司", "９１４４　（全角）", "Müller é", "𠮷野家", "😀", "C:\\dir", "\u{323B0}",
    "n\u{301}\u{302}\u{303}\u{304}m\u{301}",
  ])
  func leavesPrintingTextAlone(_ text: String) { #expect(displaySafe(text) == text) }

  @Test(arguments: [
    ("a\u{1B}[2J", "a\\u{1B}[2J"), ("\r\n\t\0", "\\u{D}\\u{A}\\u{9}\\u{0}"), ("\u{7F}\u{9B}", "\\u{7F}\\u{9B}"),
    ("x\u{202E}y\u{2066}z", "x\\u{202E}y\\u{2066}z"), ("a\u{200B}\u{200D}\u{FEFF}", "a\\u{200B}\\u{200D}\\u{FEFF}"),
    ("\u{AD}\u{34F}\u{3164}", "\\u{AD}\\u{34F}\\u{3164}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
    ("n\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}o", "n\u{301}\u{302}\u{303}\u{304}\\u{305}\\u{306}o"),
    ("\u{E000}", "\\u{E000}"), ("\u{E0041}", "\\u{E0041}"), ("\u{2800}", "\\u{2800}"), ("\u{FFFF}", "\\u{FFFF}"),
  ])
  func escapesTheRest(text: String, expected: String) {
    #expect(displaySafe(text) == expected)
    #expect(displaySafe(expected) == expected)
  }
}
