internal import Glibc

/// The two clocks, which tests replace.
package struct ServiceClock: Sendable {
  /// Seconds of a clock that only goes forward.
  package var monotonic: @Sendable () -> Int64
  /// Seconds since 1970-01-01 UTC.
  package var wall: @Sendable () -> Int64
  /// Holds its thread until then, by the first clock.
  package var sleepUntil: @Sendable (Int64) -> Void

  package init(
    monotonic: @escaping @Sendable () -> Int64, wall: @escaping @Sendable () -> Int64,
    sleepUntil: @escaping @Sendable (Int64) -> Void
  ) {
    self.monotonic = monotonic
    self.wall = wall
    self.sleepUntil = sleepUntil
  }

  package static let system = ServiceClock(
    monotonic: { seconds(CLOCK_BOOTTIME) }, wall: { seconds(CLOCK_REALTIME) },
    sleepUntil: { moment in
      var time = timespec(tv_sec: Int(moment), tv_nsec: 0)
      clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &time, nil)
    })

  private static func seconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec)
  }
}
