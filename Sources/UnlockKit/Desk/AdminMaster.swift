internal import COpenSSL
package import Failures
internal import Glibc
package import TokenKit

/// The secret from which the desk derives an administrator PIN for each key, so that an answer says nothing of any other
/// key's PIN, and so much room (96 bits) that its own is not found from it.
package struct AdminMaster: ~Copyable {
  /// Bytes that it must have: less could itself be searched for.
  package static let minimum = 32
  private let secret: PIN

  /// - Throws: `UK-403` when it is shorter than ``minimum``.
  package init(_ secret: consuming PIN) throws(Failure) {
    guard secret.count >= Self.minimum else {
      throw Failure(.pinRule, context: PINRule.tooShort(minimum: Self.minimum).name)
    }
    self.secret = secret
  }

  /// The first 16 characters of base64url(HMAC-SM3(master, `ukey-admin/1` ‖ len ‖ issuer ‖ len ‖ serial)).
  ///
  /// - Parameters:
  ///   - issuer: of DEVINFO; empty where the key tells none. At most 65,535 bytes, as the serial.
  /// - Throws: `UK-440`, `UK-901`.
  package borrowing func pin(issuer: String, serial: String) throws(Failure) -> PIN {
    var message = Array("ukey-admin/1".utf8)
    for text in [issuer, serial] {
      guard let count = UInt16(exactly: text.utf8.count) else { throw Failure(.pinRule, context: "65535") }
      message += [UInt8(count >> 8), UInt8(count & 0xFF)]
      message += text.utf8
    }
    var pin = try PIN()
    let isMade = secret.withBytes { key in
      withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { sum in
        defer { if let start = sum.baseAddress { explicit_bzero(start, sum.count) } }
        var length: UInt32 = 0
        guard
          ukey_openssl_start() == 1,
          HMAC(
            EVP_sm3(), key.baseAddress, Int32(key.count), message, message.count,
            sum.bindMemory(to: UInt8.self).baseAddress, &length) != nil,
          length == 32
        else { return false }
        for start in stride(from: 0, to: 12, by: 3) {
          let bits = Int(sum[start]) << 16 | Int(sum[start + 1]) << 8 | Int(sum[start + 2])
          for shift in [18, 12, 6, 0] { _ = pin.append(Self.alphabet[bits >> shift & 63]) }
        }
        return true
      }
    }
    guard isMade else {
      let number = ERR_get_error()
      ERR_clear_error()
      throw Failure(.crypto, function: "HMAC", number: .openssl(number))
    }
    return pin
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}

/// Where the desk's administrator PIN comes from.
package enum AdminSecret: ~Copyable {
  /// One PIN for every key that is answered.
  case given(UnlockProtector)
  case master(AdminMaster)

  /// - Throws: as ``UnlockProtector/payload(for:new:)``, ``AdminMaster/pin(issuer:serial:)``.
  borrowing func payload(
    for checked: CheckedRequest, _ challenge: UnlockChallenge, new: borrowing PIN
  ) throws(Failure) -> UnlockPayload {
    switch self {
    case .given(let protector): return try protector.payload(for: challenge, new: new)
    case .master(let master):
      let pin = try master.pin(issuer: checked.request.key.issuer ?? "", serial: checked.keySerial)
      return try UnlockProtector(admin: pin).payload(for: challenge, new: new)
    }
  }
}
