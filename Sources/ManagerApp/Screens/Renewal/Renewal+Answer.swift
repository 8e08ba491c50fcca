import Base
import CertificateKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// Old and new certificate side by side, before it is written and after.
extension RenewalPicture {
  private struct Row {
    var label: String
    var old: String?
    var new: String?
  }

  private var rows: [Row] {
    let (old, new) = (renewal.old, renewal.new)
    func row(_ label: String, _ text: (Certificate) -> String?) -> Row {
      Row(label: label, old: old.flatMap(text), new: new.flatMap(text))
    }
    let none = own.none
    return [
      row(words.owner) { displaySafe($0.owner) },
      row(words.uscc) { $0.uscc.map { displaySafe($0.code) } ?? none },
      row(words.issuer) { displaySafe($0.issuer.displayName) },
      row(own.serial) { $0.serialText },
      row(own.until) { LocalTime.date($0.validity.notAfter) },
      row(own.signsWith) { $0.publicKey.name },
      Row(
        label: own.container, old: renewal.journal?.oldContainer.map { displaySafe($0) },
        new: renewal.journal.map { displaySafe($0.container) }),
    ]
  }

  /// `label  old  ≠ new`, each side folded as often as it takes: nothing that is compared is cut off.
  var table: [Line] {
    if isPlain { return plainTable.map { [($0, .normal)] } }
    let label = (rows.map { textWidth($0.label) }.max() ?? 0) + 2
    let side = max(8, (width - label - 3) / 2)
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - textWidth(text)))
    }
    var lines: [Line] = [[(padded("", label), .dim), (padded(own.old, side + 3), .title), (own.new, .title)]]
    for row in rows {
      func folded(_ text: String?) -> [String] {
        row.label == own.serial ? Self.foldSerial(text ?? own.none, side) : wrap(text ?? own.none, side)
      }
      let (old, new) = (folded(row.old), folded(row.new))
      // Serial, end and place are others always; what else differs is marked.
      let isSuspect = row.old != row.new && [words.owner, words.uscc, words.issuer].contains(row.label)
      for index in 0..<max(old.count, new.count) {
        let style: Style = isSuspect ? .warning : .normal
        lines.append([
          (padded(index == 0 ? row.label : "", label), .dim),
          (padded(old.count > index ? old[index] : "", side), style),
          (index == 0 && isSuspect ? " ≠ " : "   ", .warning), (new.count > index ? new[index] : "", style),
        ])
      }
    }
    return lines
  }

  /// Between two bytes, so that each line is read as it stands on another paper.
  static func foldSerial(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = [""]
    for byte in text.split(separator: ":") {
      if !lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] += ":"
        if textWidth(lines[lines.count - 1]) + byte.count + 1 > width { lines.append("") }
      }
      lines[lines.count - 1] += byte
    }
    return lines
  }

  /// The same one after the other, for plain mode.
  private var plainTable: [String] {
    let punctuation = Punctuation[language]
    return rows.map { row in
      let old = own.old + " " + (row.old ?? own.none)
      let new = own.new + " " + (row.new ?? own.none)
      return row.label + punctuation.colon + old + punctuation.semicolon + new
    }
  }

  var reviewLines: [Line] {
    guard let answer = renewal.answer else { return [] }
    let checked = answer.checked
    var lines = text(own.contents(checked.encryption != nil), .title) + [[]] + table + [[]]
    if checked.differences.isEmpty {
      lines += text(Symbol.ok.before(own.noDifferences), .ok) + [[]] + text(own.writeAsk, .key)
    } else {
      lines += text(shared.differencesTitle, .title)
      for difference in checked.differences {
        lines += text(Symbol.warning.before(shared.difference(difference)), .warning)
      }
      lines += [[]] + text(own.agreeAsk, .key)
    }
    return lines
  }

  var installedLines: [Line] {
    var lines = text(Symbol.ok.before(own.installed), .ok)
    if let proof = renewal.proof, proof.hasEncryptionPair {
      lines +=
        proof.encryptionPair == true
        ? text(Symbol.ok.before(shared.pairProved), .ok) : text(Symbol.unknown.before(shared.pairNotTried), .warning)
    }
    lines += [[]] + table + [[]] + text(own.loginFirst, .key)
    if renewal.journal?.oldContainer != nil { lines += text(own.removeLater) }
    return lines
  }

  /// The serial number whole where there is room for it: the question below it must be seen.
  var removingLines: [Line] {
    let whole = removingLines(foldsSerial: true)
    return whole.filter { !$0.isEmpty }.count <= room ? whole : removingLines(foldsSerial: false)
  }

  private func removingLines(foldsSerial: Bool) -> [Line] {
    guard let old = renewal.old else { return [] }
    var lines = text(Symbol.warning.before(own.removeTitle), .warning)
    let facts: [(String, String?)] = [
      (words.owner, displaySafe(old.owner)), (own.serial, old.serialText),
      (own.until, LocalTime.date(old.validity.notAfter)),
      (own.container, renewal.journal?.oldContainer.map { displaySafe($0) }),
    ]
    let column = (facts.map { textWidth($0.0) }.max() ?? 0) + 4
    for (label, value) in facts {
      guard let value else { continue }
      let isFolded = foldsSerial && !isPlain && value == old.serialText
      let parts = isFolded ? Self.foldSerial(value, width - column) : [fit(value, width - column)]
      lines += parts.enumerated().map { index, part in
        let head = index == 0 ? "  " + label : ""
        return [(head + String(repeating: " ", count: max(1, column - textWidth(head))), .dim), (part, .normal)]
      }
    }
    lines += [[]] + text(Symbol.error.before(shared.removeWarning), .error) + [[]]
    // In the place of the question, which it repeats: below it, it would not be seen on a low window.
    lines += renewal.wordDiffers ? text(Symbol.error.before(own.removeDiffers), .error) : text(own.removeAsk)
    return lines + [[]]
  }

  var closedLines: [Line] {
    text(Symbol.ok.before(own.closed), .ok) + text(own.closedNext) + [[]] + table
  }
}
