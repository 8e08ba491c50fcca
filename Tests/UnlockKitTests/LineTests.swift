import Testing

@testable import UnlockKit

/// Documents of one line, as a stranger may send them.
@Suite struct LineTests {
  /// Where a line ends in characters is not looked for before its length is: that took a hundred times as long as reading it.
  @Test(arguments: ["A", "/", "\u{301}", "é\r\n"])
  func whatIsFarTooLongIsRefusedAtOnce(_ piece: String) {
    let long = String(repeating: piece, count: (16 << 20) / piece.utf8.count)
    let clock = ContinuousClock()
    let time = (0..<3).map { _ in
      clock.measure {
        #expect(throws: (any Error).self) { try ChallengeTicket(parsing: long) }
        #expect(throws: (any Error).self) { try SealedResponse(parsing: long) }
        #expect(throws: (any Error).self) { try CompactRequest(parsing: long) }
      }
    }.min()
    #expect(time.map { $0 < .milliseconds(500) } == true, "\(String(describing: time))")
  }

  @Test func blanksAroundALineAreNoPartOfIt() {
    #expect(" \t\r\n深圳 A\u{301}\r\n ".trimmedLine == "深圳 A\u{301}")
    #expect("\n".trimmedLine.isEmpty && "".trimmedLine.isEmpty)
    #expect("x".trimmedLine == "x")
  }

  /// A mark that joins the separator before it to one character is part of the next field.
  @Test func fieldsEndAtTheByteOfTheSeparator() throws {
    var line = try LineReader("M/\u{301}/41", mark: "M", count: 2)
    #expect(try line.text(limit: 8) == "\u{301}")
    #expect(try line.bytes(1...1) == [0x41])
  }
}
