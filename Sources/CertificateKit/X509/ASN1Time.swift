/// UTCTime and GeneralizedTime (X.680 §47, §46) to seconds since 1970-01-01 UTC.
enum ASN1Time {
  /// Accepts also what RFC 5280 forbids but cards carry: no seconds, fractions, an offset, no zone at all (read as
  /// UTC), and a four-digit year under UTCTime. `nil` when it is no time.
  static func unixSeconds(_ content: [UInt8], isGeneralized: Bool) -> Int64? {
    var rest = content[...]
    while let last = rest.last, last == 0 || last == 0x20 { rest = rest.dropLast() }
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.map { Int64($0 - 0x30) }
    rest = rest.dropFirst(digits.count)
    let hasLongYear = isGeneralized || digits.count == 14
    // Ten digits are hours only under GeneralizedTime, minutes under UTCTime.
    guard [10, 12, 14].contains(digits.count) else { return nil }
    var cursor = digits[...]
    func take(_ count: Int) -> Int64 {
      let value = cursor.prefix(count).reduce(0) { $0 * 10 + $1 }
      cursor = cursor.dropFirst(count)
      return value
    }
    var year = take(hasLongYear ? 4 : 2)
    // RFC 5280 §4.1.2.5.1
    if !hasLongYear { year += year < 50 ? 2000 : 1900 }
    let (month, day, hour, minute, second) = (take(2), take(2), take(2), take(2), take(2))
    guard (1...12).contains(month), (1...days(in: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    if let mark = rest.first, mark == 0x2E || mark == 0x2C {
      let fraction = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
      // A fraction of an hour or minute would need arithmetic that no certificate has been seen to use.
      guard digits.count == 14, !fraction.isEmpty else { return nil }
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard let offset = offsetSeconds(rest) else { return nil }
    return daysSinceEpoch(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  private static func offsetSeconds(_ zone: ArraySlice<UInt8>) -> Int64? {
    guard let mark = zone.first else { return 0 }
    let digits = zone.dropFirst()
    if mark == 0x5A || mark == 0x7A { return digits.isEmpty ? 0 : nil }
    guard mark == 0x2B || mark == 0x2D, digits.count == 4 || digits.count == 2,
      digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) } * (digits.count == 2 ? 100 : 1)
    guard number / 100 < 24, number % 100 < 60 else { return nil }
    let seconds = number / 100 * 3600 + number % 100 * 60
    return mark == 0x2B ? seconds : -seconds
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Proleptic Gregorian; years run from March so that the leap day is the last.
  private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
