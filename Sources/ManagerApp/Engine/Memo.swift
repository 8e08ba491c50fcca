import Synchronization

/// What was made last, for as long as all that it is made of stays the same. One key press asks for the list several
/// times, to move, to follow, to draw; with hundreds of certificates making it is most of what the press costs.
///
/// Copies of the value that holds it share it, which changes nothing that can be seen: it only says again what follows from
/// the rest.
final class Memo<Origin: Equatable & Sendable, Value: Sendable>: Sendable {
  private let last = Mutex<(origin: Origin, value: Value)?>(nil)

  func value(of origin: Origin, made: () -> Value) -> Value {
    if let value = last.withLock({ $0?.origin == origin ? $0?.value : nil }) { return value }
    let value = made()
    last.withLock { $0 = (origin, value) }
    return value
  }
}

/// Which keys there were: another one after each change of ``World/slots``, in any copy of the world.
struct KeysVersion: Sendable, Equatable {
  private static let counter = Atomic<UInt64>(0)

  private let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
}
