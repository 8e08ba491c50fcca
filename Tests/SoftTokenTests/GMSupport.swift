import COpenSSL

@testable import SoftToken

/// Bytes written as hexadecimal; blanks and bars are for the eye.
func hex(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  var high: UInt8?
  for character in text {
    guard let digit = character.hexDigitValue else { continue }
    if let first = high {
      bytes.append(first << 4 | UInt8(digit))
      high = nil
    } else {
      high = UInt8(digit)
    }
  }
  return bytes
}

func text(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { (byte: UInt8) -> String in
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
  }.joined()
}

/// A host that knows the wire only: hand-written APDUs, its own SM4 through OpenSSL.
final class Host {
  let card: any SoftCard

  init(_ card: any SoftCard) {
    self.card = card
  }

  /// Sends hexadecimal text, gets hexadecimal text.
  func send(_ command: String) -> String { text(card.process(hex(command))) }

  func send(_ header: String, _ data: [UInt8], le: String = "") -> [UInt8] {
    card.process(hex(header) + [0, UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data + hex(le))
  }

  func challenge() -> [UInt8] { Array(card.process(hex("8050000000 0008")).dropLast(2)) }

  func openApplication(_ name: String = "SZCA-DEMO") -> [UInt8] {
    Array(send("80260000", Array(name.utf8), le: "000A").dropLast(2).suffix(2))
  }

  func openContainer(_ name: String, _ application: [UInt8]) -> [UInt8] {
    Array(send("80420000", application + Array(name.utf8), le: "0002").dropLast(2))
  }

  /// The two bytes at the end of an answer.
  func status(_ answer: [UInt8]) -> String { text(answer.suffix(2)) }

  func verify(_ pin: String, type: UInt8 = 1, _ application: [UInt8], variant: String = "A") -> String {
    let random = challenge()
    let plain = variant == "A" ? [8, 0] + random + [0x80, 0, 0, 0, 0, 0] : random + [UInt8](repeating: 0, count: 8)
    let cipher = Self.sm4(plain, key: Self.pinKey(pin), iv: nil)
    return status(send("801800" + text([type]), application + cipher))
  }

  static func pinKey(_ pin: String) -> [UInt8] {
    let padded = Array(pin.utf8) + [UInt8](repeating: 0, count: 16 - pin.utf8.count)
    var digest = [UInt8](repeating: 0, count: 20)
    SHA1(padded, padded.count, &digest)
    return Array(digest.prefix(16))
  }

  static func sm4(_ plain: [UInt8], key: [UInt8], iv: [UInt8]?) -> [UInt8] {
    let context = EVP_CIPHER_CTX_new()
    defer { EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: plain.count + 16)
    var length: Int32 = 0
    EVP_EncryptInit_ex(context, iv == nil ? EVP_sm4_ecb() : EVP_sm4_cbc(), nil, key, iv)
    EVP_EncryptUpdate(context, &output, &length, plain, Int32(plain.count))
    return Array(output.prefix(plain.count))
  }

  static func mac(_ message: [UInt8], key: [UInt8], random: [UInt8]) -> [UInt8] {
    var padded = message + [0x80]
    while padded.count % 16 != 0 { padded.append(0) }
    return Array(sm4(padded, key: key, iv: random + [UInt8](repeating: 0, count: 8)).suffix(16).prefix(4))
  }

  /// ChangePIN or UnblockPIN as each variant wants it; `header` with CLA 84.
  func setPIN(
    _ header: String, key pin: String, new: String, _ application: [UInt8], variant: String = "A",
    breakMAC: Bool = false
  ) -> String {
    let random = challenge()
    let key = Self.pinKey(pin)
    let bytes = Array(new.utf8)
    var block = variant == "A" ? [UInt8(bytes.count), 0] + bytes + [0x80] : bytes
    while block.count % 16 != 0 { block.append(0) }
    let data = application + Self.sm4(block, key: key, iv: nil)
    var mac = Self.mac(variant == "A" ? bytes : hex(header) + hex("00120000") + data, key: key, random: random)
    if breakMAC { mac[0] ^= 1 }
    return status(send(header, data + mac))
  }
}
