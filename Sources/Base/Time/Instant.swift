internal import Glibc

/// A moment of the monotonic clock, which no setting of the time moves: what deadlines are made of.
package struct Instant: Sendable, Hashable, Comparable {
  /// Since some moment in the past.
  let nanoseconds: UInt64

  package static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// A duration that no clock lives to see counts as centuries; a negative one as none.
  package static func + (instant: Instant, duration: Duration) -> Instant {
    let (seconds, rest) = duration.components
    guard seconds >= 0, rest >= 0 else { return instant }
    let whole = UInt64(min(seconds, 1 << 33)) * 1_000_000_000
    return Instant(nanoseconds: instant.nanoseconds &+ whole &+ UInt64(rest / 1_000_000_000))
  }

  /// Nothing when `right` is later.
  package static func - (left: Instant, right: Instant) -> Duration {
    .nanoseconds(Int64(clamping: left.nanoseconds - min(left.nanoseconds, right.nanoseconds)))
  }

  /// For `poll`: milliseconds until then, rounded up; 0 when it has passed.
  package var pollTimeout: Int32 {
    let now = Instant.now
    guard self > now else { return 0 }
    return Int32(clamping: (nanoseconds - now.nanoseconds) / 1_000_000 + 1)
  }
}

extension Duration {
  /// Whole microseconds, for reports.
  package var microseconds: Int {
    let (seconds, rest) = components
    return Int(clamping: seconds) &* 1_000_000 &+ Int(rest / 1_000_000_000_000)
  }
}
