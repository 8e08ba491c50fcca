/// The fields of a form or a query, in `application/x-www-form-urlencoded` (WHATWG URL §5.1), strictly: what is no UTF-8 or
/// badly encoded is no form at all.
struct FormData: Sendable, Equatable {
  private var fields: [(name: String, value: String)] = []

  /// Fields of one form.
  static let limit = 100

  init() {}

  init?(_ bytes: some Collection<UInt8>) {
    for pair in bytes.split(separator: 0x26) {
      guard fields.count < Self.limit else { return nil }
      let end = pair.firstIndex(of: 0x3D) ?? pair.endIndex
      guard let name = Self.decoded(pair[..<end]), let value = Self.decoded(pair[end...].dropFirst()) else {
        return nil
      }
      fields.append((name, value))
    }
  }

  static func == (left: FormData, right: FormData) -> Bool {
    left.fields.elementsEqual(right.fields) { $0 == $1 }
  }

  /// The first of that name; of a field that comes twice nobody reads the second.
  subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The same, empty where it is missing.
  func text(_ name: String) -> String { self[name] ?? "" }

  private static func decoded(_ bytes: some Collection<UInt8>) -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case 0x2B: result.append(0x20)
      case 0x25:
        guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
        result.append(high << 4 | low)
      default: result.append(byte)
      }
    }
    // No NUL: nothing that is written here has one.
    guard !result.contains(0) else { return nil }
    return String(validating: result, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
