package import Base

extension Failure {
  /// What a failed call of the system means to who made it.
  package init(_ code: FailureCode, _ error: SystemError) {
    self.init(
      code, function: error.function, number: .errno(error.number), context: error.subject.map { displaySafe($0) })
  }

  /// Refuses what another user of this machine could have written.
  ///
  /// - Throws: `UK-614` with the offending part of the path; `missing` with the path when it is not there or not to be
  ///   seen.
  package static func checkTrust(_ path: String, missing: FailureCode) throws(Failure) {
    do throws(SystemError) {
      try TrustedPath.check(path)
    } catch {
      guard error.isUntrusted else { throw Failure(missing, error) }
      let place = error.subject ?? path
      throw Failure(.pathUntrusted, context: displaySafe(place == path ? path : path + " (" + place + ")"))
    }
  }

  /// The value of `body`; its system error becomes a failure of this code.
  package static func mapping<Value: ~Copyable>(
    _ code: FailureCode, _ body: @autoclosure () throws(SystemError) -> Value
  ) throws(Failure) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw Failure(code, error)
    }
  }
}
