import SeededRandom
import StrictJSON
import Testing

private func parse(_ text: String, canonical: Bool = false) throws(JSONError) -> JSONValue {
  try JSONValue(parsing: Array(text.utf8), limits: JSONLimits(canonicalOnly: canonical))
}

private func reason(_ text: String, canonical: Bool = false) -> JSONError.Reason? {
  do throws(JSONError) {
    _ = try parse(text, canonical: canonical)
    return nil
  } catch { return error.reason }
}

@Suite struct JSONParserTests {
  @Test func readsEveryKindOfValue() throws {
    let value = try parse(
      " {\"a\":[1,-2,true,false,null,1.5e3,12345678901234567890,-0],\"b\":\"\\u4e2d\\n\\ud83d\\ude00/\"} ")
    let numbers: JSONValue = .array([
      .int(1), .int(-2), .bool(true), .bool(false), .null, .decimal("1.5e3"), .decimal("12345678901234567890"),
      .decimal("-0"),
    ])
    #expect(value == .object([("a", numbers), ("b", .string("中\n😀/"))]))
    #expect(value["b"]?.stringValue == "中\n😀/")
    #expect(value["c"] == nil)
    #expect(value.keys == ["a", "b"])
  }

  @Test(arguments: [
    ("", JSONError.Reason.truncated), ("{", .truncated), ("[1,", .truncated), ("\"a", .truncated), ("tru", .truncated),
    ("-", .truncated), ("1.", .truncated), ("01", .trailing), ("1 2", .trailing), ("{\"a\":1,}", .unexpected),
    ("[1,]", .unexpected), ("nil", .unexpected), ("{'a':1}", .unexpected), ("\"\u{01}\"", .unexpected),
    ("\"\\x\"", .badEscape), ("\"\\ud800\"", .badEscape), ("\"\\udc00\"", .badEscape),
    ("\"\\ud800\\u0041\"", .badEscape),
    ("1.e", .badNumber), ("+1", .unexpected), ("{\"a\":1,\"a\":2}", .duplicateKey),
    ("{\"a\":1,\"\\u0061\":2}", .duplicateKey),
  ])
  func refuses(_ text: String, _ expected: JSONError.Reason) { #expect(reason(text) == expected) }

  @Test func refusesADuplicateAmongManyKeys() {
    let many = (0..<100).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(reason("{\(many)}") == nil)
    #expect(reason("{\(many),\"k50\":0}") == .duplicateKey)
    #expect(reason("{\(many),\"k3\":0}") == .duplicateKey)
  }

  @Test func refusesBytesThatAreNotUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE4, 0x22],
    ] {
      #expect(throws: JSONError(.notUTF8, at: 1)) { try JSONValue(parsing: bytes) }
    }
  }

  @Test func keepsToItsLimits() {
    #expect(throws: JSONError(.tooLarge, at: 4)) {
      try JSONValue(parsing: Array("[1,2]".utf8), limits: JSONLimits(size: 4))
    }
    let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    #expect(reason(deep) == nil)
    #expect(reason("[\(deep)]") == .tooDeep)
    #expect(reason(String(repeating: "[", count: 1_000_000)) == .tooDeep)
  }

  @Test(arguments: [
    "{ }", "[1, 2]", "1 ", "{\"b\":1,\"a\":2}", "\"\\u0041\"", "\"\\/\"", "\"\\u001F\"", "\"\\u000a\"", "1.0", "-0",
    "1e2", "12345678901234567890",
  ])
  func refusesWhatIsNotCanonical(_ text: String) {
    #expect(reason(text) == nil)
    #expect(reason(text, canonical: true) == .notCanonical)
  }
}

@Suite struct JSONWriterTests {
  @Test func writesTheCanonicalForm() throws {
    let value: JSONValue = .object([
      ("z", .int(-7)), ("a", .string("中\"\\\n\u{08}\u{1F}\u{7F}\u{202E}/")), ("gone", nil),
      ("m", .array([.bool(true), .null, .object([])])),
    ])
    let text = #"{"a":"中\"\\\n\b\u001f"# + "\u{7F}\u{202E}/" + #"","m":[true,null,{}],"z":-7}"#
    #expect(value.canonical == Array(text.utf8))
    #expect(
      try JSONValue(parsing: value.canonical, limits: JSONLimits(canonicalOnly: true)).canonical == value.canonical)
  }

  @Test func writesForPeople() {
    let value: JSONValue = .object([
      ("b", .int(1)), ("a", .array([.string("\u{202E}x")])), ("n", nil), ("e", .object([])),
    ])
    let unseen = JSONValue.string("\u{E000}\u{FE0F}\u{3164}\u{2800}\u{7F}中")
    #expect(unseen.text == "\"\\ue000\\ufe0f\\u3164\\u2800\\u007f中\"")
    #expect(value.text == "{\n  \"b\": 1,\n  \"a\": [\n    \"\\u202ex\"\n  ],\n  \"e\": {}\n}")
    #expect(value.line == "{\"b\":1,\"a\":[\"\\u202ex\"],\"e\":{}}")
  }
}

@Suite struct JSONFuzzTests {
  /// Whatever the bytes: no trap; what is accepted is written and read back the same; what is accepted as canonical
  /// is exactly what would be written.
  @Test func fuzzParsing() {
    var random = SeededRandom(20_261)
    let seeds = [
      #"{"a":[1,-2,true,false,null,1.5e3],"b":"\u4e2d\n\ud83d\ude00/","c":{"d":{}}}"#,
      #"{"a":"中文","b":[{"x":1},{"y":"\u001f"}],"z":-12}"#,
    ].map { Array($0.utf8) }
    let alphabet = Array("{}[]\",:\\u0aAdDeE+-.19tfn \u{01}".utf8) + [0xFF, 0xC3, 0xE4, 0xED]
    for round in 0..<Fuzzing.rounds {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<max(bytes.count, 1), using: &random)
        let byte = alphabet.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where index < bytes.count: bytes[index] = byte
        case 1 where index < bytes.count: bytes.remove(at: index)
        case 2: bytes.insert(byte, at: min(index, bytes.count))
        default: bytes = Array(bytes.prefix(index) + bytes.suffix(Int.random(in: 0...bytes.count, using: &random)))
        }
      }
      if let value = try? JSONValue(parsing: bytes) {
        #expect((try? JSONValue(parsing: Array(value.text.utf8))) == value)
        #expect((try? JSONValue(parsing: Array(value.line.utf8))) == value)
      }
      if let value = try? JSONValue(parsing: bytes, limits: JSONLimits(canonicalOnly: true)) {
        #expect(value.canonical == bytes)
      }
    }
  }
}
