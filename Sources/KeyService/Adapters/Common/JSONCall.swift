internal import StrictJSON

/// One call of a JSON protocol: the members of its arguments, read as these clients write them.
struct JSONArguments: Sendable {
  let value: JSONValue

  static let limits = JSONLimits(size: 262_144, depth: 8)

  func text(_ names: String...) throws(Refusal) -> String {
    for name in names { if let text = value[name]?.stringValue { return try Texts.required(text) } }
    throw .malformed
  }

  /// `nil` when it is not there or empty.
  func optional(_ name: String) -> String? { value[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }

  func number(_ names: String...) throws(Refusal) -> Int {
    for name in names where value[name] != nil { return try Texts.number(value[name]) }
    throw .malformed
  }

  func data(_ names: String...) throws(Refusal) -> [UInt8] {
    for name in names { if let text = value[name]?.stringValue { return try Texts.base64(text) } }
    throw .malformed
  }

  /// `true`, `1`, "1" or "true"; `false` when it is missing.
  func flag(_ name: String) -> Bool {
    switch value[name] {
    case .bool(let value): value
    case .int(let number): number != 0
    case .string(let text): text == "1" || text == "true"
    default: false
    }
  }
}
