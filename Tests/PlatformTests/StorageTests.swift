import Foundation
import Glibc
import LoginToken
import SoftToken
import Testing

@testable import Platform

@Suite struct StorageTests {
  @Test(arguments: TestDatabase.allCases) func schemaOfAnotherProgram(_ database: TestDatabase) throws {
    let world = try World(on: database)
    // The same again is nothing new.
    _ = try world.another()
    try world.store.database.run("INSERT INTO schema_steps VALUES (99, 'x', 1)")
    #expect(failure { _ = try world.another() } == .schema)
    let other = try World(on: database)
    try other.store.database.run("UPDATE schema_steps SET hash = 'x' WHERE number = 1")
    #expect(failure { _ = try other.another() } == .schema)
  }

  /// A step that has been released stays as it is; of SQLite the first was there before there was another database.
  @Test func stepsThatWereReleased() {
    func hashes(_ dialect: SQLDialect) -> [String] {
      Schema.steps(dialect).map { String(digestText($0.text).prefix(16)) }
    }
    #expect(hashes(.sqlite) == ["b3ea49fefe1e619b", "621d21da8eab410f", "ea1f3e8bdc808297"])
    #expect(hashes(.postgresql) == ["cfda733b01726d7f", "4482eb5c4eec7ea4", "693bd4fa7fa416ba"])
  }

  @Test(arguments: TestDatabase.allCases) func stepIsWholeOrNotAtAll(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let known = Schema.steps(world.store.database.dialect)
    let steps = known + [Schema.Step(number: 99, text: "CREATE TABLE half (a text); CREATE TABLE half (a text);")]
    #expect(throws: DatabaseError.self) { try Schema.migrate(world.store.database, steps: steps, now: 1) }
    #expect(throws: DatabaseError.self) { try world.store.database.rows("SELECT a FROM half") }
    let right = known + [Schema.Step(number: 99, text: "CREATE TABLE half (a text)")]
    try Schema.migrate(world.store.database, steps: right, now: 1)
    try Schema.migrate(world.store.database, steps: right, now: 2)
    #expect(try world.store.database.rows("SELECT a FROM half").isEmpty)
    #expect(try world.store.database.rows("SELECT number FROM schema_steps").count == right.count)
  }

  /// With a company in it, as the program before left it.
  @Test(arguments: TestDatabase.allCases) func databaseFromBefore(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let store = world.store
    try store.database.execute(
      "DROP TABLE search_pieces; DROP TABLE search_texts; DELETE FROM schema_steps WHERE number > 1")
    let values = (1...13).map { "$\($0)" }.joined(separator: ", ")
    try store.database.run(
      "INSERT INTO companies VALUES (\(values))", .text("a"), .text("某某公司"), .text("u"), .text("o"), .int(0),
      .text("l"),
      .text(""), .text(""), .text(""), .text("active"), .text(""), .text("r"), .int(1))
    let newer = try world.another()
    try newer.completeSearch()
    #expect(try newer.companies(search: "某公", state: nil, page: 0, limit: 5).map(\.id) == ["a"])
  }

  /// Who was logged in, and the browsers that are known, are so still when the tables are laid out anew.
  @Test(arguments: TestDatabase.allCases) func sessionsFromBefore(_ database: TestDatabase) throws {
    let folder = NSTemporaryDirectory() + "ukey-platform-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place: DatabasePlace =
      switch database {
      case .sqlite: .sqlite(folder + "/platform.sqlite")
      case .postgresql: .postgresql(try PostgreSQLServer.shared.get().makeDatabase(empty: true))
      }
    defer { place.remove() }
    let before = try Database(place)
    try Schema.migrate(before, steps: Array(Schema.steps(before.dialect).prefix(2)), now: 1)
    let (token, device) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
    try before.run(
      "INSERT INTO sessions VALUES ($1, 'h', 'company', 'c', 5, 5, '192.0.2.1', 'agent', 'password', '')",
      .text(digestText(token)))
    try before.run("INSERT INTO devices VALUES ($1, 'company', 'c', 5)", .text(digestText(device)))
    let store = try Store(place, now: 6)
    #expect(try store.session(token: token, now: 6)?.address == "192.0.2.1")
    #expect(try store.isKnown(device: device, .company, "c"))
    #expect(try store.end(handle: "h", .company, "c"))
    #expect(try store.session(token: token, now: 6) == nil)
  }

  @Test(arguments: TestDatabase.allCases) func everyKindOfValue(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let database = world.store.database
    try database.execute("CREATE TABLE kinds (a text, b bigint, c blob, d text, e smallint)")
    try database.run(
      "INSERT INTO kinds VALUES ($1, $2, $3, $4, $5)", .text("深'\u{1F600}\0"), .int(.min), .bytes([0, 255]), .null,
      .int(-7))
    let row = try require(
      try database.first("SELECT a, b, c, d, e, $2 FROM kinds WHERE a = $1", .text("深'\u{1F600}\u{FFFD}"), .int(.max)))
    #expect(
      row.values == [.text("深'\u{1F600}\u{FFFD}"), .int(.min), .bytes([0, 255]), .null, .int(-7), .int(.max)])
    #expect(row.text(99) == "" && row.int(0) == 0 && row.bytes(-0) == [])
    try database.run("INSERT INTO kinds VALUES ($1, $2, $3, $4, 0)", .text(""), .int(0), .bytes([]), .text(""))
    #expect(try database.first("SELECT c, a FROM kinds WHERE a = ''")?.values == [.bytes([]), .text("")])
  }

  /// Two connections on one file, as two processes are.
  @Test(arguments: TestDatabase.allCases) func challengeIsUsedOnceAcrossConnections(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let other = try world.another()
    let challenges = Challenge(
      nonce: try require(Nonce.random()), origin: world.site.origin, issued: world.now)
    try SessionChallenges(world.store, session: "s").insert(challenges)
    let second = SessionChallenges(other, session: "s")
    #expect(try second.current() == challenges)
    #expect(try SessionChallenges(other, session: "t").take(challenges.nonce) == nil)
    #expect(try second.take(challenges.nonce) == challenges)
    #expect(try SessionChallenges(world.store, session: "s").take(challenges.nonce) == nil)
    // And the forms' secret is the same.
    #expect(try other.secret("forms") == world.store.secret("forms"))
  }

  @Test(arguments: TestDatabase.allCases) func outcomeOfAnErrorIsNothing(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let store = world.store
    #expect(throws: DatabaseError.self) {
      try store.transaction { () throws(DatabaseError) in
        try store.audit("a", "b", "c", at: 1)
        try store.database.execute("no statement")
      }
    }
    #expect(try store.verifyAudit() == .whole(rows: 0, head: Store.auditBeginning))
    // And the connection goes on.
    try store.audit("a", "b", "c", at: 1)
    #expect(try store.auditEntries(before: nil, subject: nil, limit: 9).count == 1)
  }

  @Test(arguments: TestDatabase.allCases) func auditShowsEveryChange(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let store = world.store
    for number in 1...5 { try store.audit("actor", "kind", "subject", "\(number)", at: Int64(number)) }
    guard case .whole(let rows, let head) = try store.verifyAudit() else {
      Issue.record("broken")
      return
    }
    #expect(rows == 5 && head.utf8.count == 64)
    #expect(throws: DatabaseError.self) { try store.database.run("UPDATE audit SET detail = 'x' WHERE seq = 2") }
    #expect(throws: DatabaseError.self) { try store.database.run("DELETE FROM audit WHERE seq = 2") }
    // By one who takes the triggers away first.
    switch database {
    case .sqlite: try store.database.execute("DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps;")
    case .postgresql:
      #expect(throws: DatabaseError.self) { try store.database.execute("TRUNCATE audit") }
      try store.database.execute("DROP TRIGGER audit_stays ON audit")
    }
    for (change, back) in [
      ("UPDATE audit SET detail = 'x' WHERE seq = 2", "UPDATE audit SET detail = '2' WHERE seq = 2"),
      ("UPDATE audit SET at = 3 WHERE seq = 2", "UPDATE audit SET at = 2 WHERE seq = 2"),
      (
        "UPDATE audit SET actor = 'acto', kind = 'rkind' WHERE seq = 2",
        "UPDATE audit SET actor = 'actor', kind = 'kind' WHERE seq = 2"
      ),
    ] {
      try store.database.execute(change)
      #expect(try store.verifyAudit() == .broken(seq: 2))
      try store.database.execute(back)
    }
    try store.database.execute("DELETE FROM audit WHERE seq = 3")
    #expect(try store.verifyAudit() == .broken(seq: 3))
  }

  /// Many writers at once: one chain, without a gap or a fork.
  @Test(arguments: TestDatabase.allCases) func auditUnderLoad(_ database: TestDatabase) async throws {
    let world = try World(on: database)
    let place = world.place
    let workers = try Workers(count: 4, limit: 1000) { () throws(DatabaseError) in try Store(place, now: 1) }
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<100 {
        group.addTask {
          await withCheckedContinuation { done in
            let isTaken = workers.add { store in
              done.resume(returning: (try? store.audit("actor", "kind", "subject", "\(number)", at: 1)) != nil)
            }
            if !isTaken { done.resume(returning: false) }
          }
        }
      }
      for await isDone in group { #expect(isDone) }
    }
    workers.end()
    guard case .whole(rows: 100, _) = try world.store.verifyAudit() else {
      Issue.record("not whole")
      return
    }
  }

  @Test func passwords() throws {
    let hash = try PasswordHash.make("correct horse", .least)
    #expect(PasswordHash.verify("correct horse", hash, .least) && !PasswordHash.verify("correct horsf", hash, .least))
    #expect(try PasswordHash.make("correct horse", .least) != hash)
    for broken in ["", "scrypt$4$1$1$00$00", "scrypt$40$8$1$00$" + String(repeating: "0", count: 64), hash + "0"] {
      #expect(!PasswordHash.verify("correct horse", broken, .least))
    }
    #expect(!PasswordHash.verify("", nil, .least))
    // RFC 7914 §12: the third vector, cut to its first 32 bytes.
    let vector =
      "scrypt$14$8$1$536f6469756d43686c6f72696465$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    #expect(PasswordHash.verify("pleaseletmein", vector, .least))
  }

  @Test(
    arguments: [(91, nil), (90, 90), (61, 90), (60, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, nil)] as [(Int, Int?)])
  func remindersByDays(_ left: Int, _ due: Int?) { #expect(Reminder.due(daysLeft: left) == due) }

  @Test(arguments: TestDatabase.allCases) func remindersAreSentOnce(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder(from: -300, to: 95)
    _ = try world.register(holder)
    let browser = Browser(world)
    try browser.logIn(holder)
    var told: [String] = []
    for _ in 0..<100 {
      _ = try world.store.remind(hotline: "400", now: world.now)
      while let message = try world.store.takeMessage(now: world.now) {
        told.append(String(try require(message.body.firstMatch(of: #/剩余(\d+)天/#)).1))
        try world.store.sent(message)
      }
      world.pass(86_400)
    }
    #expect(told == ["90", "60", "30", "7"])
    // Who has a newer certificate is not told about the old one.
    let other = try World(on: database)
    _ = try other.register(holder)
    for each in [try other.holder(from: -300, to: 50), try other.holder(from: -1, to: 365)] {
      try Browser(other).logIn(each)
    }
    #expect(try other.store.remind(hotline: "400", now: other.now) == 0)
  }

  @Test(arguments: TestDatabase.allCases) func messagesAreTriedAgain(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let store = world.store
    #expect(try store.send(.notice, about: "a", to: "1", "text", now: 0))
    #expect(try !store.send(.notice, about: "a", to: "1", "text", now: 0))
    var now: Int64 = 0
    var tries = 0
    while now < 100_000 {
      if let message = try store.takeMessage(now: now) {
        // Nobody else gets it meanwhile.
        #expect(try store.takeMessage(now: now) == nil)
        tries += 1
        try store.failed(message, "no network", now: now)
      }
      now += 10
    }
    #expect(tries == 6)
    #expect(try store.outboxCounts() == ["failed": 1])
  }
}

/// Of which kind what it throws is.
func failure(_ body: () throws -> Void) -> DatabaseError.Kind? {
  do { try body() } catch { return (error as? DatabaseError)?.kind }
  return nil
}
