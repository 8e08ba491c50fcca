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

  /// Characters of a check code: 100 bits, so that two files with one code cannot be made.
  private static let codeLength = 20
  /// Those of programs before format 2: 60 bits.
  private static let oldCodeLength = 12

  /// The first 100 bits of a digest in five groups of four, to be compared by telephone: `4F7K-9QXM-2D3T-…`.
  package static func checkCode(_ digest: [UInt8]) -> String {
    var text: [UInt8] = []
    for (place, character) in code(digest, codeLength).enumerated() {
      if place > 0, place % 4 == 0 { text.append(UInt8(ascii: "-")) }
      text.append(character)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether this is the check code of a digest, as somebody typed it: of either length, in either case, with or without
  /// hyphens and blanks, and with O, I and L for the digits that they are taken for.
  package static func isCheckCode(_ given: String, of digest: [UInt8]) -> Bool {
    var typed: [UInt8] = []
    for byte in given.uppercased().utf8 {
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: " "): continue
      case UInt8(ascii: "O"): typed.append(UInt8(ascii: "0"))
      case UInt8(ascii: "I"), UInt8(ascii: "L"): typed.append(UInt8(ascii: "1"))
      default: typed.append(byte)
      }
    }
    return (typed.count == codeLength || typed.count == oldCodeLength) && typed == code(digest, typed.count)
  }

  private static func code(_ digest: [UInt8], _ length: Int) -> [UInt8] {
    (0..<length).map { place in
      let first = place * 5 / 8
      func byte(_ index: Int) -> Int { digest.indices.contains(index) ? Int(digest[index]) : 0 }
      return alphabet[(byte(first) << 8 | byte(first + 1)) >> (11 - place * 5 % 8) & 31]
    }
  }
}
