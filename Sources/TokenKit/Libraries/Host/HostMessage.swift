internal import Failures

/// One call of a library's function, as it travels to the host process: little-endian, 32 bytes of header, then the
/// data, then up to two secrets. A secret is never part of ``data``: it goes from locked memory to locked memory.
struct HostRequest: Sendable, Equatable {
  /// ``SKFFunction`` or ``P11Function``.
  var function: UInt16
  /// Handle as the host gave it (SKF), session or slot (PKCS#11); 0 when there is none.
  var handle: UInt64
  var number: UInt64
  var data: [UInt8]

  init(_ function: UInt16, handle: UInt64 = 0, number: UInt64 = 0, data: [UInt8] = []) {
    self.function = function
    self.handle = handle
    self.number = number
    self.data = data
  }

  static let headerSize = 32
  static let dataLimit = 65_536
  static let secretLimit = PIN.capacity
  private static let magic: UInt32 = 0x3151_4B55  // "UKQ1"

  /// Header and data; the secrets follow on the wire.
  func encoded(sequence: UInt32, secrets: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerSize + data.count)
    bytes.append(littleEndian: Self.magic)
    bytes.append(littleEndian: function)
    bytes.append(UInt8(truncatingIfNeeded: secrets.first.map { $0 + 1 } ?? 0))
    bytes.append(UInt8(truncatingIfNeeded: secrets.dropFirst().first.map { $0 + 1 } ?? 0))
    bytes.append(littleEndian: handle)
    bytes.append(littleEndian: number)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: data.count))
    bytes.append(littleEndian: sequence)
    return bytes + data
  }

  /// The header as parsed: what is still to be read behind it.
  struct Header: Equatable {
    var request: HostRequest
    var sequence: UInt32
    var dataCount: Int
    /// Lengths of the secrets; at most two, each at most ``secretLimit``.
    var secrets: [Int]
  }

  /// - Returns: `nil` for anything that is no request.
  static func header(_ bytes: [UInt8]) -> Header? {
    var reader = ByteReader(bytes)
    guard bytes.count == headerSize, reader.integer(UInt32.self) == magic, let function = reader.integer(UInt16.self),
      let first = reader.integer(UInt8.self), let second = reader.integer(UInt8.self),
      let handle = reader.integer(UInt64.self), let number = reader.integer(UInt64.self),
      let count = reader.integer(UInt32.self), let sequence = reader.integer(UInt32.self), count <= dataLimit,
      first <= secretLimit + 1, second <= secretLimit + 1, first > 0 || second == 0
    else { return nil }
    return Header(
      request: HostRequest(function, handle: handle, number: number), sequence: sequence, dataCount: Int(count),
      secrets: [first, second].filter { $0 > 0 }.map { Int($0) - 1 })
  }
}

/// What the host process answers: 24 bytes of header, then numbers, then data.
struct HostReply: Sendable, Equatable {
  enum Kind: UInt8, Sendable {
    /// The function returned; `code` is what it returned.
    case returned
    /// The library does not have it.
    case missing
    /// The handle or the arguments are not of this host.
    case badRequest
    /// Before anything of the library has run: `code` is the ``Confinement`` in force.
    case confined
    /// First message of the library: it is loaded; `data` says what it exports.
    case loaded
    /// It cannot be loaded; `data` says why.
    case notLoaded
  }

  var kind: Kind
  var code: UInt64
  var numbers: [UInt64]
  var data: [UInt8]

  init(_ kind: Kind, code: UInt64 = 0, numbers: [UInt64] = [], data: [UInt8] = []) {
    self.kind = kind
    self.code = code
    self.numbers = numbers
    self.data = data
  }

  static let headerSize = 24
  static let dataLimit = 1 << 20
  static let numberLimit = 8
  private static let magic: UInt32 = 0x3141_4B55  // "UKA1"

  func encoded(sequence: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: Self.magic)
    bytes.append(kind.rawValue)
    bytes.append(UInt8(truncatingIfNeeded: numbers.count))
    bytes.append(littleEndian: UInt16(0))
    bytes.append(littleEndian: sequence)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: data.count))
    bytes.append(littleEndian: code)
    for number in numbers { bytes.append(littleEndian: number) }
    return bytes + data
  }

  struct Header: Equatable {
    var kind: Kind
    var sequence: UInt32
    var code: UInt64
    var numberCount: Int
    var dataCount: Int

    var bodySize: Int { numberCount * 8 + dataCount }
  }

  /// - Returns: `nil` for anything that is no reply: the host is then not to be trusted any further.
  static func header(_ bytes: [UInt8]) -> Header? {
    var reader = ByteReader(bytes)
    guard bytes.count == headerSize, reader.integer(UInt32.self) == magic,
      let kind = reader.integer(UInt8.self).flatMap(Kind.init(rawValue:)), let numbers = reader.integer(UInt8.self),
      reader.integer(UInt16.self) == 0, let sequence = reader.integer(UInt32.self),
      let count = reader.integer(UInt32.self), let code = reader.integer(UInt64.self), numbers <= numberLimit,
      count <= dataLimit
    else { return nil }
    return Header(kind: kind, sequence: sequence, code: code, numberCount: Int(numbers), dataCount: Int(count))
  }

  init?(_ header: Header, body: [UInt8]) {
    guard body.count == header.bodySize else { return nil }
    var reader = ByteReader(body)
    var numbers: [UInt64] = []
    for _ in 0..<header.numberCount {
      guard let number = reader.integer(UInt64.self) else { return nil }
      numbers.append(number)
    }
    self.init(header.kind, code: header.code, numbers: numbers, data: Array(body.dropFirst(header.numberCount * 8)))
  }

  /// The number at this place, 0 when the host sent fewer.
  func number(_ index: Int) -> UInt64 { index < numbers.count ? numbers[index] : 0 }
}

/// Takes integers off the front of bytes from outside.
struct ByteReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Little-endian; `nil` when too few bytes are left.
  mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type) -> Value? {
    let size = Value.bitWidth / 8
    guard bytes.count - offset >= size else { return nil }
    var value: Value = 0
    for index in (0..<size).reversed() { value = (Value.bitWidth > 8 ? value << 8 : 0) | Value(bytes[offset + index]) }
    offset += size
    return value
  }

  mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, bytes.count - offset >= count else { return nil }
    defer { offset += count }
    return Array(bytes[offset..<(offset + count)])
  }
}

extension [UInt8] {
  mutating func append<Value: FixedWidthInteger & UnsignedInteger>(littleEndian value: Value) {
    for index in 0..<(Value.bitWidth / 8) { append(UInt8(truncatingIfNeeded: value >> Value(index * 8))) }
  }
}
