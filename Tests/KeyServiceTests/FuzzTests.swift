import KeyService
import SeededRandom
import Testing

/// Whatever bytes come by the sockets: no trap, nothing signed, an end of every connection, and the next page is answered.
@Suite(.serialized) struct KeyServiceFuzzTests {
  /// A message spoilt is refused or means something else; it never opens the key.
  @Test(arguments: Messages.samples.keys.sorted()) func fuzzMessages(name: String) throws {
    let all = Adapters.all(RefusalTexts(chinese: \.name, english: \.name))
    let adapter = try require(all.first { $0.name == name })
    var random = SeededRandom(UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }))
    let samples = Messages.samples[name] ?? []
    for round in 0..<Fuzzing.rounds {
      let call = adapter.call(Fuzzing.spoilt(samples[round % samples.count], &random))
      #expect(!call.answer(.refused(.malformed)).isEmpty)
      if case .unlock = call.operation { Issue.record("\(name) unlocks") }
    }
    for sample in samples {
      for length in 0..<sample.count { _ = adapter.call(Array(sample.prefix(length))) }
    }
  }

  /// A connection costs more than a message.
  private var connections: Int { max(200, Fuzzing.rounds / 20) }

  private static let statuses: Set<String> = [
    "101", "200", "204", "308", "400", "403", "404", "405", "413", "421", "431",
  ]

  @Test func fuzzRequests() throws {
    let server = try WireServer()
    var random = SeededRandom(11)
    for round in 0..<connections {
      let adapter = server.adapters[round % server.adapters.count]
      let port = try server.port(adapter.name)
      let path = adapter.paths[0].isEmpty ? "/" : adapter.paths[0]
      let message = (Messages.samples[adapter.name] ?? [])[round % 3]
      var sample = Wire.post(path, message, port: port)
      if adapter.transport.contains(.socket), round % 4 == 0 { sample = Wire.upgrade(path, port: port) }
      // Head and body are hit alike, though the body is short.
      let isInBody = round % 2 == 0 && Wire.isHead(sample)
      let bytes =
        isInBody
        ? Wire.post(path, Fuzzing.spoilt(message, &random), port: port) : Fuzzing.spoilt(sample, &random)
      let client = try WireClient(port: port)
      send(bytes, client, &random)
      client.finish()
      let answer = try #require(client.receive(), "round \(round) has no end")
      guard !answer.isEmpty else { continue }
      let words = String(decoding: answer.prefix(40), as: UTF8.self).split(separator: " ")
      #expect(words.first == "HTTP/1.1" && words.count > 1 && Self.statuses.contains(String(words[1])), "\(words)")
    }
    try isWell(server)
  }

  @Test func fuzzFrames() throws {
    let server = try WireServer()
    let adapters = server.adapters.filter { $0.transport.contains(.socket) }
    var random = SeededRandom(12)
    for round in 0..<connections {
      let adapter = adapters[round % adapters.count]
      let client = try opened(adapter, server)
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        bytes += frame((Messages.samples[adapter.name] ?? []).randomElement(using: &random) ?? [], &random)
      }
      if round % 3 == 0 { bytes = Fuzzing.spoilt(bytes, &random) }
      send(bytes, client, &random)
      client.finish()
      let answer = try #require(client.receive(), "round \(round) has no end")
      let opcodes = try #require(Wire.opcodes(answer), "round \(round)")
      // Text, close, pong; nothing comes behind a close.
      #expect(opcodes.allSatisfy { [1, 8, 10].contains($0) } && !opcodes.dropLast().contains(8), "\(opcodes)")
    }
    try isWell(server)
  }

  // MARK: Help

  /// A frame that may have anything wrong with it.
  private func frame(_ message: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    let payload = Bool.random(using: &random) ? message : Fuzzing.spoilt(message, &random)
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return Wire.frame(payload, mask: nil)
    case 1: return Wire.frame(payload, opcode: UInt8.random(in: 0...255, using: &random))
    case 2:
      return Wire.frame(Array(payload.prefix(130)), opcode: [0x88, 0x89, 0x8A].randomElement(using: &random) ?? 0x89)
    case 3:
      let middle = Int.random(in: 0...payload.count, using: &random)
      return Wire.frame(Array(payload[..<middle]), opcode: 0x01) + Wire.frame(Array(payload[middle...]), opcode: 0x80)
    // Lengths that are not there, the longest among them.
    case 4: return [0x81, 0xFF] + (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) } + payload
    case 5: return [0x82, 0xFE, 0xFF, 0xFF] + payload
    default: return Wire.frame(payload, opcode: Bool.random(using: &random) ? 0x81 : 0x82)
    }
  }

  /// In pieces, as networks deliver.
  private func send(_ bytes: [UInt8], _ client: WireClient, _ random: inout SeededRandom) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...max(1, rest.count), using: &random)
      guard client.send(Array(rest.prefix(count))) else { return }
      rest = rest.dropFirst(count)
    }
  }

  private func opened(_ adapter: any Adapter, _ server: WireServer) throws -> WireClient {
    let port = try server.port(adapter.name)
    let client = try WireClient(port: port)
    client.send(Wire.upgrade(adapter.paths[0].isEmpty ? "/" : adapter.paths[0], port: port))
    let head = try #require(client.receive(until: Wire.isHead))
    try #require(head.starts(with: Array("HTTP/1.1 101 ".utf8)), "\(String(decoding: head, as: UTF8.self))")
    return client
  }

  /// Nothing was signed, no try is gone, and who comes next is answered on each interface.
  private func isWell(_ server: WireServer) throws {
    #expect(server.signed.isEmpty)
    for adapter in server.adapters {
      if adapter.transport.contains(.socket) {
        let client = try opened(adapter, server)
        client.send(Wire.frame(try require(Messages.samples[adapter.name]?.first)))
        let answer = try #require(client.receive { Wire.opcodes($0)?.contains(1) == true })
        #expect(Wire.opcodes(answer)?.contains(1) == true, "\(adapter.name)")
      }
      if adapter.transport.contains(.post) {
        let port = try server.port(adapter.name)
        let client = try WireClient(port: port)
        client.send(Wire.post(adapter.paths[0], try require(Messages.samples[adapter.name]?.first), port: port))
        let answer = try #require(client.receive { Wire.isHead($0) })
        #expect(answer.starts(with: Array("HTTP/1.1 200 ".utf8)), "\(adapter.name)")
      }
    }
    let caller = try server.counter.caller()
    #expect(server.counter.perform(.triesLeft(.current), caller) == .number(10))
  }
}
