extension JSONValue {
  /// Reads one JSON text: RFC 8259 and stricter — UTF-8 checked, no key twice in an object, no lone surrogate, size and
  /// depth within the limits, nothing before or after but blanks. Total: any bytes give a value or an error.
  package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    self = try JSONDocument(parsing: bytes, limits: limits).root.value
  }
}

/// Goes once through the bytes and notes where each value stands.
struct JSONParser {
  let input: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var position = 0
  private(set) var nodes: [JSONDocument.Node] = []

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  init(input: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.input = input
    self.limits = limits
  }

  mutating func document() throws(JSONError) {
    // A value in twelve bytes is more than usual.
    nodes.reserveCapacity(min(input.count / 12, 4096) + 8)
    try skipBlanks()
    try value(depth: 0)
    try skipBlanks()
    guard position == input.count else { throw JSONError(.trailing, at: position) }
  }

  /// Notes a value without parts, from `start` up to the position.
  private mutating func note(_ kind: JSONDocument.Node.Kind, from start: Int, to end: Int) {
    nodes.append(JSONDocument.Node(kind: kind, start: start, end: end, next: nodes.count + 1))
  }

  /// The note of an object or array, whose parts have followed it, is completed.
  private mutating func close(_ index: Int) {
    nodes[index].end = position
    nodes[index].next = nodes.count
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

  private mutating func value(depth: Int) throws(JSONError) {
    switch try peek() {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(depth: depth)
    case Self.quote: try string()
    case UInt8(ascii: "t"): try word("true", .true)
    case UInt8(ascii: "f"): try word("false", .false)
    case UInt8(ascii: "n"): try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: throw fail(.unexpected)
    }
  }

  private mutating func word(_ text: StaticString, _ kind: JSONDocument.Node.Kind) throws(JSONError) {
    let start = position
    for index in 0..<text.utf8CodeUnitCount { try expect(text.utf8Start[index]) }
    note(kind, from: start, to: position)
  }

  private mutating func object(depth: Int) throws(JSONError) {
    guard depth < limits.depth else { throw fail(.tooDeep) }
    let index = nodes.count
    note(.object, from: position, to: position)
    position += 1
    var seen: Set<String> = []
    var last: JSONDocument.Node?
    try skipBlanks()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return close(index)
    }
    while true {
      guard try peek() == Self.quote else { throw fail(.unexpected) }
      let start = position
      let key = try string()
      if limits.canonicalOnly {
        if let last { try checkOrder(last, key, at: start) }
        last = key
      } else {
        guard seen.insert(text(key)).inserted else { throw JSONError(.duplicateKey, at: start) }
      }
      try skipBlanks()
      try expect(UInt8(ascii: ":"))
      try skipBlanks()
      try value(depth: depth + 1)
      try skipBlanks()
      guard try more(UInt8(ascii: "}")) else { return close(index) }
    }
  }

  /// In canonical form each key sorts after the one before it.
  private func checkOrder(
    _ last: JSONDocument.Node, _ key: JSONDocument.Node, at start: Int
  ) throws(JSONError) {
    if last.kind == .string, key.kind == .string {
      // Without escapes the bytes of the text are those of the key.
      let difference = JSONDocument.compare(last.bytes(in: input), key.bytes(in: input))
      guard difference < 0 else { throw JSONError(difference == 0 ? .duplicateKey : .notCanonical, at: start) }
    } else {
      let (before, after) = (text(last), text(key))
      guard !JSONValue.isBefore(before, after) else { return }
      throw JSONError(before.utf8.elementsEqual(after.utf8) ? .duplicateKey : .notCanonical, at: start)
    }
  }

  private mutating func array(depth: Int) throws(JSONError) {
    guard depth < limits.depth else { throw fail(.tooDeep) }
    let index = nodes.count
    note(.array, from: position, to: position)
    position += 1
    try skipBlanks()
    if try peek() == UInt8(ascii: "]") {
      position += 1
      return close(index)
    }
    while true {
      try value(depth: depth + 1)
      try skipBlanks()
      guard try more(UInt8(ascii: "]")) else { return close(index) }
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

  private mutating func number() throws(JSONError) {
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
    if isInteger, JSONDocument.integer(input[start..<position]) != nil {
      return note(.int, from: start, to: position)
    }
    guard !limits.canonicalOnly else { throw JSONError(.notCanonical, at: start) }
    note(.decimal, from: start, to: position)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < input.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= input[position] { position += 1 }
    guard position > start else { throw position < input.count ? fail(.badNumber) : fail(.truncated) }
  }

  /// Notes a string or key; its node spans what is between the quotes.
  @discardableResult
  private mutating func string() throws(JSONError) -> JSONDocument.Node {
    position += 1
    let start = position
    var end = start
    var high: UInt8 = 0
    while end < input.count {
      let byte = input[end]
      if byte == Self.quote || byte == Self.backslash || byte < 0x20 { break }
      high |= byte
      end += 1
    }
    position = end
    let byte = try peek()
    var kind = JSONDocument.Node.Kind.string
    if byte == Self.backslash {
      _ = try stringWithEscapes(from: start)
      kind = .escapedString
    } else {
      guard byte == Self.quote else { throw fail(.unexpected) }
      if high >= 0x80, !Self.isUTF8(UnsafeBufferPointer(rebasing: input[start..<end])) {
        throw JSONError(.notUTF8, at: start)
      }
      position += 1
    }
    note(kind, from: start, to: position - 1)
    return JSONDocument.Node(kind: kind, start: start, end: position - 1, next: nodes.count)
  }

  private static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    do {
      _ = try UTF8Span(validating: bytes.span)
      return true
    } catch {
      return false
    }
  }

  /// What a string says that was noted before.
  func text(_ node: JSONDocument.Node) -> String {
    // Rebased: the standard library has a faster way for whole buffers than for slices of them.
    guard node.kind == .escapedString else { return String(decoding: node.bytes(in: input), as: UTF8.self) }
    var again = self
    again.nodes = []
    again.position = node.start
    return (try? again.stringWithEscapes(from: node.start)) ?? ""
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
