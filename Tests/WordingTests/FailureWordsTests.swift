import Failures
import Foundation
import Testing
import Wording

@Suite struct FailureWordsTests {
  @Test(arguments: FailureCode.allCases)
  func everyCodeHasWordsInBothLanguages(_ code: FailureCode) {
    for language in Language.allCases {
      let words = code.words(language)
      #expect(!words.title.isEmpty)
      #expect(!words.remedy.isEmpty)
      #expect(!words.title.hasSuffix("."))
    }
    #expect(code.words(.zh).title.unicodeScalars.contains { $0.properties.isIdeographic })
    #expect(!code.words(.en).title.unicodeScalars.contains { $0.properties.isIdeographic })
    #expect(!code.words(.en).remedy.unicodeScalars.contains { $0.properties.isIdeographic })
  }

  @Test func everyCodeIsDocumentedAndNoOther() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/failure-codes.md")
    let document = try String(contentsOf: path, encoding: .utf8)
    let headings = document.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    #expect(Set(headings) == Set(FailureCode.allCases.map(\.rawValue)))
    #expect(headings.count == Set(headings).count)
    for code in FailureCode.allCases {
      for language in Language.allCases {
        #expect(document.contains(code.words(language).title), "\(code.rawValue) \(language)")
        #expect(document.contains(code.words(language).remedy), "\(code.rawValue) \(language)")
      }
    }
  }

  @Test func theRawNumberStandsBesideTheWords() {
    let failure = Failure(.serviceUnavailable, function: "SCardEstablishContext", number: .scard(0x8010_001D))
    #expect(failure.line(.zh) == "读卡服务没有运行（UK-101 · SCARD 0x8010001D）")
    #expect(failure.reference == "UK-101 · SCardEstablishContext · SCARD 0x8010001D")
    #expect(Failure(.commandRefused, number: .statusWord(0x6A82)).line(.en).contains("SW 6A82"))
  }
}
