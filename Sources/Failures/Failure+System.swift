package import Base

extension Failure {
  /// What a failed call of the system means to who made it.
  package init(_ code: FailureCode, _ error: SystemError) {
    self.init(
      code, function: error.function, number: .errno(error.number), context: error.subject.map { displaySafe($0) })
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
