import Failures
import Foundation
import Testing
import Wording

@testable import DiagnosisKit

struct DiagnosisWordsTests {
  private static let documentation: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return (try? String(contentsOf: root.appending(path: "Docs/diagnosis.md"), encoding: .utf8)) ?? ""
  }()

  @Test(arguments: Cause.allCases)
  func everyCauseIsDocumentedInBothLanguages(cause: Cause) throws {
    let heading = "\n## " + cause.rawValue + "\n"
    let start = try #require(Self.documentation.range(of: heading), "no section for \(cause.rawValue)")
    let rest = Self.documentation[start.upperBound...]
    let section = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
    for language in Language.allCases {
      let words = cause.words(language)
      #expect(section.contains(words.title))
      #expect(section.contains(words.remedy))
    }
  }

  @Test func everyIdIsUsedOnce() {
    #expect(Set(Cause.allCases.map(\.rawValue)).count == Cause.allCases.count)
    #expect(Set(CheckID.allCases.map(\.rawValue)).count == CheckID.allCases.count)
    for language in Language.allCases {
      #expect(Set(Cause.allCases.map { $0.words(language).title }).count == Cause.allCases.count)
      #expect(Set(CheckID.allCases.map { $0.title(language) }).count == CheckID.allCases.count)
    }
  }

  @Test func needsFormNoCircle() {
    for id in CheckID.allCases {
      let before = (id.needs + id.after).map { Diagnosis.closure(of: $0) }
      #expect(before.allSatisfy { !$0.contains(id) }, "\(id.rawValue) waits for itself")
    }
  }
}
