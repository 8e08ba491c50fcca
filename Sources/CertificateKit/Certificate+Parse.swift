public import Failures

extension Certificate {
  /// Parses one DER certificate; bytes behind it (padding of a file on a card) are ignored.
  ///
  /// - Throws: `UK-302` when it is not X.509, `UK-303` above 64 KiB.
  public init(der: [UInt8]) throws(Failure) {
    throw Failure(.certificateMalformed)
  }
}
