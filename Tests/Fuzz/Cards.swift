import CertificateKit
import Failures
import SmartCard
import SoftToken

@testable import TokenKit

/// A card that answers with pieces of the input, one a command: a byte of length (255: two more, little-endian), then
/// data and status word. When there are no more it is gone.
private final class ToldLink: CardLink {
  let atr: [UInt8] = [0x3B, 0x80, 0x01, 0x81]
  let cardProtocol = CardProtocol.t1
  private var rest: ArraySlice<UInt8>
  private(set) var commands = 0

  init(_ input: [UInt8]) { rest = input[...] }

  func beginTransaction() throws(Failure) {}
  func endTransaction(resetting: Bool) {}

  func transmit(
    _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    commands += 1
    // Whatever is answered, the talk ends: a key is read in some hundreds of commands at most.
    check(commands < 20_000, "\(commands) commands")
    guard var count = rest.popFirst().map(Int.init) else { throw Failure(.cardRemoved, function: "transmit") }
    if count == 255 {
      guard let low = rest.popFirst(), let high = rest.popFirst() else {
        throw Failure(.cardRemoved, function: "transmit")
      }
      count = Int(low) | Int(high) << 8
    }
    let answer = rest.prefix(count)
    rest = rest.dropFirst(count)
    guard answer.count >= 2, answer.count <= response.count else {
      throw Failure(.cardCommunication, function: "transmit")
    }
    response.copyBytes(from: answer)
    return answer.count
  }
}

/// Writes down what a software card answers, in the form that ``ToldLink`` reads.
private final class Recorder: SoftCard {
  private let card: any SoftCard
  private(set) var bytes: [UInt8] = []

  init(_ card: any SoftCard) { self.card = card }

  var atr: [UInt8] { card.atr }
  func reset() { card.reset() }

  func process(_ command: [UInt8]) -> [UInt8] {
    let answer = card.process(command)
    if answer.count < 255 {
      bytes.append(UInt8(answer.count))
    } else {
      bytes += [255, UInt8(answer.count & 0xFF), UInt8(answer.count >> 8 & 0xFF)]
    }
    bytes += answer
    return answer
  }
}

private func read(_ link: any CardLink, profile: String? = nil) -> TokenSnapshot? {
  let token = CardToken(source: TokenSource(provider: "fuzz", reader: "fuzz"), link: link, profile: profile)
  return try? token.read(ReadOptions(), progress: { _ in })
}

private func seed(_ card: any SoftCard) -> [UInt8] {
  let recorder = Recorder(card)
  _ = read(InProcessLink(recorder))
  return recorder.bytes
}

private func readCard(_ input: [UInt8]) {
  guard let snapshot = read(ToldLink(input)) else { return }
  check(snapshot.isComplete, "a reading that ended is not complete")
  for place in snapshot.places { check(snapshot.place(place.path) == place, "a place is not at its path") }
  _ = snapshot.mainCertificate
  for subject in snapshot.subjects { _ = snapshot.leftBehind(subject) }
}

extension Target {
  /// Reading a GM/T 0017 key, in both byte orders.
  static let gm = Target(
    name: "gm",
    seeds: {
      [
        ("big-endian", seed(try GMCard.demo(behaviour: .aLM))),
        ("little-endian", seed(try GMCard.demo(behaviour: .bLE))),
      ]
    }, read: readCard)

  /// Reading a PIV card, in short and in extended form.
  static let piv = Target(
    name: "piv",
    seeds: {
      try ["", "extended=no,chaining=no,piece=255"].enumerated().map { number, settings in
        let card = try PIVCard.demo(
          settings: PIVCardSettings(text: settings) ?? PIVCardSettings(), directory: nil, now: 1_800_000_000)
        return ("card-\(number)", seed(card))
      }
    }, read: readCard)

  static let tlv = Target(
    name: "tlv",
    seeds: {
      [
        ("nested", [0x7E, 0x06, 0x5F, 0x2F, 0x03, 1, 2, 3]), ("long", [0x53, 0x82, 0x00, 0x02, 9, 9]),
        ("padded", [0, 0xFF, 0x70, 0x01, 0, 0]), ("tag", [0x5F, 0xC1, 0x05, 0x81, 0x01, 7]),
      ]
    },
    read: { input in
      var reader = TLVReader(input)
      var size = 0
      while let object = try? reader.next() {
        size += object.value.count + 2
        check(size <= input.count, "objects of more bytes than there are")
        _ = try? TLVReader.find(object.tag, in: object.value)
      }
    })

  /// The compressed certificates of PIV cards: zlib and gzip, capped.
  static let inflate = Target(
    name: "inflate",
    seeds: {
      [
        ("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B, 0x4C, 0x4A, 6, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0]),
        ("zlib", [0x78, 0x9C, 0x4B, 0x4C, 0x4A, 6, 0, 2, 0x4D, 1, 0x27]),
      ]
    },
    read: { input in
      guard let bytes = try? TokenKit.inflate(input[...]) else { return }
      check(bytes.count <= 1 << 20, "\(bytes.count) bytes came out")
    })
}
