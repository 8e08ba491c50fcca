import Failures
import TokenKit

/// Which of several keys is meant, as far as the command line says it.
struct KeyChoice: Equatable {
  /// A reader's whole name or a part of it.
  var reader: String?
  /// The end of a key's serial number, or the user's own name for it.
  var key: String?

  var isOpen: Bool { reader == nil && key == nil }

  /// Those in the reader that is meant: the one of that name, else the one in whose name the word stands. Empty where there is
  /// none; all where none was named.
  ///
  /// - Throws: `UK-115` where the word stands in the names of several.
  func sources(_ all: [TokenSource]) throws(Failure) -> [TokenSource] {
    guard let reader else { return all }
    let exact = all.filter { $0.reader == reader }
    if !exact.isEmpty { return exact }
    let fitting = all.filter { Self.stands(reader, in: $0.reader) }
    var names: [String] = []
    for source in fitting where !names.contains(source.reader) { names.append(source.reader) }
    if names.count > 1 {
      throw Failure(.choiceAmbiguous, context: "--reader \(reader): " + names.joined(separator: ", "))
    }
    return fitting
  }

  /// Whether a reader may be meant: for those who see them come one by one.
  func mayMean(_ source: TokenSource) -> Bool {
    reader.map { $0 == source.reader || Self.stands($0, in: source.reader) } ?? true
  }

  /// Of keys, each told once, the one that is meant: of that name or serial number, else whose serial number ends so. All
  /// where none was named.
  ///
  /// - Parameters:
  ///   - snapshot: `nil` where the key could not be read.
  ///   - failures: why others could not be: the key may be one of them.
  /// - Throws: `UK-114` where there is none, `UK-115` where several fit.
  func keys<Key>(
    _ all: [Key], failures: [Failure], _ snapshot: (Key) -> TokenSnapshot?
  ) throws(Failure) -> [Key] {
    guard let key else { return all }
    func filtered(_ fits: (TokenSnapshot) -> Bool) -> [Key] { all.filter { snapshot($0).map(fits) ?? false } }
    var found = filtered { Self.isCalled(key, $0) }
    if found.isEmpty { found = filtered { Self.ends($0, key) } }
    if found.isEmpty { throw Failure(.keyUnknown, context: key, causes: failures) }
    if found.count > 1 {
      let names = found.compactMap(snapshot).map(Self.name)
      throw Failure(.choiceAmbiguous, context: "--key \(key): " + names.joined(separator: ", "))
    }
    return found
  }

  /// Whether a key may be meant: for those who see them come one by one.
  func mayMean(_ snapshot: TokenSnapshot) -> Bool {
    mayMean(snapshot.source) && (key.map { Self.isCalled($0, snapshot) || Self.ends(snapshot, $0) } ?? true)
  }

  private static func isCalled(_ word: String, _ snapshot: TokenSnapshot) -> Bool {
    [snapshot.device.serial.value?.text, KeyNames.current[snapshot]].contains { $0?.lowercased() == word.lowercased() }
  }

  private static func ends(_ snapshot: TokenSnapshot, _ word: String) -> Bool {
    !word.isEmpty && snapshot.device.serial.value?.text.lowercased().hasSuffix(word.lowercased()) == true
  }

  private static func name(_ snapshot: TokenSnapshot) -> String {
    let serial = snapshot.device.serial.value?.text ?? snapshot.source.reader
    return KeyNames.current[snapshot].map { "\($0) (\(serial))" } ?? serial
  }

  private static func stands(_ part: String, in name: String) -> Bool {
    let (part, name) = (Array(part.lowercased().utf8), Array(name.lowercased().utf8))
    guard !part.isEmpty, part.count <= name.count else { return false }
    return (0...(name.count - part.count)).contains { name[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
