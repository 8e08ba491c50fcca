import Base
import Failures
import Glibc
import StrictJSON
import TokenKit

/// A key as every document names it: the same members as the whole `key` of `ukey.status/1`, as far as they are known
/// where it is only named.
struct KeyReference {
  var source: TokenSource?
  var serial: TokenName?
  var label: TokenName?

  init(_ snapshot: TokenSnapshot) {
    source = snapshot.source
    serial = snapshot.device.serial.value
    label = snapshot.device.label.value
  }

  init(_ place: CertificatePlace, label: TokenName? = nil) {
    source = place.source
    serial = place.keySerial
    self.label = label
  }

  /// One that is not here: only its serial number is known.
  init(serial: String) { self.serial = TokenName(serial) }

  var json: JSONValue {
    .object([
      ("provider", source.map { .string($0.provider) }), ("reader", source.map { .string($0.reader) }),
      ("serial", serial.map { .string($0.text) }), ("name", KeyNames.current[serial].map { .string($0) }),
      ("label", label.map { .string($0.text) }),
    ])
  }
}

/// The moment that a document speaks of, as every document has it: ISO 8601.
func documentTime(_ now: Int64 = Int64(time(nil))) -> JSONValue { .string(isoTime(now)) }
