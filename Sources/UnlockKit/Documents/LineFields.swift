internal import Base
internal import Failures

/// Documents of one line: fields between `/`, of the characters that QR codes hold densely (digits, capitals, `-.%/`).
///
/// Texts with every other character as `%XX` of its UTF-8, numbers in decimal, bytes in hexadecimal capitals. One content
/// has one form: what is read is written anew and compared.
struct LineFields {
  private(set) var text: String

  init(_ mark: String) { text = mark }

  mutating func add(text field: String) {
    text += "/"
    for byte in field.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + hexText([byte])
      }
    }
  }

  mutating func add(bytes: [UInt8]) { text += "/" + hexText(bytes) }
  mutating func add(number: Int64) { text += "/\(number)" }
}

/// Takes such a line apart; each field is asked for once, in order.
struct LineReader {
  /// Bytes that a line may have.
  static let limit = 4096

  private var fields: ArraySlice<Substring>
  private let mark: String

  /// - Throws: `UK-501` when the line does not begin with this mark, or has not so many fields behind it.
  init(_ line: String, mark: String, count: Int) throws(Failure) {
    self.mark = mark
    // Before anything else is done with it; and bytes are looked at, not characters: finding those takes a hundred times as long.
    guard line.utf8.count <= Self.limit else { throw Failure(.unlockFileMalformed, context: mark) }
    let fields = line.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Substring.init)
    guard fields.count == count + 1, fields[0] == mark else { throw Failure(.unlockFileMalformed, context: mark) }
    self.fields = fields.dropFirst()
  }

  private func malformed() -> Failure { Failure(.unlockFileMalformed, context: mark) }

  private mutating func next() throws(Failure) -> Substring {
    guard let field = fields.popFirst() else { throw malformed() }
    return field
  }

  mutating func text(limit: Int) throws(Failure) -> String {
    var result: [UInt8] = []
    var rest = Array(try next().utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
      guard rest.count >= 2, let value = Base.bytes(hex: digits)?.first else { throw malformed() }
      result.append(value)
      rest = rest.dropFirst(2)
    }
    guard result.count <= limit, let text = String(validating: result, as: UTF8.self) else { throw malformed() }
    return text
  }

  mutating func bytes(_ count: ClosedRange<Int>) throws(Failure) -> [UInt8] {
    guard let bytes = Base.bytes(hex: try next().lowercased()), count.contains(bytes.count) else { throw malformed() }
    return bytes
  }

  /// Seconds since 1970-01-01 UTC, up to the year 9999.
  mutating func time() throws(Failure) -> Int64 {
    guard let number = Int64(try next()), (0...253_402_300_799).contains(number) else { throw malformed() }
    return number
  }

  mutating func choice<Choice: RawRepresentable<String>>(_: Choice.Type) throws(Failure) -> Choice {
    guard let choice = Choice(rawValue: try next().lowercased()) else { throw malformed() }
    return choice
  }
}
