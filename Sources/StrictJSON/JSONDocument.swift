internal import Glibc

/// One JSON text taken apart but not copied: its bytes, and where in them each value stands. Texts and numbers are made
/// when they are asked for.
package final class JSONDocument: Sendable {
  package let bytes: [UInt8]
  let nodes: [Node]

  /// Where a value stands, in the order of the text; a member is its key and then its value.
  struct Node: Sendable {
    enum Kind: Sendable { case object, array, string, escapedString, int, decimal, `true`, `false`, null }

    var kind: Kind
    private var first: UInt32
    private var past: UInt32
    private var after: UInt32

    /// Numbers below 2^32, which ``JSONDocument`` sees to.
    init(kind: Kind, start: Int, end: Int, next: Int) {
      self.kind = kind
      first = UInt32(truncatingIfNeeded: start)
      past = UInt32(truncatingIfNeeded: end)
      after = UInt32(truncatingIfNeeded: next)
    }

    /// Bytes from the beginning; of a string what is between its quotes.
    var start: Int { Int(first) }
    var end: Int {
      get { Int(past) }
      set { past = UInt32(truncatingIfNeeded: newValue) }
    }
    /// Number of the node after this one and all in it.
    var next: Int {
      get { Int(after) }
      set { after = UInt32(truncatingIfNeeded: newValue) }
    }

    func bytes(in input: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: input[start..<end])
    }
  }

  /// As ``JSONValue/init(parsing:limits:)``, with the same rules and errors.
  package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    let size = min(limits.size, Int(Int32.max))
    guard bytes.count <= size else { throw JSONError(.tooLarge, at: size) }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<[Node], JSONError> in
      do throws(JSONError) {
        var parser = JSONParser(input: buffer, limits: limits)
        try parser.document()
        return .success(parser.nodes)
      } catch {
        return .failure(error)
      }
    }
    nodes = try result.get()
    self.bytes = bytes
  }

  package var root: JSONElement { JSONElement(document: self, index: 0) }

  /// Below zero when `left` sorts before `right`, zero when they are the same bytes.
  static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    if let first = left.baseAddress, let second = right.baseAddress {
      let difference = memcmp(first, second, min(left.count, right.count))
      if difference != 0 { return Int(difference) }
    }
    return left.count - right.count
  }

  /// `nil` for what is no `Int`, and for `-0`.
  static func integer(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    let isNegative = digits.first == UInt8(ascii: "-")
    var value = 0
    for digit in isNegative ? digits.dropFirst() : digits {
      let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
      let one = Int(digit) - 0x30
      let (sum, isFurther) =
        isNegative ? tens.subtractingReportingOverflow(one) : tens.addingReportingOverflow(one)
      guard !isOver, !isFurther else { return nil }
      value = sum
    }
    return isNegative && value == 0 ? nil : value
  }
}

/// One value in a document.
package struct JSONElement: Sendable {
  let document: JSONDocument
  let index: Int

  private var node: JSONDocument.Node { document.nodes[index] }

  /// The value by itself, copied out.
  package var value: JSONValue {
    switch node.kind {
    case .object:
      var members: [(String, JSONValue?)] = []
      var key = index + 1
      while key < node.next {
        let member = JSONElement(document: document, index: key + 1)
        members.append((JSONElement(document: document, index: key).text, member.value))
        key = member.node.next
      }
      return .object(members)
    case .array: return .array((items ?? []).map(\.value))
    case .string, .escapedString: return .string(text)
    case .int: return .int(int ?? 0)
    case .decimal: return .decimal(text)
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .null: return .null
    }
  }

  /// A string of at most `limit` bytes; `nil` when it is longer, or no string.
  package func string(limit: Int = .max) -> String? {
    switch node.kind {
    case .string: return node.end - node.start <= limit ? text : nil
    case .escapedString:
      let text = text
      return text.utf8.count <= limit ? text : nil
    default: return nil
    }
  }

  package var int: Int? {
    guard node.kind == .int else { return nil }
    return document.bytes.withUnsafeBufferPointer { JSONDocument.integer($0[node.start..<node.end]) }
  }

  package var bool: Bool? {
    switch node.kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  package var items: [JSONElement]? {
    guard node.kind == .array else { return nil }
    var items: [JSONElement] = []
    var item = index + 1
    while item < node.next {
      items.append(JSONElement(document: document, index: item))
      item = document.nodes[item].next
    }
    return items
  }

  /// `nil` when this is no object.
  package var members: JSONMembers? {
    node.kind == .object ? JSONMembers(document: document, key: index + 1, end: node.next) : nil
  }

  /// Whether this is a string of just these bytes, written without escapes.
  package func isPlain(_ text: StaticString) -> Bool { node.kind == .string && compare(text) == 0 }

  /// Order of the bytes as written against those of `text`.
  func compare(_ text: StaticString) -> Int {
    document.bytes.withUnsafeBufferPointer {
      JSONDocument.compare(
        node.bytes(in: $0), UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }

  /// What the bytes of a string, key or number say.
  var text: String {
    document.bytes.withUnsafeBufferPointer { JSONParser(input: $0, limits: JSONLimits()).text(node) }
  }
}

/// The members of an object, one after the other. For texts in canonical form, where they stand sorted.
package struct JSONMembers: Sendable {
  let document: JSONDocument
  private(set) var key: Int
  let end: Int

  /// What the next member is, to one who goes through the known keys in their order.
  package enum Step {
    case found(JSONElement)
    /// This key would stand before the next one, or there is no next.
    case missing
    /// The next key sorts before this one: nobody knows it.
    case stranger(String)
  }

  /// Takes the member `key`, which sorts after all that were asked for before.
  package mutating func take(_ key: StaticString) -> Step {
    guard self.key < end else { return .missing }
    let name = JSONElement(document: document, index: self.key)
    let order = name.compare(key)
    if order > 0 { return .missing }
    if order < 0 { return .stranger(name.text) }
    defer { self.key = document.nodes[self.key + 1].next }
    return .found(JSONElement(document: document, index: self.key + 1))
  }

  /// The next key; `nil` when all have been taken.
  package var rest: String? { key < end ? JSONElement(document: document, index: key).text : nil }

  /// Looks a member up, with where it begins and ends, from its key's quote on; takes nothing.
  package func find(_ key: StaticString) -> (element: JSONElement, span: Range<Int>)? {
    var index = self.key
    while index < end {
      let name = JSONElement(document: document, index: index)
      let element = JSONElement(document: document, index: index + 1)
      if name.compare(key) == 0 {
        let node = document.nodes[index + 1]
        let isQuoted = node.kind == .string || node.kind == .escapedString
        return (element, document.nodes[index].start - 1..<node.end + (isQuoted ? 1 : 0))
      }
      index = document.nodes[index + 1].next
    }
    return nil
  }
}
