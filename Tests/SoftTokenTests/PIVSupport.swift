import Failures

@testable import SoftToken

/// A PIV host that knows the standard's text only: hexadecimal in, hexadecimal out.
struct PIVHost {
  static let selectCommand = "00 A4 04 00 0B A0 00 00 03 08 00 00 10 00 01 00 00"
  static let emptyVerify = "00 20 00 80"

  let card: any SoftCard

  /// A card of these settings, already selected.
  init(_ settings: String = "", personalize: (PIVCard) throws -> Void = { _ in }) throws {
    let card = PIVCard(settings: PIVCardSettings(text: settings) ?? PIVCardSettings())
    try personalize(card)
    self.card = card
    _ = send(Self.selectCommand)
  }

  init(card: any SoftCard) {
    self.card = card
    _ = send(Self.selectCommand)
  }

  func send(_ command: String) -> String { text(card.process(hex(command))) }

  func verify(_ pin: String) -> String { text(card.process(hex("00 20 00 80 08") + Self.padded(pin))) }

  func change(_ reference: String, _ old: String, _ new: String) -> String {
    text(card.process(hex("00 24 00" + reference + "10") + Self.padded(old) + Self.padded(new)))
  }

  func unblock(_ puk: String, _ new: String) -> String {
    text(card.process(hex("00 2C 00 80 10") + Self.padded(puk) + Self.padded(new)))
  }

  static func padded(_ pin: String) -> [UInt8] {
    Array((Array(pin.utf8) + [UInt8](repeating: 0xFF, count: 8)).prefix(8))
  }

  /// GET DATA of an object by hexadecimal tag, Le as given.
  func getData(_ tag: String, le: String = "00") -> [UInt8] {
    let bytes = hex(tag)
    return card.process(hex("00 CB 3F FF") + [UInt8(bytes.count + 2), 0x5C, UInt8(bytes.count)] + bytes + hex(le))
  }

  /// Fetches by GET RESPONSE (Le 00) whatever follows an answer; also the lengths of the pieces.
  func whole(_ first: [UInt8]) -> (data: [UInt8], pieces: [Int], announced: [UInt8], status: String) {
    var (answer, data) = (first, [UInt8]())
    var (pieces, announced): ([Int], [UInt8]) = ([], [])
    for _ in 0..<1000 {
      data += answer.dropLast(2)
      pieces.append(answer.count - 2)
      guard answer.count >= 2, answer[answer.count - 2] == 0x61 else { break }
      announced.append(answer[answer.count - 1])
      answer = card.process(hex("00 C0 00 00 00"))
    }
    return (data, pieces, announced, text(answer.suffix(2)))
  }
}

/// A store that can be told to fail.
final class FailingStore: StateStore {
  var block: [UInt8]?
  var isFailing = false
  private(set) var saves = 0

  func load() throws(Failure) -> [UInt8]? { block }

  func save(_ block: [UInt8]) throws(Failure) {
    guard !isFailing else { throw Failure(.softTokenState) }
    saves += 1
    self.block = block
  }
}
