import Failures
import RenewalKit
import TokenKit
import UnlockKit
import Wording

/// Renewals of keys that are here which were begun and not ended, with how to go on.
enum RenewalNotes {
  static func lines(_ snapshots: [TokenSnapshot], _ language: Language) -> [String] {
    guard let directory = try? StateDirectory.ofUser() else { return [] }
    let serials = Set(snapshots.compactMap { $0.device.serial.value?.text })
    let words = RenewalWords[language]
    return RenewalJournal.all(in: directory).journals.filter {
      serials.contains($0.keySerial) && $0.stage != .installed && $0.stage != .closed
    }.map { journal in
      let parts = [
        words.order + " " + journal.numberText, words.key + " " + displaySafe(journal.keySerial),
        words.stage(journal.stage), words.next(journal.stage, journal.numberText),
      ]
      return Symbol.warning.before(parts.joined(separator: " · "))
    }
  }
}
