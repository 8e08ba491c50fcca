internal import Glibc

/// Moments in the zone of this computer, as shown to people.
package enum LocalTime {
  /// `2027-01-01 23:59:59 CST +08:00`; the abbreviation is left out where the zone has none.
  ///
  /// - Parameter seconds: since 1970-01-01 UTC. A moment whose year the C library cannot hold gives `@seconds`.
  package static func text(_ seconds: Int64) -> String {
    guard let parts = broken(seconds) else { return "@\(seconds)" }
    let offset = Int(parts.tm_gmtoff)
    let minutes = offset.magnitude / 60
    let zone = parts.tm_zone.map { String(cString: $0) } ?? ""
    let hasName = zone.utf8.first.map { $0 != 0x2B && $0 != 0x2D } ?? false
    return date(parts) + " " + two(parts.tm_hour) + ":" + two(parts.tm_min) + ":" + two(parts.tm_sec)
      + (hasName ? " " + zone : "") + (offset < 0 ? " -" : " +") + two(Int32(minutes / 60)) + ":"
      + two(Int32(minutes % 60))
  }

  /// `2027-01-01`: the day it is here at that moment.
  package static func date(_ seconds: Int64) -> String {
    broken(seconds).map(date) ?? "@\(seconds)"
  }

  /// `23:59:59`: the time of the day it is here at that moment.
  package static func time(_ seconds: Int64) -> String {
    broken(seconds).map { two($0.tm_hour) + ":" + two($0.tm_min) + ":" + two($0.tm_sec) } ?? "@\(seconds)"
  }

  private static func broken(_ seconds: Int64) -> tm? {
    var time = time_t(seconds)
    var parts = tm()
    return localtime_r(&time, &parts) == nil ? nil : parts
  }

  private static func date(_ parts: tm) -> String {
    let year = Int(parts.tm_year) + 1900
    let digits = String(year.magnitude)
    return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "-"
      + two(parts.tm_mon + 1) + "-" + two(parts.tm_mday)
  }

  private static func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
}

/// Local time with offset as in RFC 3339, for programs: `2027-01-01T23:59:59+08:00`.
///
/// - Parameter seconds: since 1970-01-01 UTC. A moment whose year the C library cannot hold gives `seconds` itself.
package func isoTime(_ seconds: Int64) -> String {
  var clock = time_t(seconds)
  var parts = tm()
  guard localtime_r(&clock, &parts) != nil else { return String(seconds) }
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let offset = Int(parts.tm_gmtoff) / 60
  let zone = offset == 0 ? "Z" : (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
  let date = "\(Int(parts.tm_year) + 1900)-" + two(Int(parts.tm_mon) + 1) + "-" + two(Int(parts.tm_mday))
  return date + "T" + two(Int(parts.tm_hour)) + ":" + two(Int(parts.tm_min)) + ":" + two(Int(parts.tm_sec)) + zone
}
