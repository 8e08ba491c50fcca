import Base
import SeededRandom
import Testing

@testable import TerminalKit

@Suite struct FrameTests {
  @Test func aWideCharacterIsNeverCut() {
    var frame = Frame(size: Size(width: 5, height: 1))
    frame.text("深圳市", x: 0, y: 0)
    #expect(frame.lines == ["深圳"])
    #expect(frame.isWellFormed)
    frame.text("x", x: 1, y: 0)
    #expect(frame.lines == [" x圳"])
    #expect(frame.isWellFormed)
    frame.text("市", x: 1, y: 0)
    #expect(frame.lines == [" 市"])
    #expect(frame.isWellFormed)
    frame.text("汉", x: -1, y: 0)
    #expect(frame.isWellFormed)
    frame.text("汉", x: 4, y: 0)
    #expect(frame.lines == [" 市"])
  }

  @Test func combiningMarksJoinTheirCell() {
    var frame = Frame(size: Size(width: 4, height: 1))
    let end = frame.text("e\u{301}x\u{200D}y", x: 0, y: 0)
    #expect(end == 3)
    #expect(frame[0, 0]?.marks == ["\u{301}"])
    #expect(frame[1, 0]?.marks == [])
    frame.text("a" + String(repeating: "\u{301}", count: 50), x: 0, y: 0)
    #expect(frame[0, 0]?.marks.count == Cell.marksLimit)
  }

  @Test func controlAndBidiCharactersAreReplaced() {
    var frame = Frame(size: Size(width: 8, height: 1))
    frame.text("a\u{1B}[\u{9B}\tb", x: 0, y: 0)
    #expect(frame.lines == ["a\u{FFFD}[\u{FFFD}\u{FFFD}b"])
    frame.text("\u{202E}\n\u{0}", x: 0, y: 0)
    #expect(!frame.cells.contains { $0.scalar.value < 0x20 || $0.marks.contains("\u{202E}") })
  }

  @Test func anyDrawingLeavesAWellFormedFrame() {
    var random = SeededRandom(42)
    let texts = ["汉字abc", "x", "😀é", "", "┌─┐", String(repeating: "宽", count: 30)]
    for _ in 0..<300 {
      let size = Size(width: .random(in: 0..<20, using: &random), height: .random(in: 0..<6, using: &random))
      var frame = Frame(size: size)
      for _ in 0..<20 {
        let x = Int.random(in: -10..<25, using: &random)
        let y = Int.random(in: -3..<8, using: &random)
        let w = Int.random(in: -2..<25, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: frame.text(texts.randomElement(using: &random) ?? "", x: x, y: y, width: w)
        case 1: frame.fill(Rect(x: x, y: y, width: w, height: 3))
        case 2: frame.box(Rect(x: x, y: y, width: w, height: 4))
        default: frame.progress(x: x, y: y, width: w, part: Double(y), style: .ok)
        }
        #expect(frame.isWellFormed)
      }
    }
  }

  @Test func asciiStandInsKeepTheWidth() {
    for scalar in ["─", "●", "✓", "汉", "，", "あ", "a", "\u{FFFD}"] as [Unicode.Scalar] {
      let width = textWidth(scalar)
      let cell = Cell(scalar: scalar, marks: [], width: UInt8(width), style: .normal)
      #expect(transliterated(cell).count == width)
      #expect(!transliterated(cell).contains { !$0.isASCII })
    }
  }
}
