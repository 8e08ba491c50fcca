import SeededRandom
import Testing

@testable import TerminalKit

@Suite struct KeyDecoderTests {
  private func keys(_ bytes: [UInt8], sequences: [(bytes: [UInt8], key: Key)] = []) -> [Key] {
    var decoder = KeyDecoder(sequences: sequences)
    var result: [Key] = []
    for byte in bytes {
      decoder.append([byte])
      while let key = decoder.next() { result.append(key) }
    }
    while let key = decoder.next(flush: true) { result.append(key) }
    return result
  }

  private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  @Test func textAndControls() {
    #expect(keys("a汉😀") == [.character("a"), .character("汉"), .character("😀")])
    #expect(keys("\r\n\t\u{7F}\u{3}\u{1A}") == [.enter, .enter, .tab, .backspace, .control("c"), .control("z")])
  }

  @Test func sequences() {
    #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[D") == [.up, .down, .right, .left])
    #expect(keys("\u{1B}OP\u{1B}[12~\u{1B}[17~\u{1B}[21~\u{1B}[24~") == [1, 2, 6, 10, 12].map { Key.function($0) })
    #expect(keys("\u{1B}[[A\u{1B}[[E") == [.function(1), .function(5)])
    #expect(
      keys("\u{1B}[H\u{1B}[4~\u{1B}[5~\u{1B}[6~\u{1B}[Z\u{1B}[3~") == [
        .home, .end, .pageUp, .pageDown, .backTab, .delete,
      ])
    #expect(keys("\u{1B}[<0;3;2M") == [.mouse(Key.Mouse(button: .left, x: 2, y: 1))])
    #expect(keys("\u{1B}[<64;3;2M\u{1B}[<0;3;2m") == [.mouse(Key.Mouse(button: .wheelUp, x: 2, y: 1)), .unknown])
  }

  @Test func theKeypadInApplicationModeTypesDigits() {
    #expect(keys("\u{1B}Op\u{1B}Oy\u{1B}OM\u{1B}[p") == [.character("0"), .character("9"), .enter, .unknown])
  }

  @Test func escapeAlone() {
    var decoder = KeyDecoder()
    decoder.append([0x1B])
    #expect(decoder.next() == nil && decoder.isPending)
    #expect(decoder.next(flush: true) == .escape)
    #expect(keys("\u{1B}\u{1B}x") == [.escape, .escape, .character("x")])
  }

  /// A bad line brings Esc, and the rest of the function key later: it is that key, and no text.
  @Test(arguments: [
    ("OR", Key.function(3)), ("[19~", .function(8)), ("[B", .down), ("[[A", .function(1)), ("[1;5C", .right),
    ("OM", .enter),
  ])
  func whatComesLateIsTheKey(_ tail: String, _ key: Key) {
    var decoder = KeyDecoder()
    decoder.append([0x1B])
    #expect(decoder.next(flush: true) == .escape)
    decoder.append(Array(tail.utf8))
    #expect(decoder.next() == key && !decoder.isPending)
    // Without an Esc before it, the same is text.
    decoder.append(Array(tail.utf8))
    #expect(decoder.next() == .character(tail.unicodeScalars.first ?? " "))
  }

  @Test func whatIsTypedAfterEscIsText() {
    for (typed, first) in [("O", "O"), ("[", "["), ("OK", "O"), ("[x1", "["), ("q", "q")] as [(String, Unicode.Scalar)]
    {
      var decoder = KeyDecoder()
      decoder.append([0x1B])
      #expect(decoder.isLoneEscape && decoder.next(flush: true) == .escape)
      decoder.append(Array(typed.utf8))
      #expect(decoder.next() == .character(first), "\(typed)")
    }
  }

  @Test func theTerminalsOwnSequencesComeFirst() {
    #expect(keys(Array("\u{1B}[17~".utf8), sequences: [(Array("\u{1B}[17~".utf8), .function(1))]) == [.function(1)])
  }

  @Test func aPasteIsTextWhateverItsLineBreaks() {
    #expect(
      keys("a\u{1B}[200~1q\r\n汉\t\u{1B}[A\u{03}2\u{1B}[201~\r") == [
        .character("a"), .pasted("1"), .pasted("q"), .pasted("汉"), .pasted(" "), .pasted("["), .pasted("A"),
        .pasted("2"),
        .enter,
      ])
    // One whose end never comes ends with the waiting.
    var decoder = KeyDecoder()
    decoder.append(Array("\u{1B}[200~x\r".utf8))
    #expect(decoder.next() == .pasted("x") && decoder.next() == nil && decoder.isPasting)
    decoder.endPaste()
    decoder.append([0x0D])
    #expect(decoder.next() == .enter)
  }

  @Test func malformedUTF8IsDropped() {
    #expect(keys([0xC0, 0x80, 0x61]) == [.unknown, .unknown, .character("a")])
    #expect(keys([0xE6, 0x61]) == [.unknown, .character("a")])
    #expect(keys([0xED, 0xA0, 0x80]) == [.unknown])
    #expect(keys([0xE6, 0xB1]) == [.unknown])
  }

  @Test func anyBytesAreConsumedWithoutATrap() {
    var random = SeededRandom(1)
    for _ in 0..<3000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<60, using: &random) {
        bytes.append(
          [0x1B, 0x5B, 0x4F, 0x3C, 0x3B, 0x39, .random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0)
      }
      var decoder = KeyDecoder()
      decoder.append(bytes)
      var steps = 0
      while decoder.next(flush: true) != nil {
        steps += 1
        if steps > 1000 { break }
      }
      #expect(steps <= bytes.count && !decoder.isPending)
    }
  }
}
