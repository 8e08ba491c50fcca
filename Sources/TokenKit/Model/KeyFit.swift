internal import CertificateKit
internal import Failures

/// What a key tells, without a PIN, of the private key beside a certificate.
package enum KeyFit: Sendable, Equatable {
  /// It is that of the certificate.
  case fits
  /// It is another one.
  case other
  /// There is none.
  case absent
  /// It does not tell, or was not asked (``ReadOptions/keys``).
  case notTold

  /// - Parameter told: the public key, in the form in which the key gave it.
  init(_ certificate: Certificate?, _ told: [UInt8]) {
    self =
      switch certificate?.holdsKey(told) {
      case true: .fits
      case false: .other
      case nil: .notTold
      }
  }

  /// Asks for one; a refusal tells nothing, a lost link is thrown on.
  static func item(_ body: () throws(Failure) -> KeyFit) throws(Failure) -> KeyFit {
    do throws(Failure) {
      return try body()
    } catch {
      guard error.concernsItemOnly else { throw error }
      return .notTold
    }
  }
}
