import ArgumentParser
import DiagnosisKit
import Failures
import TokenKit

/// What a shell offers for a value, asked when Tab is pressed: of the keys that are plugged in, without a PIN. A key that is
/// busy or slow offers nothing.
enum CompletionValues {
  static let readers = CompletionKind.custom { words, _, _ in
    reports(words).map(\.source.reader).unique
  }

  static let containers = CompletionKind.custom { words, _, _ in
    places(words).map(\.container.name.text).unique
  }

  static let serials = CompletionKind.custom { words, _, _ in
    // Without colons: shells take those for the end of a word.
    places(words).compactMap { $0.certificate.value?.serialText.filter { $0 != ":" } }.unique
  }

  static let checks = CompletionKind.custom { _, _, _ in CheckID.allCases.map(\.rawValue) }

  /// Codes, causes, links, exit codes.
  static let names = CompletionKind.custom { _, _, _ in Explanation.all.map(\.id) }

  private static func places(_ words: [String]) -> [CertificatePlace] {
    reports(words).compactMap(\.snapshot).flatMap(\.filledPlaces)
  }

  /// - Parameter words: those of the command so far, whose `--demo` and `--provider` count.
  private static func reports(_ words: [String]) -> [ReaderReport] {
    var selection = KeySelection()
    selection.demo = words.contains("--demo")
    selection.provider = zip(words, words.dropFirst()).filter { $0.0 == "--provider" }.map(\.1)
    // Nobody waits longer behind a Tab.
    CardLimit.shorten(to: 3000)
    do throws(Failure) { return try selection.collect() } catch { return [] }
  }
}

extension [String] {
  /// Each once, in order, and none that is empty.
  fileprivate var unique: [String] {
    var seen: Set<String> = [""]
    return filter { seen.insert($0).inserted }
  }
}
