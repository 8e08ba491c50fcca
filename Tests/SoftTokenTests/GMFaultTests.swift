import Failures
import SeededRandom
import SmartCard
import Testing

@testable import SoftToken

@Suite struct GMFuzzTests {
  @Test(arguments: [GMCardBehaviour.aLM, .bLE])
  func anyCommandIsAnswered(behaviour: GMCardBehaviour) throws {
    let token = try GMCard.demo(behaviour: behaviour)
    let host = Host(token)
    var generator = SeededRandom(0x17)
    let application = host.openApplication()
    let ids = application + host.openContainer("DEMO-SM2-DUAL", application)
    let variant = behaviour.pinBlock == .zeroFilled ? "B" : "A"
    var kinds: Set<String> = []
    for round in 0..<6000 {
      if round % 200 == 0 {
        _ = host.openApplication()
        _ = host.openContainer("DEMO-SM2-DUAL", application)
        _ = host.verify("123456", application, variant: variant)
      }
      let answer = token.process(command(&generator, ids: ids))
      #expect(answer.count >= 2 && answer.count <= 65_538)
      kinds.insert(host.status(answer))
    }
    // Deep enough to be worth something.
    for status in ["9000", "6700", "6a86", "698a", "6a94"] { #expect(kinds.contains(status)) }
    #expect(kinds.count > 12)
  }

  /// Random bytes, dressed more or less like a command.
  private func command(_ generator: inout SeededRandom, ids: [UInt8]) -> [UInt8] {
    func random(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
    if random(10) == 0 { return bytes(random(40)) }
    let instruction = random(12) == 0 ? UInt8.random(in: 0...255, using: &generator) : UInt8(random(0x45) * 2)
    let sealed: [UInt8] = [0x12, 0x16, 0x1A]
    var head: [UInt8] = [sealed.contains(instruction) ? 0x84 : 0x80, instruction]
    head += random(3) == 0 ? bytes(2) : [UInt8(random(3)), UInt8(random(3))]
    var data = random(3) == 0 ? [] : Array(ids.prefix(random(2) == 0 ? 2 : 4)) + bytes(random(64))
    if random(8) == 0 { data += Array("DEMO-SM2-DUAL".utf8) }
    switch random(5) {
    case 0: return head
    case 1: return head + [UInt8(random(256))]
    case 2: return head + [UInt8(data.count)] + data + bytes(random(2))
    case 3: return head + [0, 0, UInt8(data.count)] + data
    default: return head + [0, 0, UInt8(data.count)] + data + [UInt8(random(2)), UInt8(random(256))]
    }
  }
}

@Suite struct GMFaultTests {
  private let deviceInfo = hex("80040000000000")

  @Test func misbehavesExactlyWhereTold() throws {
    let card = FaultCard(try GMCard.demo(.blank))
    card.faults = [
      2: .truncated(5), 3: .empty, 4: .status(0x6F00), 5: .garbage([1]), 6: .truncated(-1), 7: .truncated(1_000_000),
    ]
    #expect((1...8).map { _ in card.process(deviceInfo).count } == [290, 5, 0, 2, 1, 0, 290, 290])
    card.endlessFrom = 10
    #expect(card.process(deviceInfo).count == 290)
    #expect(card.process(deviceInfo).suffix(2) == [0x61, 0xFF])
    #expect(card.process(hex("00C00000FF")).count == 257)
    #expect(card.count == 11)
    #expect(card.log[0] == .init(header: hex("80040000"), commandLength: 7, answerLength: 290, statusWord: 0x9000))
    #expect(card.log[2].statusWord == nil)
  }

  @Test func theLogHoldsNoBody() throws {
    let card = FaultCard(try GMCard.demo())
    let host = Host(card)
    #expect(host.verify("123456", host.openApplication()) == "9000")
    #expect(card.log.allSatisfy { $0.header.count == 4 })
  }

  @Test func linkCarriesCommandsAndRemoval() throws {
    let card = FaultCard(try GMCard.demo())
    let link = InProcessLink(card)
    card.faults = [2: .empty, 3: .removeAfter]
    card.onRemove = { [weak link] in link?.remove() }
    var buffer = [UInt8](repeating: 0, count: 300)
    func transmit() throws(Failure) -> Int {
      var result: Result<Int, Failure> = .success(0)
      deviceInfo.withUnsafeBytes { command in
        buffer.withUnsafeMutableBytes { response in
          do throws(Failure) {
            result = .success(try link.transmit(command, into: response))
          } catch { result = .failure(error) }
        }
      }
      return try result.get()
    }
    try link.beginTransaction()
    #expect(try transmit() == 290)
    #expect(text(buffer[288..<290]) == "9000")
    #expect(#expect(throws: Failure.self) { try transmit() }?.code == .cardCommunication)
    #expect(#expect(throws: Failure.self) { try transmit() }?.code == .cardRemoved)
    #expect(#expect(throws: Failure.self) { try link.beginTransaction() }?.code == .cardRemoved)
    link.insert()
    try link.beginTransaction()
    #expect(try transmit() == 290)
    buffer = [UInt8](repeating: 0, count: 100)
    #expect(#expect(throws: Failure.self) { try transmit() }?.code == .cardCommunication)
  }

  @Test func resettingForgetsThePIN() throws {
    let token = try GMCard.demo()
    let link = InProcessLink(token)
    let host = Host(token)
    let application = host.openApplication()
    #expect(host.verify("123456", application) == "9000")
    link.endTransaction(resetting: false)
    #expect(text(host.send("80400000", application + [0x41], le: "0002")) == "30049000")
    link.endTransaction(resetting: true)
    _ = host.openApplication()
    #expect(text(host.send("80400000", application + [0x42], le: "0002")) == "6982")
  }
}
