import COpenSSL
import Failures

/// The state file: a line of text that says what it is, then nested tag-length-value items, then SHA-256 over all that.
///
/// Tag 1 byte, length 4 bytes big-endian. Items come in a fixed order inside their parent; a file of another version
/// is refused, so nothing unknown is ever dropped by writing it back.
enum GMStateCoding {
  static let header = Array(
    "UKEY GM/T 0017 soft token, state version 1. TEST MATERIAL: PIN keys and private keys stand here unprotected.\n"
      .utf8)

  private enum Tag: UInt8 {
    case device = 1
    case application, container, file
    case text, number, secret, slot
  }

  static func encode(_ state: GMState) throws(Failure) -> [UInt8] {
    var writer = Writer()
    writer.nest(.device) { device in
      device.text(state.manufacturer)
      device.text(state.issuer)
      device.text(state.label)
      device.text(state.serialNumber)
      device.secret(state.deviceKey)
      for application in state.applications { device.nest(.application) { $0.application(application) } }
    }
    let body = header + writer.bytes
    return body + (try checksum(body))
  }

  /// - Throws: `UK-620` for anything that ``encode(_:)`` did not write.
  static func decode(_ block: [UInt8]) throws(Failure) -> GMState {
    let body = Array(block.dropLast(32))
    guard body.starts(with: header), try checksum(body) == Array(block.suffix(32)) else {
      throw Failure(.softTokenState, function: "decode", context: "header, version or checksum")
    }
    do {
      var file = Reader(body.dropFirst(header.count))
      var device = try file.nested(.device)
      try file.end()
      var state = GMState(
        manufacturer: try device.text(), issuer: try device.text(), label: try device.text(),
        serialNumber: try device.text(), deviceKey: try device.secret(), applications: [])
      while !device.isEmpty {
        var application = try device.nested(.application)
        state.applications.append(try application.application())
      }
      return state
    } catch {
      throw Failure(.softTokenState, function: "decode", context: "structure")
    }
  }

  private static func checksum(_ body: [UInt8]) throws(Failure) -> [UInt8] {
    do {
      return try GMCrypto.digest(body, EVP_sha256())
    } catch {
      throw opensslFailure("EVP_Digest")
    }
  }

  private struct Malformed: Error {}

  private struct Writer {
    var bytes: [UInt8] = []

    mutating func item(_ tag: Tag, _ value: [UInt8]) {
      bytes.append(tag.rawValue)
      bytes.append(UInt32(clamping: value.count), .bigEndian)
      bytes += value
    }

    mutating func nest(_ tag: Tag, _ fill: (inout Writer) -> Void) {
      var inner = Writer()
      fill(&inner)
      item(tag, inner.bytes)
    }

    mutating func text(_ value: [UInt8]) { item(.text, value) }

    mutating func number(_ value: UInt32) {
      var field: [UInt8] = []
      field.append(value, .bigEndian)
      item(.number, field)
    }

    mutating func secret(_ value: GMSecret) {
      item(.secret, [value.maximum, value.remaining, value.isDefault ? 1 : 0] + value.key)
    }

    mutating func slot(_ value: GMSlot) {
      nest(.slot) {
        $0.text(value.privateKey)
        $0.number(value.bits)
        $0.text(value.certificate)
      }
    }

    mutating func application(_ value: GMApplication) {
      number(UInt32(value.id))
      text(value.name)
      secret(value.admin)
      secret(value.user)
      number(value.createFileRights)
      number(UInt32(value.maximumContainers))
      number(UInt32(value.maximumCertificates))
      number(UInt32(value.maximumFiles))
      for container in value.containers {
        nest(.container) {
          $0.number(UInt32(container.id))
          $0.text(container.name)
          $0.number(UInt32(container.kind.rawValue))
          $0.slot(container.signature)
          $0.slot(container.encryption)
        }
      }
      for file in value.files {
        nest(.file) {
          $0.text(file.name)
          $0.number(file.readRights)
          $0.number(file.writeRights)
          $0.text(file.content)
        }
      }
    }
  }

  private struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }

    func end() throws(Malformed) {
      guard rest.isEmpty else { throw Malformed() }
    }

    private mutating func item(_ tag: Tag) throws(Malformed) -> ArraySlice<UInt8> {
      guard rest.count >= 5, rest.first == tag.rawValue else { throw Malformed() }
      let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(5)
      guard rest.count >= length else { throw Malformed() }
      defer { rest = rest.dropFirst(length) }
      return rest.prefix(length)
    }

    mutating func nested(_ tag: Tag) throws(Malformed) -> Reader { Reader(try item(tag)) }

    mutating func text() throws(Malformed) -> [UInt8] { Array(try item(.text)) }

    mutating func number<T: FixedWidthInteger>(_: T.Type = T.self) throws(Malformed) -> T {
      let field = try item(.number)
      guard field.count == 4, let value = T(exactly: field.reduce(0) { $0 << 8 | UInt32($1) }) else {
        throw Malformed()
      }
      return value
    }

    mutating func secret() throws(Malformed) -> GMSecret {
      let field = Array(try item(.secret))
      guard field.count == 19, field[0] > 0, field[1] <= field[0], field[2] <= 1 else { throw Malformed() }
      return GMSecret(key: Array(field[3...]), maximum: field[0], remaining: field[1], isDefault: field[2] == 1)
    }

    mutating func slot() throws(Malformed) -> GMSlot {
      var slot = try nested(.slot)
      let value = GMSlot(
        privateKey: try slot.text(), bits: try slot.number(), certificate: try slot.text())
      try slot.end()
      return value
    }

    mutating func application() throws(Malformed) -> GMApplication {
      var value = GMApplication(
        id: try number(), name: try text(), admin: try secret(), user: try secret(), createFileRights: try number(),
        maximumContainers: try number(), maximumCertificates: try number(), maximumFiles: try number(),
        containers: [], files: [])
      while rest.first == Tag.container.rawValue {
        var container = try nested(.container)
        value.containers.append(try container.container())
      }
      while !rest.isEmpty {
        var file = try nested(.file)
        value.files.append(
          GMFile(
            name: try file.text(), readRights: try file.number(), writeRights: try file.number(),
            content: try file.text()))
        try file.end()
      }
      return value
    }

    private mutating func container() throws(Malformed) -> GMContainer {
      let id = try number(UInt16.self)
      let name = try text()
      guard let kind = GMContainer.Kind(rawValue: try number()) else { throw Malformed() }
      let value = GMContainer(id: id, name: name, kind: kind, signature: try slot(), encryption: try slot())
      try end()
      return value
    }
  }
}
