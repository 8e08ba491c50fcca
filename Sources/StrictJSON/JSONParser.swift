extension JSONValue {
  /// Reads one JSON text: RFC 8259 and stricter — UTF-8 checked, no key twice in an object, no lone surrogate, size and
  /// depth within the limits, nothing before or after but blanks. Total: any bytes give a value or an error.
  public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    guard bytes.count <= limits.size else { throw JSONError(.tooLarge, at: limits.size) }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONError> in
      do throws(JSONError) {
        var parser = JSONParser(input: buffer, limits: limits)
        return .success(try parser.document())
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }
}

private struct JSONParser {
  let input: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var position = 0

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  init(input: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.input = input
    self.limits = limits
  }

  mutating func document() throws(JSONError) -> JSONValue {
    try skipBlanks()
    let value = try value(depth: 0)
    try skipBlanks()
    guard position == input.count else { throw JSONError(.trailing, at: position) }
    return value
  }

  private func fail(_ reason: JSONError.Reason) -> JSONError { JSONError(reason, at: position) }

  /// The byte at the position, which is always inside the input.
  private func peek() throws(JSONError) -> UInt8 {
    guard position < input.count else { throw fail(.truncated) }
    return input[position]
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard try peek() == byte else { throw fail(.unexpected) }
    position += 1
  }

  private mutating func skipBlanks() throws(JSONError) {
    while position < input.count {
      switch input[position] {
      case 0x20, 0x09, 0x0A, 0x0D:
        guard !limits.canonicalOnly else { throw fail(.notCanonical) }
        position += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case Self.quote: return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fail(.unexpected)
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount { try expect(text.utf8Start[index]) }
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < limits.depth else { throw fail(.tooDeep) }
    position += 1
    var members: [(String, JSONValue?)] = []
    // Seen keys beyond the first few, so that an object of a hundred thousand keys does not cost their square.
    var seen: Set<String> = []
    var lastKey = 0..<0
    try skipBlanks()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return .object([])
    }
    while true {
      guard try peek() == Self.quote else { throw fail(.unexpected) }
      let start = position
      let key = try string()
      if limits.canonicalOnly {
        if let last = members.last?.0 {
          let raw = start + 1..<position - 1
          // Without escapes the bytes of the text are those of the key.
          let isPlain = raw.count == key.utf8.count && lastKey.count == last.utf8.count
          let isOrdered =
            isPlain ? input[lastKey].lexicographicallyPrecedes(input[raw]) : JSONValue.isBefore(last, key)
          guard isOrdered else {
            throw JSONError(last.utf8.elementsEqual(key.utf8) ? .duplicateKey : .notCanonical, at: start)
          }
        }
        lastKey = start + 1..<position - 1
      } else {
        if members.count == 16 { seen = Set(members.map(\.0)) }
        let isKnown = members.count < 16 ? members.contains { $0.0 == key } : !seen.insert(key).inserted
        guard !isKnown else { throw JSONError(.duplicateKey, at: start) }
      }
      try skipBlanks()
      try expect(UInt8(ascii: ":"))
      try skipBlanks()
      members.append((key, try value(depth: depth + 1)))
      try skipBlanks()
      guard try more(UInt8(ascii: "}")) else { return .object(members) }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < limits.depth else { throw fail(.tooDeep) }
    position += 1
    var items: [JSONValue] = []
    try skipBlanks()
    if try peek() == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      items.append(try value(depth: depth + 1))
      try skipBlanks()
      guard try more(UInt8(ascii: "]")) else { return .array(items) }
    }
  }

  /// After an item: a comma and another one, or the closing bracket.
  private mutating func more(_ close: UInt8) throws(JSONError) -> Bool {
    let byte = try peek()
    guard byte == close || byte == UInt8(ascii: ",") else { throw fail(.unexpected) }
    position += 1
    if byte == close { return false }
    try skipBlanks()
    return true
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    var isInteger = true
    if try peek() == UInt8(ascii: "-") { position += 1 }
    if try peek() == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if position < input.count, input[position] == UInt8(ascii: ".") {
      position += 1
      isInteger = false
      try digits()
    }
    if position < input.count, input[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      isInteger = false
      if try peek() == UInt8(ascii: "+") || input[position] == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: input[start..<position], as: UTF8.self)
    if isInteger, text != "-0", let value = Int(text) { return .int(value) }
    guard !limits.canonicalOnly else { throw JSONError(.notCanonical, at: start) }
    return .decimal(text)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < input.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= input[position] { position += 1 }
    guard position > start else { throw position < input.count ? fail(.badNumber) : fail(.truncated) }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while true {
      let byte = try peek()
      if byte == Self.quote {
        // Rebased: the standard library has a faster way for whole buffers than for slices of them.
        let bytes = UnsafeBufferPointer(rebasing: input[start..<position])
        guard let text = String(validating: bytes, as: UTF8.self) else { throw JSONError(.notUTF8, at: start) }
        position += 1
        return text
      }
      if byte == Self.backslash { return try stringWithEscapes(from: start) }
      guard byte >= 0x20 else { throw fail(.unexpected) }
      position += 1
    }
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
    var bytes = Array(input[start..<position])
    while true {
      let byte = try peek()
      switch byte {
      case Self.quote:
        guard let text = String(validating: bytes, as: UTF8.self) else { throw JSONError(.notUTF8, at: start) }
        position += 1
        return text
      case Self.backslash: try escape(into: &bytes)
      case 0x20...:
        bytes.append(byte)
        position += 1
      default: throw fail(.unexpected)
      }
    }
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    let start = position
    position += 1
    let letter = try peek()
    position += 1
    switch letter {
    case Self.quote, Self.backslash: bytes.append(letter)
    case UInt8(ascii: "/"):
      guard !limits.canonicalOnly else { throw JSONError(.notCanonical, at: start) }
      bytes.append(letter)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try unicodeEscape(from: start)
      if limits.canonicalOnly {
        // Only what has no other form: a character below U+0020 without a short escape, in lower case.
        let isLower = !input[start..<position].contains { UInt8(ascii: "A")...UInt8(ascii: "F") ~= $0 }
        guard scalar.value < 0x20, JSONValue.shortEscape(UInt8(truncatingIfNeeded: scalar.value)) == nil, isLower
        else { throw JSONError(.notCanonical, at: start) }
      }
      bytes += String(scalar).utf8
    default: throw JSONError(.badEscape, at: start)
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
    var value = try fourHexDigits(from: start)
    if 0xD800..<0xDC00 ~= value {
      guard position + 1 < input.count, input[position] == Self.backslash, input[position + 1] == UInt8(ascii: "u")
      else { throw JSONError(.badEscape, at: start) }
      position += 2
      let low = try fourHexDigits(from: start)
      guard 0xDC00..<0xE000 ~= low else { throw JSONError(.badEscape, at: start) }
      value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw JSONError(.badEscape, at: start) }
    return scalar
  }

  private mutating func fourHexDigits(from start: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try peek()
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw JSONError(.badEscape, at: start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
