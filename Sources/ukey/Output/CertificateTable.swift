import Base
import CertificateKit
import Failures
import TokenKit
import Wording

/// `ukey cert list` for people: one line a certificate, in columns by two blanks. Scripts take `--json`.
struct CertificateTable {
  var now: Int64
  var language: Language
  private var words: Words { _read { yield Words[language] } }

  /// `CONTAINER  role  serial  last day  mark and days left  owner`; with several keys under the reader's name each.
  func lines(_ rows: [CertificatePlace]) -> [String] {
    let table = table(rows)
    let readers = rows.sources
    guard readers.count > 1 else { return table }
    var lines: [String] = []
    for source in readers {
      if !lines.isEmpty { lines.append("") }
      lines.append(words.reader + "  " + displaySafe(source.reader))
      for (row, line) in zip(rows, table) where row.source == source { lines.append(line) }
    }
    return lines
  }

  private func table(_ rows: [CertificatePlace]) -> [String] {
    let cells = rows.map { row in self.cells(row, in: rows) }
    let count = cells.map(\.count).max() ?? 0
    // The last column is as long as it is.
    let widths = (0..<count).map { column in
      cells.map { $0.count - 1 > column ? textWidth($0[column]) : 0 }.max() ?? 0
    }
    return cells.map { row in
      row.enumerated().map { column, text in
        column == row.count - 1 ? text : text + String(repeating: " ", count: max(0, widths[column] - textWidth(text)))
      }.joined(separator: "  ")
    }
  }

  private func cells(_ row: CertificatePlace, in rows: [CertificatePlace]) -> [String] {
    let place = [row.containerName(among: rows), words.role(row.role)]
    switch row.certificate {
    case .value(let certificate):
      let validity = certificate.validity
      return place + [
        certificate.serialText, validity.notAfterDate,
        Symbol(validity.state(now: now, reminderDays: Settings.current.reminderDays))
          .before(words.days(validity, now: now, reminderDays: Settings.current.reminderDays)),
        displaySafe(certificate.owner),
      ]
    case .failed(let failure): return place + [Symbol.error.before(failure.line(language))]
    case .absent, .notOffered: return place + ["–"]
    }
  }
}
