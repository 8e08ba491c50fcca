internal import Failures
internal import SmartCard

extension Failure {
  /// The card answered, only not as wished: the next item may still be read. Otherwise the link is gone.
  package var concernsItemOnly: Bool {
    switch code {
    case .commandRefused, .answerMalformed, .answerTooLong, .notSupported, .certificateMalformed,
      .certificateTooLarge, .certificateCompression, .certificateMissing, .certificateSum, .applicationMissing,
      .containerMissing, .libraryRefused, .certificatesPrivate, .keyKindUnusable, .privateKeyMissing:
      true
    default: false
    }
  }

  /// The library's process is gone, or was ended because it did not answer.
  package var endsLibrary: Bool { code == .libraryEnded || code == .libraryTimeout }

  /// A command that the card refused with this status word.
  static func refused(_ command: String, _ status: StatusWord, context: String? = nil) -> Failure {
    Failure(.commandRefused, function: command, number: .statusWord(status.rawValue), context: context)
  }
}

extension Reading {
  /// Runs one item's reading; a refusal becomes `.failed`, a lost link is thrown on.
  static func item(_ body: () throws(Failure) -> Reading<Value>) throws(Failure) -> Reading<Value> {
    do throws(Failure) {
      return try body()
    } catch {
      guard error.concernsItemOnly else { throw error }
      return .failed(error)
    }
  }
}

extension Failure {
  /// Why a key of GM/T 0016 and 0017 cannot be asked to sign with what logs in of a container: they have SM2 and RSA only.
  ///
  /// - Parameter function: the one that would sign.
  static func ofGMT(signing entries: [ContainerSnapshot.Entry], _ function: String) -> Failure? {
    let certificate = entries.lazy.filter { $0.role == .signature }.compactMap(\.certificate.value).first
    return switch certificate?.publicKey {
    case .sm2, .rsa, nil: nil
    case .ec, .other:
      Failure(.keyKindUnusable, function: function, context: certificate?.publicKey.name)
    }
  }
}
