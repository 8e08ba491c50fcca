internal import Base

extension Validity {
  /// `2026-01-01 00:00:00 CST +08:00` in local time.
  package var notBeforeText: String { LocalTime.text(notBefore) }
  package var notAfterText: String { LocalTime.text(notAfter) }
  /// `2026-01-01` in local time.
  package var notBeforeDate: String { LocalTime.date(notBefore) }
  package var notAfterDate: String { LocalTime.date(notAfter) }
}
