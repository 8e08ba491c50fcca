internal import COpenSSL
package import Failures

/// SM3 (GB/T 32905) and what people read out of it.
package enum Digest {
  private static let isStarted = ukey_openssl_start() == 1
  /// Fetched once; `EVP_sm3()` is looked up anew at each use.
  private static nonisolated(unsafe) let method = isStarted ? EVP_MD_fetch(nil, "SM3", nil) : nil

  /// 32 bytes. - Throws: `UK-901` when this OpenSSL lacks SM3.
  package static func sm3(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard let method, EVP_Digest(bytes, bytes.count, &digest, &length, method, nil) == 1, length == 32 else {
      let number = ERR_get_error()
      ERR_clear_error()
      throw Failure(.crypto, function: "EVP_Digest", number: .openssl(number))
    }
    return digest
  }

  /// Crockford's base 32: no I, L, O, U.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The first 60 bits of a digest in three groups of four, to be compared by telephone: `4F7K-9QXM-2D3T`.
  package static func checkCode(_ digest: [UInt8]) -> String {
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
