internal import CertificateKit
internal import Failures

/// How much the certificates of one key may be in sum, whichever driver reads it: each piece has its own limit, and many
/// pieces at their limits would still take half a gigabyte.
///
/// Real keys have two or four certificates of some two kilobytes; a PIV card up to 24.
final class CertificateBudget {
  static let countLimit = 64
  /// Bytes of DER.
  static let byteLimit = 2 << 20

  private var count = 0
  private var bytes = 0
  /// Nothing more is to be read of this key.
  private(set) var isSpent = false

  /// What stands where the first certificate was left out.
  static var failure: Failure {
    Failure(.certificateSum, context: "\(countLimit), \(byteLimit >> 20) MiB")
  }

  /// One certificate; `.absent` when `read` gives no bytes.
  ///
  /// - Throws: `UK-306` beyond the limits; before anything is read when it would be one too many.
  func certificate(_ read: () throws(Failure) -> [UInt8]?) throws(Failure) -> Reading<Certificate> {
    guard !isSpent, count < Self.countLimit else { throw spent() }
    guard let der = try read(), !der.isEmpty else { return .absent }
    count += 1
    bytes += der.count
    guard bytes <= Self.byteLimit else { throw spent() }
    // Some libraries hand out what they were given: the text of RFC 7468, which begins with five hyphens.
    if der.starts(with: Array("-----".utf8)), let first = PEM.certificates(in: der).first, let inner = first {
      return .value(try Certificate(der: inner))
    }
    return .value(try Certificate(der: der))
  }

  private func spent() -> Failure {
    isSpent = true
    return Self.failure
  }
}
