import SoftToken
import Testing

@Suite struct FaultRuleTests {
  @Test func readsWhatItWrites() throws {
    let rule = try #require(FaultRule(text: "ins=1A,kind=status,sw=6C10,when=after"))
    #expect(rule.trigger == .instruction(0x1A) && rule.carriesOut)
    guard case .status(0x6C10) = rule.fault else {
      Issue.record("\(rule.fault)")
      return
    }
    let plain = try #require(FaultRule(text: "n=5,kind=truncated"))
    #expect(plain.trigger == .number(5) && !plain.carriesOut)
  }

  @Test(arguments: [
    "", "n=5", "kind=empty", "n=0,kind=empty", "n=5,ins=18,kind=empty", "n=5,kind=status", "n=5,kind=status,sw=12345",
    "n=5,kind=empty,when=never", "n=5,kind=truncated,bytes=-1", "n=5,kind=empty,extra=1", "n=5,n=6,kind=empty", "n",
  ])
  func refusesTheRest(text: String) {
    #expect(FaultRule(text: text) == nil)
  }

  @Test func strikesOnceAndWhereTold() throws {
    let info: [UInt8] = [0x80, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00]
    let card = FaultCard(try GMCard.demo(.blank))
    card.rules = ["n=2,kind=empty", "n=3,kind=truncated,bytes=3,when=after", "n=4,kind=truncated", "n=6,kind=endless"]
      .compactMap(FaultRule.init)
    var held: [Int] = []
    card.rules += [try #require(FaultRule(text: "n=5,kind=hold"))]
    card.onHold = { held.append($0) }
    #expect((1...7).map { _ in card.process(info).count } == [290, 0, 3, 1, 290, 257, 257])
    #expect(held == [5])
  }

  @Test func anInstructionIsMetByTheCommandThatActs() throws {
    let card = FaultCard(PIVCard())
    card.rules = [try #require(FaultRule(text: "ins=20,kind=status,sw=1234"))]
    _ = card.process([0x00, 0xA4, 0x04, 0x00, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00])
    #expect(card.process([0x00, 0x20, 0x00, 0x80]) == [0x63, 0xC3])
    let verify: [UInt8] = [0x00, 0x20, 0x00, 0x80, 0x08] + Array("123456".utf8) + [0xFF, 0xFF]
    #expect(card.process(verify) == [0x12, 0x34])
    #expect(card.process(verify) == [0x90, 0x00])
  }
}
