internal import Base
package import Failures
internal import Glibc

/// Which keys the certificate authority gave to whom: the desk answers for no other.
///
/// A text file in UTF-8, one key a line: `SERIAL<TAB>CERTIFICATE-SERIAL<TAB>OWNER`, the certificate's serial in lower-case
/// hexadecimal, texts as the program shows them (what does not print as `\u{…}`). Blank lines and those with `#` first
/// are passed by. A key whose certificate was renewed has a line for each.
package struct IssuanceList: Sendable {
  package struct Entry: Sendable, Hashable {
    package var keySerial: String
    package var certificateSerial: String
    package var owner: String

    package init(keySerial: String, certificateSerial: String, owner: String) {
      self.keySerial = displaySafe(keySerial)
      self.certificateSerial = certificateSerial
      self.owner = displaySafe(owner)
    }

    /// Its line, with the line feed.
    package var line: String { "\(keySerial)\t\(certificateSerial)\t\(owner)\n" }
  }

  /// Bytes that a list may have.
  package static let limit = 64 * 1024 * 1024

  private var entries: Set<Entry> = []

  /// - Throws: `UK-612` when it cannot be read or a line is none.
  package init(file: String) throws(Failure) {
    let bytes = try Failure.mapping(.fileRead, try readFile(file, limit: Self.limit, followsLinks: true))
    try self.init(bytes, name: file)
  }

  /// - Throws: `UK-612`.
  init(_ bytes: [UInt8], name: String) throws(Failure) {
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      var content = line
      if content.last == 0x0D { content.removeLast() }
      if content.isEmpty || content.first == UInt8(ascii: "#") { continue }
      let fields = content.split(separator: 0x09, omittingEmptySubsequences: false)
      let texts = fields.compactMap { String(validating: $0, as: UTF8.self) }
      guard fields.count == 3, texts.count == 3, !texts[0].isEmpty, Base.bytes(hex: texts[1]) != nil else {
        throw Failure(.fileRead, function: "line", context: displaySafe(name) + ":\(number)")
      }
      entries.insert(Entry(keySerial: texts[0], certificateSerial: texts[1], owner: texts[2]))
    }
  }

  /// Adds what is not in the list yet, on disk when this returns; makes the file, mode 0600.
  ///
  /// - Throws: `UK-611`, `UK-612`.
  package static func append(_ new: [Entry], to givenPath: String) throws(Failure) {
    let path = absolutePath(givenPath)
    func failure(_ function: String) -> Failure {
      Failure(.fileWrite, function: function, number: .errno(errno), context: displaySafe(path))
    }
    let file = path.utf8.contains(0) ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard file >= 0 else { throw failure("open") }
    defer { close(file) }
    let list = try IssuanceList(file: path)
    let lines = new.filter { !list.contains($0) }.map(\.line).joined()
    try Failure.mapping(.fileWrite, try writeAll(Array(lines.utf8)[...], to: file))
    guard fsync(file) == 0 else { throw failure("fsync") }
  }

  package func contains(_ entry: Entry) -> Bool { entries.contains(entry) }

  /// A request is for an issued key when one of the certificates that it names was issued on this key to this owner.
  ///
  /// - Throws: `UK-515`.
  package func check(_ checked: CheckedRequest) throws(Failure) {
    let named = checked.request.certificates.map {
      Entry(keySerial: checked.keySerial, certificateSerial: $0.serial, owner: $0.owner)
    }
    guard named.contains(where: entries.contains) else {
      throw Failure(.notIssued, context: displaySafe(checked.keySerial))
    }
  }
}
