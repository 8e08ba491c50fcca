/// How much one origin may have written about it: a page that knocks without end neither fills the disk nor drives out what
/// the holder wants to read.
struct LogRate {
  /// Entries at once, and from then on a second.
  static let (burst, rate): (Int64, Int64) = (200, 20)
  /// Origins told apart; the others share what one may have.
  static let origins = 256

  private struct Bucket {
    var left = LogRate.burst
    var time: Int64
    /// Not written since the last that was.
    var dropped = 0
  }

  private var buckets: [String: Bucket] = [:]

  /// - Returns: `nil` when it is not to be written, else how many were not since the last one.
  mutating func admit(_ origin: String, at time: Int64) -> Int? {
    if buckets.count >= Self.origins { forget(before: time) }
    let name = buckets[origin] != nil || buckets.count < Self.origins ? origin : ""
    var bucket = buckets[name] ?? Bucket(time: time)
    // A clock that was set back gives nothing.
    let passed = min(max(0, time.subtractingReportingOverflow(bucket.time).partialValue), Self.burst)
    bucket.left = min(Self.burst, bucket.left + passed * Self.rate)
    bucket.time = time
    defer { buckets[name] = bucket }
    guard bucket.left > 0 else {
      bucket.dropped += 1
      return nil
    }
    bucket.left -= 1
    let dropped = bucket.dropped
    bucket.dropped = 0
    return dropped
  }

  /// Those that may have everything again by now need not be remembered.
  private mutating func forget(before time: Int64) {
    buckets = buckets.filter { $0.value.dropped > 0 || $0.value.time > time - Self.burst / Self.rate }
  }
}
