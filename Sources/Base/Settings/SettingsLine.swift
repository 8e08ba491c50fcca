/// A line of a settings file, in the one format of all of them: sections `[NAME]`, lines `key = value`, `#` begins a
/// comment. Blanks around each part do not count.
///
/// Points into the bytes that are read: not to be kept.
package struct SettingsLine {
  package typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  package enum Content {
    case section(Bytes)
    case entry(key: Bytes, value: Bytes)
    /// Neither: what it means, if anything, is for the reader of that file.
    case other
  }

  package var content: Content
  /// The whole line without the blanks around it.
  package var text: Bytes
  /// Counted from 1.
  package var number: Int
  /// Bytes of the line before ``text``.
  fileprivate var indent: Int

  /// Where the line's text begins, counted from 1 in bytes.
  package var column: Int { indent + 1 }

  /// Where a part of the line begins, counted from 1 in bytes.
  package func column(of part: Bytes) -> Int { indent + 1 + part.startIndex - text.startIndex }

  /// This line as something that was not understood.
  ///
  /// - Parameter part: what of it; the line where none is named.
  package func mistake(in file: String, _ part: Bytes? = nil, shown: (String) -> String) -> SettingsMistake {
    SettingsMistake(
      file: file, line: number, column: part.map(column(of:)) ?? column,
      text: shown(String(decoding: text.prefix(80), as: UTF8.self)))
  }
}

/// A line of a settings file that was not understood; what it would have set is as it was.
package struct SettingsMistake: Sendable, Equatable, CustomStringConvertible {
  package var file: String
  /// Counted from 1, the column in bytes.
  package var line: Int
  package var column: Int
  /// The beginning of the line, safe to show.
  package var text: String

  package var description: String { "\(file):\(line):\(column): \(text)" }
}

/// Goes through a settings file line by line; lines that are empty or a comment are left out.
///
/// By bytes: every start reads built-in settings, and by characters that took longer than reading a key.
package func readSettings(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (SettingsLine) -> Void) {
  var rest = bytes[...]
  var number = 0
  while !rest.isEmpty {
    number += 1
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    let start = rest.startIndex
    let text = trimmed(rest[..<end])
    rest = rest[end...].dropFirst()
    guard let first = text.first, first != UInt8(ascii: "#") else { continue }
    var content = SettingsLine.Content.other
    if first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count > 1 {
      content = .section(text.dropFirst().dropLast())
    } else if let equals = text.firstIndex(of: UInt8(ascii: "=")) {
      content = .entry(key: trimmed(text[..<equals]), value: trimmed(text[equals...].dropFirst()))
    }
    body(SettingsLine(content: content, text: text, number: number, indent: text.startIndex - start))
  }
}

extension SettingsLine.Bytes {
  /// Bytes that are no UTF-8 are replaced.
  package var string: String { String(decoding: self, as: UTF8.self) }
}

private func trimmed(_ text: SettingsLine.Bytes) -> SettingsLine.Bytes {
  var text = text.drop { isBlank($0) }
  while let last = text.last, isBlank(last) { text = text.dropLast() }
  return text
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}
