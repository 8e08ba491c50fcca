internal import COpenSSL
public import Failures

/// SM3 (GB/T 32905) and what people read out of it.
public enum Digest {
  private static let isStarted = ukey_openssl_start() == 1

  /// 32 bytes. - Throws: `UK-901` when this OpenSSL lacks SM3.
  public static func sm3(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard isStarted, EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sm3(), nil) == 1, length == 32 else {
      let number = ERR_get_error()
      ERR_clear_error()
      throw Failure(.crypto, function: "EVP_Digest", number: .openssl(number))
    }
    return digest
  }

  /// Crockford's base 32: no I, L, O, U.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The first 60 bits of a digest in three groups of four, to be compared by telephone: `4F7K-9QXM-2D3T`.
  public static func checkCode(_ digest: [UInt8]) -> String {
    var bits: UInt64 = 0
    for index in 0..<8 { bits = bits << 8 | UInt64(digest.indices.contains(index) ? digest[index] : 0) }
    var text: [UInt8] = []
    for group in 0..<12 {
      if group > 0, group % 4 == 0 { text.append(UInt8(ascii: "-")) }
      text.append(alphabet[Int(bits >> (59 - 5 * UInt64(group)) & 31)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Bytes as lower-case hexadecimal, the only form that documents take.
func hexText(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(2 * bytes.count)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// - Returns: `nil` unless it is an even number of lower-case hexadecimal digits.
func bytes(hex text: String) -> [UInt8]? {
  func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
  let digits = Array(text.utf8)
  guard digits.count % 2 == 0 else { return nil }
  var result: [UInt8] = []
  result.reserveCapacity(digits.count / 2)
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
    result.append(high << 4 | low)
  }
  return result
}
