import Base
import CertificateKit
import Failures
import TokenKit
import Wording

/// An inventory as columns for people, or as RFC 4180 lines for a spreadsheet.
struct InventoryTable {
  var inventory: Inventory
  var language: Language
  private var words: ListWords { ListWords[language] }

  /// A head, then a line each, columns by two blanks.
  ///
  /// - Parameters:
  ///   - width: cells a line may have; the owner gives way, then the key. `nil`: as wide as it is.
  ///   - isWide: also code, serial number and reader.
  func lines(width: Int?, isWide: Bool) -> [String] {
    let heads =
      isWide
      ? [words.owner, words.code, words.role, words.end, words.days, words.pin, words.key, words.serial, words.reader]
      : [words.owner, words.role, words.end, words.days, words.pin, words.key]
    let rows = inventory.rows.map { cells($0, isWide) }
    var widths = heads.indices.map { column in ([heads] + rows).map { textWidth($0[column]) }.max() ?? 0 }
    if let width {
      // The owner keeps eight cells, the key the end of its name.
      for (column, least) in [(0, 8), (heads.count - 1, 8)] {
        let excess = widths.reduce(2 * (widths.count - 1), +) - width
        if excess > 0 { widths[column] = max(min(widths[column], least), widths[column] - excess) }
      }
    }
    return ([heads] + rows).map { row in
      let line = zip(row, widths).map { text, width in
        let cut = fit(text, width)
        return cut + String(repeating: " ", count: max(0, width - textWidth(cut)))
      }.joined(separator: "  ")
      return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)])
    }
  }

  private func cells(_ row: Inventory.Row, _ isWide: Bool) -> [String] {
    let roles = Words[language]
    let certificate = row.place.certificate.value
    let owner =
      certificate.map { displaySafe($0.owner) } ?? row.place.certificate.failure.map {
        Symbol.error.before($0.line(language))
      }
      ?? "–"
    let validity = certificate?.validity
    let days = validity.map {
      Symbol($0.state(now: inventory.now, reminderDays: inventory.reminderDays)).before(
        "\($0.daysLeft(now: inventory.now))")
    }
    let narrow = [
      roles.roleShort(row.place.role), validity?.notAfterDate ?? "–", days ?? "–", pin(row.pin),
      row.name ?? displaySafe(row.key),
    ]
    guard isWide else { return [owner] + narrow }
    return [owner, certificate?.uscc.map { displaySafe($0.code) } ?? "–"] + narrow
      + [certificate?.serialText ?? "–", displaySafe(row.place.source.reader)]
  }

  private func pin(_ status: PINStatus?) -> String {
    guard let status else { return "–" }
    if status.isLocked { return Symbol.error.before(words.locked) }
    let tries = status.triesLeft.map { left in status.triesMax.map { "\(left)/\($0)" } ?? "\(left)" } ?? "–"
    return status.isLow || status.isDefault == true ? Symbol.warning.before(tries) : tries
  }

  // MARK: For a spreadsheet

  /// RFC 4180, with CR LF; a head in the language asked for.
  var csv: [String] {
    let heads = [
      words.owner, words.code, words.role, words.end, words.days, words.pin, words.key, words.serial, words.reader,
    ]
    return [heads].map(Self.line)
      + inventory.rows.map { row in
        let certificate = row.place.certificate.value
        return Self.line([
          certificate?.owner ?? row.place.certificate.failure?.line(language) ?? "", certificate?.uscc?.code ?? "",
          row.place.role.rawValue, certificate?.validity.notAfterDate ?? "",
          certificate.map { "\($0.validity.daysLeft(now: inventory.now))" } ?? "",
          row.pin.map { $0.isLocked ? "0" : $0.triesLeft.map { "\($0)" } ?? "" } ?? "",
          row.place.keySerial?.text ?? row.key.text, certificate?.serialText ?? "", row.place.source.reader,
        ])
      }
  }

  /// Fields in quotes, so that a spreadsheet keeps them as they are; what it would take for a formula has an apostrophe before it.
  static func line(_ fields: [String]) -> String {
    fields.map { field in
      let safe = displaySafe(field)
      let isFormula = safe.first.map { "=+-@\t".contains($0) } ?? false && Int(safe) == nil
      return "\""
        + ((isFormula ? "'" : "") + safe).split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
    }.joined(separator: ",") + "\r"
  }
}
