import Glibc

/// The time that a server tells (RFC 9110 §5.6.7, the form that is to be sent).
enum HTTPDate {
  /// Of the header `Date` of an answer. Seconds since 1970-01-01 UTC.
  static func inAnswer(_ bytes: [UInt8]) -> Int64? {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.prefix(64).first(where: { $0.lowercased().hasPrefix("date:") }) else { return nil }
    return time(line.dropFirst(5))
  }

  /// Of `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func time(_ text: some StringProtocol) -> Int64? {
    let words = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count == 6, words[5] == "GMT", let day = Int32(words[1]), let year = Int32(words[3]),
      let month = months.firstIndex(of: String(words[2])), (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int32($0) }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2]) else {
      return nil
    }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
    return Int64(timegm(&parts))
  }
}
