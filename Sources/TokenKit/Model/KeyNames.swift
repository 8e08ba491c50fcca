package import Base
package import Failures
internal import Glibc
internal import Synchronization

/// The user's own names for keys, by 介质序列号: `~/.config/ukey/names.conf`, in the format of all settings files
/// (``SettingsLine``), a line `SERIAL = NAME` each in the section `[names]`.
///
/// They are told by this computer, not by the key: shown beside what it calls itself, never in its place.
package struct KeyNames: Sendable, Equatable {
  /// Serial numbers as the file has them (``encoded(_:)``), and names; a later line replaces an earlier one.
  package private(set) var all: [(serial: String, name: String)] = []
  /// Lines that were not understood.
  package private(set) var mistakes: [SettingsMistake] = []

  /// Characters of a name.
  package static let nameLimit = 40
  package static let fileLimit = 64 * 1024
  private static let mistakeLimit = 20

  package init() {}

  package init(_ bytes: [UInt8], file: String) {
    bytes.withUnsafeBufferPointer { bytes in
      var isNames = false
      readSettings(bytes) { line in
        switch line.content {
        case .section(let name):
          isNames = name.string == "names"
          if isNames { return }
        case .entry(let serial, let name) where isNames:
          if let name = String(validating: name, as: UTF8.self), Self.isName(name) {
            set(serial.string, name)
            return
          }
        case .entry, .other: break
        }
        if mistakes.count < Self.mistakeLimit { mistakes.append(line.mistake(in: file, shown: { displaySafe($0) })) }
      }
    }
  }

  package static func == (left: KeyNames, right: KeyNames) -> Bool {
    left.mistakes == right.mistakes && left.all.elementsEqual(right.all, by: ==)
  }

  /// The name of the key with this serial number; `nil` for one without a name and for one whose serial number is not told.
  package subscript(serial: TokenName?) -> String? {
    guard !all.isEmpty, let serial, !serial.isEmpty else { return nil }
    let wanted = Self.encoded(serial)
    return all.first { $0.serial == wanted }?.name
  }

  /// The name of a key as it was read.
  package subscript(snapshot: TokenSnapshot) -> String? { self[snapshot.device.serial.value] }

  private mutating func set(_ serial: String, _ name: String) {
    all.removeAll { $0.serial == serial }
    all.append((serial, name))
  }

  /// Whether it may be a name: something that shows, in one line, without blanks around it.
  package static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.unicodeScalars.count <= nameLimit && displaySafe(name) == name && name.first != " "
      && name.last != " "
  }

  /// A serial number as the file has it: letters, digits and `-._` as they are, other bytes as `%XX`.
  package static func encoded(_ serial: TokenName) -> String {
    var text = ""
    for byte in serial.bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + hexText([byte])
      }
    }
    return text
  }
}

// MARK: The file

extension KeyNames {
  /// `nil` where the user has no home.
  package static var file: String? { TrustedPath.home.map { $0 + "/.config/ukey/names.conf" } }

  private static let inForce = Mutex<KeyNames?>(nil)

  /// Those that were read last (``load()``); none before. Touches no file: what draws may ask it.
  package static var current: KeyNames { inForce.withLock { $0 } ?? KeyNames() }

  /// Leaves only names that a terminal without UTF-8 can show: a row of question marks names no key.
  package static func keepShowable() {
    inForce.withLock { names in names?.all.removeAll { !$0.name.utf8.allSatisfy { $0 < 0x80 } } }
  }

  /// Reads the file and puts it in force; a file that is not there is one without names.
  ///
  /// - Throws: `UK-614` when another user could have written it, `UK-613` when it cannot be read; the names in force stay.
  @discardableResult package static func load() throws(Failure) -> KeyNames {
    let names = try file.map { file throws(Failure) in KeyNames(try bytes(file), file: file) } ?? KeyNames()
    inForce.withLock { $0 = names }
    return names
  }

  /// None for a file that is not there.
  private static func bytes(_ file: String) throws(Failure) -> [UInt8] {
    if access(file, F_OK) != 0, errno == ENOENT { return [] }
    try Failure.checkTrust(file, missing: .fileRead)
    return try Failure.mapping(.fileRead, try readFile(file, limit: fileLimit, followsLinks: true))
  }

  /// Gives a key a name, or takes it away; other lines of the file stay as they are.
  ///
  /// - Parameter name: `nil`: none from now on.
  /// - Returns: whether the file is another now.
  /// - Throws: as ``load()``; `UK-611` when it cannot be written.
  @discardableResult
  package static func write(_ name: String?, for serial: TokenName) throws(Failure) -> Bool {
    guard let file else { throw Failure(.fileWrite, context: "HOME") }
    let old = try bytes(file)
    let new = edited(old, serial: encoded(serial), name: name)
    guard new != old else { return false }
    guard new.count <= fileLimit else {
      throw Failure(.fileWrite, function: "write", number: .errno(EFBIG), context: displaySafe(file))
    }
    // Made as they are needed, for this user alone.
    var folder = ""
    for part in file.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
    switch writeFile(new, to: file, overwrite: true, mode: 0o600) {
    case .written, .exists: break
    case .failed(let error): throw Failure(.fileWrite, error)
    }
    try load()
    return true
  }

  /// The file with one name more, less, or another.
  static func edited(_ bytes: [UInt8], serial: String, name: String?) -> [UInt8] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    var own: [Int] = []
    var head: Int?
    bytes.withUnsafeBufferPointer { bytes in
      var isNames = false
      readSettings(bytes) { line in
        switch line.content {
        case .section(let name):
          isNames = name.string == "names"
          if isNames, head == nil { head = line.number }
        case .entry(let key, _) where isNames && key.string == serial: own.append(line.number - 1)
        case .entry, .other: break
        }
      }
    }
    for index in own.reversed() where lines.indices.contains(index) { lines.remove(at: index) }
    if let name {
      let line = Array((serial + " = " + name).utf8)
      if let place = own.first ?? head {
        lines.insert(line, at: min(place, lines.count))
      } else {
        lines += [Array("[names]".utf8), line]
      }
    }
    return lines.isEmpty ? [] : Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
  }
}
