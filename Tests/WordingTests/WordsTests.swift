import DiagnosisKit
import Failures
import Foundation
import Testing
import Wording

/// What the compiler does not see of the words.
@Suite struct WordsTests {
  /// Each plain word of a language with its name; those that are functions are looked at in the files.
  private static func words(_ language: Language) -> [(name: String, text: String)] {
    let structs: [Any] = [
      Words[language], PINWords[language], PINScreenWords[language], LoginWords[language], UnlockWords[language],
      DiagnosisPhrases[language], UnlockCommandWords[language], PINCommandWords[language], StatusWords[language],
      DoctorWords[language], ProviderWords[language],
    ]
    var found: [(name: String, text: String)] = []
    for value in structs {
      for child in Mirror(reflecting: value).children {
        guard let name = child.label, let text = child.value as? String else { continue }
        found.append(("\(type(of: value)).\(name)", text))
      }
    }
    found += FailureCode.allCases.flatMap { code in
      [(code.rawValue, code.words(language).title), (code.rawValue, code.words(language).remedy)]
    }
    found += Cause.allCases.flatMap { cause in
      [(cause.rawValue, cause.words(language).title), (cause.rawValue, cause.words(language).remedy)]
    }
    found += CheckID.allCases.map { ($0.rawValue, $0.title(language)) }
    found += Fact.allCases.map { ($0.rawValue, $0.title(language)) }
    found += Verdict.allCases.map { ($0.rawValue, $0.title(language)) }
    found += LoginStep.allCases.map { ($0.rawValue, $0.title(language)) }
    return found
  }

  @Test(arguments: Language.allCases) func noWordIsEmpty(language: Language) {
    let words = Self.words(language)
    #expect(words.count > 500)
    for word in words { #expect(!word.text.isEmpty, "\(word.name)") }
  }

  /// Beside Chinese stand Chinese marks; in what is typed (`skf:路径`) those of the command line.
  @Test func chineseHasItsOwnMarks() throws {
    let wrong = try Regex("[\u{4E00}-\u{9FFF}][,:;!?()]|[,:;!?()][\u{4E00}-\u{9FFF}]")
    for word in Self.words(.zh) {
      let text = word.text.replacing("skf:路径", with: "").replacing("pkcs11:路径", with: "")
      #expect(text.firstMatch(of: wrong) == nil, "\(word.name): \(word.text)")
    }
  }

  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  private static func files(_ folder: String) throws -> [URL] {
    let all = try #require(
      FileManager.default.enumerator(at: sources.appending(path: folder), includingPropertiesForKeys: nil))
    return all.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  }

  /// A word that is given a number in one language is given it in the other.
  @Test func bothLanguagesUseTheSamePlaceholders() throws {
    var compared = 0
    for file in try Self.files("Wording") where file.lastPathComponent.hasSuffix(".zh.swift") {
      let other = URL(filePath: file.path.replacing(".zh.swift", with: ".en.swift"))
      // The argument parser is English itself.
      guard file.lastPathComponent != "HelpWords.zh.swift" else { continue }
      let (zh, en) = (try Self.placeholders(file), try Self.placeholders(other))
      for (name, used) in zh where !used.isEmpty {
        #expect(en[name] == used, "\(file.lastPathComponent) \(name)")
        compared += 1
      }
    }
    #expect(compared > 30)
  }

  /// `$0`, `$1` as they are put in, or handed on to what bends the word, in each word of a file.
  private static func placeholders(_ file: URL) throws -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    var name = ""
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      // Short words share a line.
      var rest = line
      while !rest.isEmpty {
        let next = rest.firstMatch(of: /(?:^ {4}|, )(\w+): ?(?=[{"]|$)/)
        let part = rest[..<(next?.range.lowerBound ?? rest.endIndex)]
        if !name.isEmpty {
          found[name, default: []].formUnion(part.matches(of: /[( ](\$\d)[),]/).map { String($0.1) })
        }
        guard let next else { break }
        name = String(next.1)
        rest = rest[next.range.upperBound...]
      }
    }
    return found
  }

  /// A third language is new files of words and one case: nobody else asks which language it is.
  @Test(arguments: ["UnlockKit", "DiagnosisKit", "TokenKit", "TerminalKit", "ManagerApp", "ukey"])
  func nobodyElseChoosesByLanguage(module: String) throws {
    let choice = try Regex("[=!]= \\.(zh|en)\\b|case \\.(zh|en)\\b|isChinese|switch \\w*\\.?language\\b")
    for file in try Self.files(module) {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        #expect(line.firstMatch(of: choice) == nil, "\(file.lastPathComponent): \(line)")
      }
    }
  }

  @Test func yesIsTakenInEveryLanguage() {
    for word in ["y", "Y", "yes", " YES ", "是"] { #expect(Answer.isYes(word)) }
    for word in ["", "n", "no", "否", "yess", "继续"] { #expect(!Answer.isYes(word)) }
    for word in ["继续", "continue", " Continue "] { #expect(Answer.isConfirmation(word)) }
    for word in ["", "是", "y", "cont"] { #expect(!Answer.isConfirmation(word)) }
  }
}
