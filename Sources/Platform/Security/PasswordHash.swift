internal import Base
import COpenSSL

/// Passwords by scrypt (RFC 7914). What is stored names its parameters, so that they can be raised for new ones.
package struct PasswordCost: Sendable, Equatable {
  /// Base-2 logarithm of N.
  package var logN: Int
  package var r: UInt32
  package var p: UInt32

  /// 32 MiB and a third of a second of one core.
  package static let usual = PasswordCost(logN: 15, r: 8, p: 3)
  /// For tests, where passwords protect nothing.
  package static let least = PasswordCost(logN: 4, r: 1, p: 1)

  /// Bytes that one hash takes.
  var memory: UInt64 { 128 * UInt64(r) * ((1 << UInt64(logN)) + UInt64(p) + 2) + 1 << 20 }

  /// What a stored hash may ask for, so that a row that was tampered with costs no more than this.
  var isSane: Bool { (1...18).contains(logN) && (1...16).contains(r) && (1...16).contains(p) }
}

enum PasswordHash {
  /// Characters of a password: long enough to matter, short enough to hash.
  static let length = 10...128

  /// `scrypt$15$8$3$SALT$HASH`, salt and hash in hexadecimal.
  static func make(_ password: String, _ cost: PasswordCost) throws(DatabaseError) -> String {
    let salt = try Store.random(16)
    guard let hash = derive(password, salt, cost) else { throw DatabaseError(.system, "scrypt") }
    return "scrypt$\(cost.logN)$\(cost.r)$\(cost.p)$\(lowerHexText(salt))$\(lowerHexText(hash))"
  }

  /// Costs the same whether there is an account or not: without one (`nil`, or an account that has no password) something
  /// is hashed all the same.
  static func verify(_ password: String, _ stored: String?, _ cost: PasswordCost) -> Bool {
    guard let stored, let parts = parse(stored) else {
      _ = derive(password, [UInt8](repeating: 0, count: 16), cost)
      return false
    }
    guard let hash = derive(password, parts.salt, parts.cost) else { return false }
    return isEqual(hash, parts.hash)
  }

  private static func parse(_ text: String) -> (cost: PasswordCost, salt: [UInt8], hash: [UInt8])? {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), let r = UInt32(parts[2]),
      let p = UInt32(parts[3]), let salt = bytes(parts[4]), let hash = bytes(parts[5]), hash.count == 32
    else { return nil }
    let cost = PasswordCost(logN: logN, r: r, p: p)
    return cost.isSane ? (cost, salt, hash) : nil
  }

  private static func derive(_ password: String, _ salt: [UInt8], _ cost: PasswordCost) -> [UInt8]? {
    var out = [UInt8](repeating: 0, count: 32)
    let bytes = Array(password.utf8)
    let done = ukey_scrypt(
      bytes, bytes.count, salt, salt.count, 1 << UInt64(cost.logN), cost.r, cost.p, cost.memory, &out, out.count)
    return done == 1 ? out : nil
  }

  private static func bytes(_ hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var result: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
      result.append(byte)
    }
    return result
  }
}

/// Compares without telling by its time where two differ.
func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}

/// HMAC-SHA256 in lower-case hexadecimal.
func authenticationCode(_ key: [UInt8], _ text: String) -> String {
  var out = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  let bytes = Array(text.utf8)
  guard HMAC(EVP_sha256(), key, Int32(clamping: key.count), bytes, bytes.count, &out, &length) != nil else { return "" }
  return lowerHexText(out)
}
