/// A JSON value (RFC 8259) that keeps the order of members.
///
/// For writing, members whose value is `nil` are left out; a parsed value never holds any, nor a key twice.
package enum JSONValue: Sendable {
  case object([(String, JSONValue?)])
  case array([JSONValue])
  case string(String)
  case int(Int)
  /// A number that is no `Int` (fraction, exponent, too large, `-0`): its text as it stood, by the grammar of RFC 8259.
  case decimal(String)
  case bool(Bool)
  case null
}

extension JSONValue {
  /// The member of an object; `nil` when it is missing or this is no object.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    for (name, value) in members where name == key { return value }
    return nil
  }

  /// Keys of an object in their order; empty when this is no object.
  package var keys: [String] {
    guard case .object(let members) = self else { return [] }
    return members.compactMap { $0.1 == nil ? nil : $0.0 }
  }

  package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  package var intValue: Int? { if case .int(let value) = self { value } else { nil } }
  package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
}

extension JSONValue: Equatable {
  /// Strings are compared by their code units, not by canonical equivalence; members in their order, without the
  /// ones left out.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)):
      let left = left.filter { $0.1 != nil }
      let right = right.filter { $0.1 != nil }
      return left.count == right.count
        && zip(left, right).allSatisfy { isSame($0.0, $1.0) && $0.1 == $1.1 }
    case (.array(let left), .array(let right)): return left == right
    case (.string(let left), .string(let right)): return isSame(left, right)
    case (.int(let left), .int(let right)): return left == right
    case (.decimal(let left), .decimal(let right)): return isSame(left, right)
    case (.bool(let left), .bool(let right)): return left == right
    case (.null, .null): return true
    default: return false
    }
  }

  private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
}
