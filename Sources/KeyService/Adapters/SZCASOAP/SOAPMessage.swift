/// One SOAP 1.1 request as SZCA's script writes it: the element in the body is the function, its children the arguments.
///
/// A total reader of the XML that this takes, and no more: elements and text. A document type, an entity other than the
/// five of XML, a processing instruction behind the declaration, or anything too deep or too long is refused; nothing is
/// ever looked up elsewhere. Arguments are not escaped by the client, so that a lone `&` is text.
struct SOAPMessage: Equatable {
  var function: String
  var arguments: [String: String]

  static let depthLimit = 8
  static let argumentLimit = 32

  init?(_ bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var reader = XMLReader(bytes[...])
    guard reader.openElement() == "Envelope" else { return nil }
    // A header says nothing that is needed.
    guard var name = reader.openElement() else { return nil }
    if name == "Header" {
      guard reader.skipElement(depth: 2), let next = reader.openElement() else { return nil }
      name = next
    }
    guard name == "Body", let function = reader.openElement() else { return nil }
    var arguments: [String: String] = [:]
    while let argument = reader.openElement() {
      guard arguments.count < Self.argumentLimit, arguments[argument] == nil, let text = reader.text() else {
        return nil
      }
      arguments[argument] = text
    }
    // Function, Body and Envelope end, and nothing comes behind.
    guard reader.closeElement(), reader.closeElement(), reader.closeElement(), reader.isAtEnd else { return nil }
    self.function = function
    self.arguments = arguments
  }
}

/// Elements and text of well-formed XML without a document type.
struct XMLReader {
  private var rest: ArraySlice<UInt8>
  private var names: [String] = []
  /// The element just opened was empty (`<a/>`), so that its end is not in the text.
  private var isClosed = false
  private var isFirst = true

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
  }

  var isAtEnd: Bool { names.isEmpty && rest.allSatisfy(Self.isBlank) }

  /// Goes into the next element. - Returns: its local name; `nil`, without having moved, when there is none here.
  mutating func openElement() -> String? {
    guard !isClosed, names.count < SOAPMessage.depthLimit else { return nil }
    var cursor = rest.drop(while: Self.isBlank)
    if isFirst, cursor.starts(with: "<?xml".utf8) {
      guard let end = cursor.firstRange(of: Array("?>".utf8)) else { return nil }
      cursor = cursor[end.upperBound...].drop(while: Self.isBlank)
    }
    guard cursor.popFirst() == UInt8(ascii: "<") else { return nil }
    let name = cursor.prefix(while: Self.isName)
    guard (1...128).contains(name.count) else { return nil }
    cursor = cursor.dropFirst(name.count)
    // Attributes (name spaces) are passed over; a quoted `>` does not end the element.
    var quote: UInt8?
    while let byte = cursor.popFirst() {
      if let open = quote {
        if byte == UInt8(ascii: "<") { return nil }
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "<") {
        return nil
      } else if byte == UInt8(ascii: "/") {
        guard cursor.popFirst() == UInt8(ascii: ">") else { return nil }
        return opened(name, cursor, isEmpty: true)
      } else if byte == UInt8(ascii: ">") {
        return opened(name, cursor, isEmpty: false)
      }
    }
    return nil
  }

  private mutating func opened(_ name: ArraySlice<UInt8>, _ cursor: ArraySlice<UInt8>, isEmpty: Bool) -> String {
    isFirst = false
    rest = cursor
    isClosed = isEmpty
    let whole = String(decoding: name, as: UTF8.self)
    names.append(whole)
    return whole.split(separator: ":").last.map(String.init) ?? whole
  }

  /// The text of the element just opened, which is then closed; `nil` when it holds anything else.
  mutating func text() -> String? {
    if isClosed {
      isClosed = false
      names.removeLast()
      return ""
    }
    guard let end = rest.firstIndex(of: UInt8(ascii: "<")) else { return nil }
    let content = rest[..<end]
    rest = rest[end...]
    guard closeElement() else { return nil }
    return Self.unescaped(content)
  }

  /// Closes the innermost element, whose end has to stand here.
  mutating func closeElement() -> Bool {
    guard let name = names.last else { return false }
    if isClosed {
      isClosed = false
      names.removeLast()
      return true
    }
    var cursor = rest.drop(while: Self.isBlank)
    let end = Array("</\(name)".utf8)
    guard cursor.starts(with: end) else { return false }
    cursor = cursor.dropFirst(end.count).drop(while: Self.isBlank)
    guard cursor.popFirst() == UInt8(ascii: ">") else { return false }
    rest = cursor
    names.removeLast()
    return true
  }

  /// Passes over the element just opened and all in it.
  mutating func skipElement(depth: Int) -> Bool {
    while true {
      if openElement() != nil { continue }
      if isClosed || rest.drop(while: Self.isBlank).starts(with: "</".utf8) {
        guard closeElement() else { return false }
        if names.count < depth { return true }
      } else {
        // Text.
        guard let end = rest.firstIndex(of: UInt8(ascii: "<")), end != rest.startIndex else { return false }
        rest = rest[end...]
      }
    }
  }

  /// The five entities of XML and numbers; any other `&` stays as it is.
  private static func unescaped(_ content: ArraySlice<UInt8>) -> String {
    let text = String(decoding: content, as: UTF8.self)
    guard text.contains("&") else { return text }
    var result = ""
    var rest = text[...]
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      let known = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'")]
      if let (entity, value) = known.first(where: { rest.hasPrefix($0.0) }) {
        result += value
        rest = rest.dropFirst(entity.count)
      } else if let (scalar, length) = number(rest) {
        result.unicodeScalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        result += "&"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private static func number(_ text: Substring) -> (Unicode.Scalar, Int)? {
    guard text.hasPrefix("&#"), let end = text.prefix(12).firstIndex(of: ";") else { return nil }
    let digits = text[text.index(text.startIndex, offsetBy: 2)..<end]
    let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let value, let scalar = Unicode.Scalar(value), value >= 0x20 || value == 9 || value == 10 else { return nil }
    return (scalar, text.distance(from: text.startIndex, to: end) + 1)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D }

  private static func isName(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x3A).contains(byte) || byte == 0x5F
      || byte == 0x2D || byte == 0x2E
  }
}
