import KeyServer
import KeyService

/// All interfaces on ports of their own, for a site that may do everything; its holder cancels whatever is asked.
final class WireServer {
  let counter: Counter
  let adapters: [any Adapter]
  private let server: KeyServer

  init() throws {
    counter = try Counter()
    adapters = Adapters.all(RefusalTexts(chinese: \.name, english: \.name))
    for family in Set(adapters.map(\.family)) { try counter.allow(try counter.caller(adapter: family)) }
    server = KeyServer(
      ServerSettings(adapters: adapters.map { ($0, [AdapterPort(0)]) }), desk: counter.desk, shelf: counter.shelf,
      page: ProvingPage(desk: counter.desk, shelf: counter.shelf, trust: nil))
  }

  deinit { server.close() }

  func port(_ name: String) throws -> UInt16 {
    let found = server.ports.first { $0.adapter == name && $0.content == .open }
    return try require(found).port.number
  }

  /// What was signed, by its name in the log.
  var signed: [LogEntry] {
    counter.log.entries.filter { $0.outcome == "ok" && ($0.function.contains("ign") || $0.function == "loginToken") }
  }
}

/// Requests and frames as browsers send them.
enum Wire {
  static let origin = "https://portal.example"

  static func post(_ path: String, _ body: [UInt8], port: UInt16) -> [UInt8] {
    let head = """
      POST \(path) HTTP/1.1\r
      Host: 127.0.0.1:\(port)\r
      Origin: \(origin)\r
      Content-Type: text/plain\r
      Sec-Fetch-Mode: cors\r
      Content-Length: \(body.count)\r\n\r\n
      """
    return Array(head.utf8) + body
  }

  static func upgrade(_ path: String, port: UInt16) -> [UInt8] {
    Array(
      """
      GET \(path) HTTP/1.1\r
      Host: 127.0.0.1:\(port)\r
      Origin: \(origin)\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
      """.utf8)
  }

  /// RFC 6455, section 5.2; `opcode` with FIN and the reserved bits.
  static func frame(_ payload: [UInt8], opcode: UInt8 = 0x81, mask: [UInt8]? = [1, 2, 3, 4]) -> [UInt8] {
    let bit: UInt8 = mask == nil ? 0 : 0x80
    var bytes = [opcode]
    switch payload.count {
    case ..<126: bytes.append(bit | UInt8(payload.count))
    case ..<65_536: bytes += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: bytes += [bit | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
    }
    guard let mask else { return bytes + payload }
    return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
  }

  static func isHead(_ bytes: [UInt8]) -> Bool { bytes.firstRange(of: Array("\r\n\r\n".utf8)) != nil }

  /// Opcodes of the frames that a server sent; `nil` when they are not well-formed. The last one may be cut off.
  static func opcodes(_ bytes: [UInt8]) -> [UInt8]? {
    var found: [UInt8] = []
    var rest = bytes[...]
    while let first = rest.popFirst(), let second = rest.popFirst() {
      // Whole messages without extensions, and never masked.
      guard first & 0xF0 == 0x80, second & 0x80 == 0 else { return nil }
      var length = Int(second)
      if length >= 126 {
        let size = length == 126 ? 2 : 8
        guard rest.count >= size else { return found }
        guard length == 126 || rest.prefix(4).allSatisfy({ $0 == 0 }) else { return nil }
        length = rest.prefix(size).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(size)
      }
      guard rest.count >= length else { return found }
      rest = rest.dropFirst(length)
      found.append(first & 0x0F)
    }
    return found
  }
}
