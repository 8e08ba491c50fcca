package import Failures

/// One thing that was to be read: its value, or why there is none. A missing item is shown as missing, not hidden.
///
/// Equatable by extension, not by requirement: the runtime would look that up for each kind of value it meets, among all
/// conformances of the program, at every start.
package enum Reading<Value: Sendable>: Sendable {
  case value(Value)
  /// The key says that it does not have it.
  case absent
  /// This kind of key has no such thing.
  case notOffered
  case failed(Failure)

  package var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }

  package var failure: Failure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}

extension Reading: Equatable where Value: Equatable {}
