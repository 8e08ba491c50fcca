/// Finding companies by a part of their name, code or login name: of one, two, three or more characters, Chinese or not.
///
/// Of each company one text is kept, its pieces of three characters beside it. What is looked for is cut in the same way: its
/// rarest pieces lead to the few texts that can have it. Where all of them are common so is what is looked for, and the newest
/// companies are read until the page is full.
enum SearchText {
  /// Characters of a piece.
  static let piece = 3
  /// So many texts are looked through one by one; asked in two steps, since most often the first tells.
  static let few: [Int64] = [500, 2000]
  /// Of so many those are looked for that have the next rarest piece too.
  static let some: Int64 = 6000

  static func of(_ company: Company) -> String {
    [company.name, company.uscc, company.loginName].map { folded($0) + "\n" }.joined()
  }

  /// As it is kept and looked for: small letters, full-width ones as the others, one line.
  static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
      case 0x3000: result.append(" ")
      case 0..<0x20: result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result).lowercased()
  }

  /// From which piece to which one has those that what is looked for needs; the last character there is ends a range.
  static func ranges(_ word: String) -> [(from: String, to: String)] {
    let scalars = Array(word.unicodeScalars)
    guard scalars.count >= piece else { return [(word, word + "\u{10FFFF}")] }
    var seen: Set<String> = []
    // The first are enough: a page of a book is no name.
    for start in 0...min(scalars.count - piece, 60) {
      seen.insert(String(String.UnicodeScalarView(scalars[start..<start + piece])))
    }
    return seen.sorted().map { ($0, $0) }
  }

  static func pattern(_ word: String) -> String {
    "%" + word.flatMap { "%_\\".contains($0) ? ["\\", $0] : [$0] } + "%"
  }
}

extension Store {
  /// By a part of name, code or login name; newest first. One more than `limit` tells that there are more.
  func companies(
    search: String, state: Company.State?, page: Int, limit: Int
  ) throws(DatabaseError) -> [Company] {
    let word = SearchText.folded(search)
    let page = (limit: SQLValue.int(Int64(limit + 1)), offset: SQLValue.int(Int64(page) * Int64(limit)))
    let order = "ORDER BY c.created DESC, c.id"
    let fits = "t.company = c.id AND t.content LIKE $1 ESCAPE '\\'"
    let pattern = SQLValue.text(SearchText.pattern(word))
    let rows: [SQLRow]
    if let pieces = try rarest(word) {
      rows = try database.rows(
        """
        WITH found (number) AS MATERIALIZED (
          SELECT DISTINCT p.number FROM search_pieces p WHERE p.piece BETWEEN $2 AND $3
            AND ($4 = '' OR EXISTS (SELECT 1 FROM search_pieces q WHERE q.piece = $4 AND q.number = p.number)))
        SELECT \(Self.companyColumns) FROM found f JOIN search_texts t ON t.number = f.number JOIN companies c ON \(fits)
        WHERE $5 = '' OR c.state = $5 \(order) LIMIT $6 OFFSET $7
        """, pattern, .text(pieces.first.from), .text(pieces.first.to), .text(pieces.second),
        .text(state?.rawValue ?? ""), page.limit, page.offset)
    } else if word.isEmpty, let state {
      rows = try database.rows(
        "SELECT \(Self.companyColumns) FROM companies c WHERE c.state = $1 \(order) LIMIT $2 OFFSET $3",
        .text(state.rawValue), page.limit, page.offset)
    } else if word.isEmpty {
      rows = try database.rows(
        "SELECT \(Self.companyColumns) FROM companies c \(order) LIMIT $1 OFFSET $2", page.limit, page.offset)
    } else if let state {
      rows = try database.rows(
        """
        SELECT \(Self.companyColumns) FROM companies c JOIN search_texts t ON \(fits) WHERE c.state = $2
        \(order) LIMIT $3 OFFSET $4
        """, pattern, .text(state.rawValue), page.limit, page.offset)
    } else {
      rows = try database.rows(
        """
        SELECT \(Self.companyColumns) FROM companies c JOIN search_texts t ON \(fits)
        \(order) LIMIT $2 OFFSET $3
        """, pattern, page.limit, page.offset)
    }
    return rows.compactMap(Self.company)
  }

  private typealias Range = (from: String, to: String)

  /// The piece of the word that the fewest texts have, and the next one where those are more than a few; `nil` where all have
  /// it, or nothing is looked for.
  private func rarest(_ word: String) throws(DatabaseError) -> (first: Range, second: String)? {
    guard !word.isEmpty else { return nil }
    let ranges = SearchText.ranges(word)
    for limit in SearchText.few {
      for range in ranges where try count(range, limit: limit) < limit { return (range, "") }
    }
    // A word that is a piece itself is in all those texts.
    guard ranges.count > 1 else { return nil }
    var counted: [(count: Int64, range: Range)] = []
    for range in ranges.prefix(8) {
      let count = try count(range, limit: SearchText.some)
      if count < SearchText.some { counted.append((count, range)) }
    }
    counted.sort { $0.count < $1.count }
    guard let first = counted.first else { return nil }
    return (first.range, counted.count > 1 ? counted[1].range.from : "")
  }

  private func count(_ range: Range, limit: Int64) throws(DatabaseError) -> Int64 {
    let row = try database.first(
      """
      SELECT COUNT(*) FROM (SELECT 1 FROM search_pieces WHERE piece BETWEEN $1 AND $2 LIMIT $3) AS found
      """, .text(range.from), .text(range.to), .int(limit))
    return row?.int(0) ?? 0
  }

  /// Makes a company one that is found. Within the transaction that adds it.
  func addSearchText(of company: Company) throws(DatabaseError) {
    let number = try nextSearchNumber()
    try addSearchText(of: company, number)
    try addSearchPieces(from: number, to: number)
  }

  private func nextSearchNumber() throws(DatabaseError) -> Int64 {
    (try database.first("SELECT MAX(number) FROM search_texts")?.int(0) ?? 0) + 1
  }

  private func addSearchText(of company: Company, _ number: Int64) throws(DatabaseError) {
    try database.run(
      "INSERT INTO search_texts VALUES ($1, $2, $3)", .int(number), .text(company.id), .text(SearchText.of(company)))
  }

  private func addSearchPieces(from: Int64, to: Int64) throws(DatabaseError) {
    try database.run(
      """
      INSERT INTO search_pieces
      WITH RECURSIVE places (number, content, place) AS (
        SELECT number, content, 1 FROM search_texts WHERE number BETWEEN $1 AND $2
        UNION ALL SELECT number, content, place + 1 FROM places WHERE place + 1 < length(content))
      SELECT DISTINCT substr(content, place, 3), number FROM places
      """, .int(from), .int(to))
  }

  /// The same for those that a program without this search has added, before or beside this one.
  package func completeSearch() throws(DatabaseError) {
    var last: String? = ""
    var count = 0
    while let id = last {
      last = try transaction { () throws(DatabaseError) in
        let found = try database.rows(
          """
          SELECT \(Self.companyColumns) FROM companies c
          WHERE c.id > $1 AND NOT EXISTS (SELECT 1 FROM search_texts t WHERE t.company = c.id) ORDER BY c.id LIMIT 1000
          """, .text(id)
        ).compactMap(Self.company)
        guard let end = found.last?.id else { return nil }
        let first = try nextSearchNumber()
        for (number, company) in zip(first..., found) { try addSearchText(of: company, number) }
        try addSearchPieces(from: first, to: first + Int64(found.count) - 1)
        count += found.count
        return end
      }
    }
    // A server has to know how many they have become before it looks for them well.
    if count > 0, database.dialect == .postgresql {
      try database.execute("ANALYZE companies, search_texts, search_pieces")
    }
  }
}
