import Base
import CertificateKit
import Failures
import StrictJSON
import TokenKit
import Wording

/// Every certificate of every key as one list, the most urgent first: what ends soonest, and keys whose PIN is locked or near it.
struct Inventory {
  struct Row: Equatable {
    var place: CertificatePlace
    /// The user PIN of its application.
    var pin: PINStatus?
    /// 标签 of the key, else its maker.
    var key: TokenName
    /// The user's own name for the key.
    var name: String?
  }

  var now: Int64
  var reminderDays = Settings.current.reminderDays
  var rows: [Row] = []

  init(_ reports: [ReaderReport], now: Int64) {
    self.now = now
    for snapshot in reports.compactMap(\.snapshot) {
      let name = [snapshot.device.label.value, snapshot.device.manufacturer.value].compactMap { $0 }
        .first { !$0.isEmpty }
      for place in snapshot.filledPlaces {
        rows.append(
          Row(
            place: place, pin: place.application.userPIN.value, key: name ?? TokenName(snapshot.source.reader),
            name: KeyNames.current[snapshot]))
      }
    }
    // In a stable order: of what ends on the same day, as the keys have them.
    rows = rows.enumerated().sorted { left, right in
      let ends = (end(left.element), end(right.element))
      return ends.0 == ends.1 ? left.offset < right.offset : ends.0 < ends.1
    }.map(\.element)
  }

  /// Unread certificates first: they may be anything.
  private func end(_ row: Row) -> Int64 { row.place.certificate.value?.validity.notAfter ?? .min }

  /// Those of which something must be done: unread, not yet valid, expiring, expired, a PIN with few tries or still the default.
  var problems: Inventory {
    filtered { row in
      guard let certificate = row.place.certificate.value else { return true }
      if let pin = row.pin, pin.isLocked || pin.isLow || pin.isDefault == true { return true }
      return row.place.role != .authority
        && certificate.validity.state(now: now, reminderDays: reminderDays) != .valid
    }
  }

  /// Those that end within so many days, and those that have ended.
  func expiring(within days: Int) -> Inventory {
    filtered { row in row.place.certificate.value.map { $0.validity.daysLeft(now: now) < days } ?? false }
  }

  private func filtered(_ isKept: (Row) -> Bool) -> Inventory {
    var result = self
    result.rows = rows.filter(isKept)
    return result
  }

  // MARK: As JSON

  func json(_ status: StatusJSON) -> JSONValue {
    .object([
      ("schema", "ukey.list/1"), ("time", .string(isoTime(now))),
      (
        "certificates",
        .array(
          rows.map { row in
            .object([
              ("key", KeyReference(row.place, label: row.key).json), ("pin", row.pin.map(status.pin)),
              ("provider", .string(row.place.source.provider)), ("reader", .string(row.place.source.reader)),
              ("keySerial", row.place.keySerial.map { .string($0.text) }), ("keyLabel", .string(row.key.text)),
              ("application", .string(row.place.application.name.text)),
              ("container", .string(row.place.container.name.text)),
              ("triesLeft", row.pin?.triesLeft.map { .int($0) }), ("locked", row.pin.map { .bool($0.isLocked) }),
              (
                "certificate",
                row.place.certificate.value.map { status.certificate($0, role: row.place.role.rawValue) }
              ),
              (
                "error",
                row.place.certificate.failure.map {
                  FailureReport(failure: $0, language: status.language).inner
                }
              ),
            ])
          })
      ),
    ])
  }
}
