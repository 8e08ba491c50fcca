import Base

/// The one error type of every module: a stable code, the raw number beside it, and the chain of causes.
///
/// Thrown as `throws(Failure)`. What happened and what to do is worded from ``code`` above (`Wording`); this value
/// holds data only. It never contains a PIN, nor the body of a command that carried one.
package struct Failure: Error, Sendable, Equatable {
  /// A number as the failing side gave it; kept even when its meaning is unknown.
  package enum Number: Sendable, Equatable {
    /// PC/SC return code (`SCARD_…`).
    case scard(UInt32)
    /// ISO 7816-4 status word.
    case statusWord(UInt16)
    /// GM/T 0016 return code (`SAR_…`).
    case sar(UInt32)
    /// PKCS#11 return value (`CKR_…`).
    case ckr(UInt)
    /// `errno`.
    case errno(Int32)
    /// OpenSSL packed error.
    case openssl(UInt)
  }

  package let code: FailureCode
  /// The function or card command that failed, by its standard name (`SCardConnect`, `GetDevInfo`).
  package let function: String?
  package let number: Number?
  /// What it concerned: a reader name, a field, a file. Text from a card or file is shown escaped.
  package let context: String?
  /// The failures underneath, nearest first.
  package let causes: [Failure]

  /// - Parameters:
  ///   - file, line: where in this program; kept only of `UK-999`, which says nothing else of its cause.
  package init(
    _ code: FailureCode, function: String? = nil, number: Number? = nil, context: String? = nil,
    causes: [Failure] = [], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.code = code
    self.function = function
    self.number = number
    self.context =
      code == .internalError ? [context, "\(file):\(line)"].compactMap { $0 }.joined(separator: " · ") : context
    self.causes = causes
  }
}

extension Failure.Number: CustomStringConvertible {
  /// The number with its family, for example `SCARD 0x8010001D`, `SW 6A82`, `errno 13`.
  package var description: String {
    switch self {
    case .scard(let value): "SCARD 0x" + hexText(UInt(value), digits: 8)
    case .statusWord(let value): "SW " + hexText(UInt(value), digits: 4)
    case .sar(let value): "SAR 0x" + hexText(UInt(value), digits: 8)
    case .ckr(let value): "CKR 0x" + hexText(value, digits: 8)
    case .errno(let value): "errno \(value)"
    case .openssl(let value): "OpenSSL 0x" + hexText(value, digits: 8)
    }
  }
}

extension Failure: CustomStringConvertible {
  /// One line for logs: code, function, number, context. For people there are words (`Wording`).
  package var description: String {
    [code.rawValue, function, number?.description, context].compactMap { $0 }.joined(separator: " · ")
  }
}

extension Failure {
  /// Code, function and raw number: `UK-101 · SCardEstablishContext · SCARD 0x8010001D`. The context, which may be
  /// text from a card or file, is not part of it.
  package var reference: String {
    [code.rawValue, function, number?.description].compactMap { $0 }.joined(separator: " · ")
  }
}
