import SoftToken
import Testing

@testable import Platform

@Suite struct SearchTests {
  /// As a table that is looked through row by row would answer.
  private struct Plain {
    var companies: [Company] = []

    func found(_ word: String, _ state: Company.State?) -> [String] {
      let word = SearchText.folded(word)
      return companies.filter { each in
        let texts = [each.name, each.uscc, each.loginName].map(SearchText.folded)
        return (word.isEmpty || texts.contains { Plain.contains($0, word) }) && (state == nil || each.state == state)
      }.sorted { ($1.created, $0.id) < ($0.created, $1.id) }.map(\.id)
    }

    /// By code points, as databases compare: a letter and its accent are two.
    private static func contains(_ text: String, _ word: String) -> Bool {
      let (text, word) = (Array(text.unicodeScalars), Array(word.unicodeScalars))
      return text.indices.contains { text[$0...].starts(with: word) }
    }
  }

  private func company(_ number: Int64, _ name: String, _ state: Company.State = .active) -> Company {
    Company(
      id: "id\(number + 1000)", name: name, uscc: "9144030\(10_000_000_000 + number * 7919)", hasCodeWarning: false,
      loginName: "user\(number)", contact: "", mobile: "", password: "", state: state, reason: "",
      receipt: "R\(number)",
      created: number / 2)
  }

  private static let names = [
    "深圳市示例建设工程有限公司", "深圳市样板市政工程有限公司", "ＡＢＣ（深圳）Ltd", "市", "100%_\\建设", "广州 某某 公司", "建设深圳",
    "\u{20BB7}野家\u{1F600}公司", "İstanbul Straße", "O'Neil; DROP TABLE companies",
  ]

  @Test(arguments: TestDatabase.allCases) func everyPartIsFound(_ database: TestDatabase) throws {
    let world = try World(on: database)
    var plain = Plain()
    for (index, name) in Self.names.enumerated() {
      for copy in 0..<3 {
        let state = Company.State.allCases[copy]
        plain.companies.append(company(Int64(3 * index + copy), name + (copy == 0 ? "" : "\(copy)"), state))
      }
    }
    for each in plain.companies { #expect(try world.store.add(each)) }
    func check(_ word: String) throws {
      for state in [nil] + Company.State.allCases {
        let found = try world.store.companies(search: word, state: state, page: 0, limit: 100).map(\.id)
        #expect(found == plain.found(word, state), "\(word) \(String(describing: state))")
      }
    }
    for word in [
      "", "没有", "nobody", "%", "_", "\\", "abc(", "ABC（", "ltd", "USER1", "'; DROP", "0301", "\n", "深圳市示例建设工程有限公司和更多",
    ] {
      try check(word)
    }
    // Every part of every name, of each length.
    for name in Self.names {
      let letters = Array(name.unicodeScalars)
      for start in letters.indices {
        for length in 1...min(5, letters.count - start) {
          try check(String(String.UnicodeScalarView(letters[start..<start + length])))
        }
      }
    }
    // Page by page it is the same.
    var pages: [String] = []
    for page in 0..<8 {
      pages += try world.store.companies(search: "建设", state: nil, page: page, limit: 2).prefix(2).map(\.id)
    }
    #expect(pages == plain.found("建设", nil))
  }

  /// What a program without this search has added is found after the next start; what it had is not done again.
  @Test(arguments: TestDatabase.allCases) func companiesFromBefore(_ database: TestDatabase) throws {
    let world = try World(on: database)
    for number in 0..<600 { #expect(try world.store.add(company(Int64(number), "公司\(number)号"))) }
    let rows = try world.store.database.first("SELECT COUNT(*) FROM search_pieces")
    try world.store.database.execute("DELETE FROM search_pieces; DELETE FROM search_texts")
    #expect(try world.store.companies(search: "公司599号", state: nil, page: 0, limit: 10).isEmpty)
    for _ in 0..<2 {
      try world.store.completeSearch()
      #expect(try world.store.companies(search: "公司599号", state: nil, page: 0, limit: 10).count == 1)
      #expect(try world.store.database.first("SELECT COUNT(*) FROM search_pieces") == rows)
    }
  }

  /// A company that was not added is not found either.
  @Test(arguments: TestDatabase.allCases) func takenBack(_ database: TestDatabase) throws {
    let world = try World(on: database)
    #expect(try world.store.add(company(1, "第一")))
    #expect(try !world.store.add(company(1, "第二")))
    _ = try? world.store.transaction { () throws(DatabaseError) in
      _ = try world.store.add(company(3, "第三"))
      throw DatabaseError(.statement, "")
    }
    #expect(try world.store.companies(search: "第", state: nil, page: 0, limit: 10).map(\.name) == ["第一"])
    #expect(try world.store.database.first("SELECT COUNT(*) FROM search_texts")?.int(0) == 1)
  }

  /// More companies than are looked through one by one: every way to the answer gives the same one.
  @Test(arguments: TestDatabase.allCases) func manyCompanies(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let all = (0..<6500).map { number in
      // The first 2,500 have "甲乙丙", every other one "乙丙丁", and 50 of them both in a row.
      let name = number < 50 ? "甲乙丙丁" : number < 2500 ? "甲乙丙，" + (number % 2 == 0 ? "乙丙丁" : "") : "有限公司"
      return company(Int64(number), name, number % 1000 == 0 ? .waiting : .active)
    }
    try world.store.transaction { () throws(DatabaseError) in
      for each in all { _ = try world.store.add(each) }
    }
    let sorted = Array(all.enumerated()).sorted {
      ($1.element.created, $0.element.id) < ($0.element.created, $1.element.id)
    }
    let words: [(String, (Int) -> Bool)] = [
      ("甲乙丙丁", { $0 < 50 }), ("甲乙丙", { $0 < 2500 }), ("甲乙", { $0 < 2500 }), ("甲", { $0 < 2500 }),
      ("有限公司", { $0 >= 2500 }), ("有限公", { $0 >= 2500 }), ("公司有限", { _ in false }), ("9144030", { _ in true }),
      ("user649", { $0 == 649 || $0 / 10 == 649 }),
    ]
    for (word, isMeant) in words {
      for state in [nil, Company.State.waiting, .active, .suspended] {
        let meant = sorted.filter { isMeant($0.offset) && (state == nil || $0.element.state == state) }.map(
          \.element.id)
        for page in [0, 1, 30] {
          let found = try world.store.companies(search: word, state: state, page: page, limit: 40).map(\.id)
          #expect(found == Array(meant.dropFirst(40 * page).prefix(41)), "\(word) \(String(describing: state)) \(page)")
        }
      }
    }
    #expect(try world.store.companyCounts(limit: 5000) == [.waiting: 7, .active: 5001, .suspended: 0])
  }
}
