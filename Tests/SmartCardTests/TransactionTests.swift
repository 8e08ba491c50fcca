import Failures
import Testing

@testable import SmartCard

/// A card that plays a script: each command has to be the expected one and gets the recorded answer.
final class ScriptedLink: CardLink {
  struct Step {
    var command: [UInt8]
    var answer: [UInt8]
  }

  let atr: [UInt8] = [0x3B, 0x00]
  var cardProtocol = CardProtocol.t1
  var steps: [Step]
  private(set) var begun = 0
  private(set) var ended = 0

  init(_ steps: [([UInt8], [UInt8])]) { self.steps = steps.map { Step(command: $0.0, answer: $0.1) } }

  func beginTransaction() throws(Failure) { begun += 1 }
  func endTransaction(resetting: Bool) { ended += 1 }

  func transmit(
    _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    guard let step = steps.first else { throw Failure(.internalError, context: "script at its end") }
    #expect(Array(command) == step.command)
    steps.removeFirst()
    response.copyBytes(from: step.answer)
    return step.answer.count
  }
}

@Suite struct CardTransactionTests {
  @Test func lastsAsLongAsItsValue() throws {
    let link = ScriptedLink([])
    do {
      let card = try CardTransaction(link)
      #expect(link.begun == 1 && link.ended == 0)
      _ = card.atr
    }
    #expect(link.ended == 1)
  }

  @Test func collectsPieces() throws {
    let link = ScriptedLink([
      ([0, 0xCB, 0, 0, 0], [1, 2, 0x61, 0x02]), ([0, 0xC0, 0, 0, 2], [3, 4, 0x61, 0x00]),
      ([0, 0xC0, 0, 0, 0], [5, 0x90, 0x00]),
    ])
    let card = try CardTransaction(link)
    #expect(
      try card.send(CommandAPDU(ins: 0xCB, le: 256)) == ResponseAPDU(data: [1, 2, 3, 4, 5], status: .success))
    #expect(link.steps.isEmpty)
  }

  /// A card or reader without extended length says 6700; the same is then asked in the short form, and only that from there
  /// on, also where a command is sent once.
  @Test func goesOnInTheShortFormWhereExtendedLengthIsRefused() throws {
    let link = ScriptedLink([
      ([0x80, 4, 0, 0, 0, 0, 0], [0x67, 0x00]), ([0x80, 4, 0, 0, 0], [0x61, 0x02]),
      ([0, 0xC0, 0, 0, 2], [7, 8, 0x90, 0x00]), ([0x80, 0x22, 0, 0, 0], [9, 0x90, 0x00]),
      ([0x80, 0x18, 0, 1, 2, 1, 2], [0x63, 0xC5]),
    ])
    let card = try CardTransaction(link)
    let all = CommandAPDU(cla: 0x80, ins: 4, le: 65_536)
    #expect(try card.send(all, form: .extended) == ResponseAPDU(data: [7, 8], status: .success))
    #expect(try card.send(CommandAPDU(cla: 0x80, ins: 0x22, le: 65_536), form: .extended).data == [9])
    let once = CommandAPDU(cla: 0x80, ins: 0x18, p2: 1, data: [1, 2])
    #expect(try card.sendOnce(once, form: .extended).status.triesLeft == 5)
    #expect(link.steps.isEmpty)
  }

  /// A length that is wrong in both forms is the command's: the card is not taken for one without extended length.
  @Test func aLengthThatIsWrongInBothFormsTeachesNothing() throws {
    let link = ScriptedLink([
      ([0x80, 4, 0, 0, 0, 0, 0], [0x67, 0x00]), ([0x80, 4, 0, 0, 0], [0x6C, 0x00]),
      ([0x80, 4, 0, 0, 0], [0x67, 0x00]),
      ([0x80, 4, 0, 0, 0, 1, 0x20], [7, 0x90, 0x00]),
    ])
    let card = try CardTransaction(link)
    #expect(try card.send(CommandAPDU(cla: 0x80, ins: 4, le: 65_536), form: .extended).status == .wrongLength)
    #expect(try card.send(CommandAPDU(cla: 0x80, ins: 4, le: 0x120), form: .extended).data == [7])
    #expect(link.steps.isEmpty)
  }

  /// T=0 has no extended length (ISO/IEC 7816-3 §12.2).
  @Test func t0KnowsNoExtendedLength() throws {
    let link = ScriptedLink([([0x80, 4, 0, 0, 0], [7, 0x90, 0x00]), ([0x80, 0x18, 0, 1, 1, 9], [0x90, 0x00])])
    link.cardProtocol = .t0
    let card = try CardTransaction(link)
    #expect(try card.send(CommandAPDU(cla: 0x80, ins: 4, le: 65_536), form: .extended).data == [7])
    #expect(
      try card.sendOnce(CommandAPDU(cla: 0x80, ins: 0x18, p2: 1, data: [9]), form: .extended).status.isSuccess)
  }

  @Test func repeatsWithTheRightLe() throws {
    let link = ScriptedLink([([0, 4, 0, 0, 0], [0x6C, 0x03]), ([0, 4, 0, 0, 3], [7, 8, 9, 0x90, 0])])
    let card = try CardTransaction(link)
    #expect(try card.send(CommandAPDU(ins: 4, le: 256)).data == [7, 8, 9])
  }

  @Test func t0SendsNoLeBehindData() throws {
    let link = ScriptedLink([
      ([0, 0xA4, 4, 0, 2, 1, 2], [0x61, 0x03]), ([0, 0xC0, 0, 0, 3], [7, 8, 9, 0x90, 0]),
      ([0, 0xA4, 4, 0, 2, 1, 2], [0x90, 0x00]), ([0, 0xA4, 4, 0, 2, 1, 2, 0], [5, 0x90, 0]),
    ])
    link.cardProtocol = .t0
    let card = try CardTransaction(link)
    let command = CommandAPDU(ins: 0xA4, p1: 4, data: [1, 2], le: 256)
    #expect(try card.send(command).data == [7, 8, 9])
    #expect(try card.send(command).data == [5])
  }

  @Test func leavesExtended6C00ToTheDriver() throws {
    let link = ScriptedLink([([0x80, 4, 0, 0, 0, 0, 0], [0x6C, 0x00])])
    let card = try CardTransaction(link)
    #expect(try card.send(CommandAPDU(cla: 0x80, ins: 4, le: 65_536), form: .extended).status.rawValue == 0x6C00)
  }

  @Test func chainsLongData() throws {
    let data = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    let link = ScriptedLink([
      ([0x10, 0xDB, 0x3F, 0xFF, 255] + data[..<255], [0x90, 0]),
      ([0, 0xDB, 0x3F, 0xFF, 45] + data[255...], [0x90, 0]),
    ])
    let card = try CardTransaction(link)
    #expect(try card.send(CommandAPDU(ins: 0xDB, p1: 0x3F, p2: 0xFF, data: data)).status.isSuccess)
  }

  @Test func endlessAnswerIsRefused() throws {
    final class Endless: CardLink {
      let atr: [UInt8] = []
      let cardProtocol = CardProtocol.t1
      var piece = 256
      var sent = 0
      func beginTransaction() throws(Failure) {}
      func endTransaction(resetting: Bool) {}
      func transmit(
        _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
      ) throws(Failure) -> Int {
        sent += 1
        response[piece] = 0x61
        response[piece + 1] = 0x00
        return piece + 2
      }
    }
    let link = Endless()
    let card = try CardTransaction(link)
    #expect(throws: Failure.self) { try card.send(CommandAPDU(ins: 0xCB, le: 256)) }
    #expect(link.sent <= 1 + CardTransaction.maxAnswer / 256 + 1)
    link.piece = 0
    link.sent = 0
    #expect(throws: Failure.self) { try card.send(CommandAPDU(ins: 0xCB, le: 256)) }
    #expect(link.sent == 2)
  }

  @Test func shortAnswerIsMalformed() throws {
    let card = try CardTransaction(ScriptedLink([([0, 1, 0, 0], [0x90])]))
    #expect(throws: Failure(.answerMalformed, function: "SCardTransmit", context: "1")) {
      try card.send(CommandAPDU(ins: 1))
    }
  }
}
