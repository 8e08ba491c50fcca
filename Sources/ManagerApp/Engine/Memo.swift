import CertificateKit
import DiagnosisKit
import Synchronization
import Wording

/// What was made last, for as long as all that it is made of stays the same. One key press asks for the list several
/// times, to move, to follow, to draw; with hundreds of certificates making it is most of what the press costs.
///
/// Copies of a world share it, which changes nothing that can be seen: it only says again what follows from the rest.
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

/// What is worked out from the keys and asked for again and again.
struct Memos: Sendable {
  /// All that the rows of the list are made of.
  struct RowOrigin: Equatable, Sendable {
    var keys: KeysVersion
    var filter: MainFilter
    var order: MainOrder
    var language: Language
    var isASCII: Bool
    var now: Int64
    var reminderDays: Int
  }

  /// All that the advice is made of.
  struct AdviceOrigin: Equatable, Sendable {
    var keys: KeysVersion
    var isDown: Bool
    var brokenLink: CheckID?
    var days: ExpiryDays
    var now: Int64
  }

  /// All that certificates are counted by.
  struct CountOrigin: Equatable, Sendable {
    var keys: KeysVersion
    var now: Int64
    var reminderDays: Int
  }

  let rows = Memo<RowOrigin, [TreeRow]>()
  let advice = Memo<AdviceOrigin, [Advice]>()
  let counts = Memo<CountOrigin, CertificateCounts>()
}
