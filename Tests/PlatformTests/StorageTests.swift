import Glibc
import LoginToken
import SoftToken
import Testing

@testable import Platform

@Suite struct StorageTests {
  @Test func schemaOfAnotherProgram() throws {
    let world = try World()
    let path = world.folder + "/platform.sqlite"
    // The same again is nothing new.
    _ = try Store(path: path, now: world.now)
    try world.store.database.run("INSERT INTO schema_steps VALUES (99, 'x', 1)")
    #expect(throws: DatabaseError.self) { try Store(path: path, now: world.now) }
    let other = try World()
    try other.store.database.run("UPDATE schema_steps SET hash = 'x' WHERE number = 1")
    #expect(throws: DatabaseError.self) { try Store(path: other.folder + "/platform.sqlite", now: other.now) }
  }

  @Test func stepIsWholeOrNotAtAll() throws {
    let world = try World()
    let steps = Schema.steps + [Schema.Step(number: 2, text: "CREATE TABLE half (a text); CREATE TABLE half (a text);")]
    #expect(throws: DatabaseError.self) { try Schema.migrate(world.store.database, steps: steps, now: 1) }
    #expect(try world.store.database.rows("SELECT name FROM sqlite_master WHERE name = 'half'").isEmpty)
    let right = Schema.steps + [Schema.Step(number: 2, text: "CREATE TABLE half (a text)")]
    try Schema.migrate(world.store.database, steps: right, now: 1)
    try Schema.migrate(world.store.database, steps: right, now: 2)
    #expect(try world.store.database.rows("SELECT number FROM schema_steps").count == 2)
  }

  @Test func everyKindOfValue() throws {
    let database = try World().store.database
    try database.execute("CREATE TABLE kinds (a text, b bigint, c blob, d text)")
    try database.run(
      "INSERT INTO kinds VALUES ($1, $2, $3, $4)", .text("深'\u{1F600}"), .int(.min), .bytes([0, 255]), .null)
    let row = try require(
      try database.first("SELECT a, b, c, d, $2 FROM kinds WHERE a = $1", .text("深'\u{1F600}"), .int(7)))
    #expect(row.values == [.text("深'\u{1F600}"), .int(.min), .bytes([0, 255]), .null, .int(7)])
    #expect(row.text(99) == "" && row.int(0) == 0 && row.bytes(-0) == [])
    try database.run("INSERT INTO kinds VALUES ($1, $2, $3, $4)", .text(""), .int(0), .bytes([]), .text(""))
    #expect(try database.first("SELECT c, a FROM kinds WHERE a = ''")?.values == [.bytes([]), .text("")])
  }

  /// Two connections on one file, as two processes are.
  @Test func challengeIsUsedOnceAcrossConnections() throws {
    let world = try World()
    let other = try Store(path: world.folder + "/platform.sqlite", now: world.now)
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

  @Test func outcomeOfAnErrorIsNothing() throws {
    let store = try World().store
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

  @Test func auditShowsEveryChange() throws {
    let world = try World()
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
    try store.database.execute("DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps;")
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
  @Test func auditUnderLoad() async throws {
    let world = try World()
    let path = world.folder + "/platform.sqlite"
    let workers = try Workers(count: 4, limit: 1000) { () throws(DatabaseError) in try Store(path: path, now: 1) }
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

  @Test func remindersAreSentOnce() throws {
    let world = try World()
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
    let other = try World()
    _ = try other.register(holder)
    for each in [try other.holder(from: -300, to: 50), try other.holder(from: -1, to: 365)] {
      try Browser(other).logIn(each)
    }
    #expect(try other.store.remind(hotline: "400", now: other.now) == 0)
  }

  @Test func messagesAreTriedAgain() throws {
    let store = try World().store
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

  /// No room: what was asked for is not done, and the page says so; with room again everything goes on.
  @Test func databaseIsFull() throws {
    let world = try World()
    let holder = try world.holder()
    let company = try world.register(holder)
    let browser = Browser(world)
    try browser.logIn(holder)
    try browser.get("/account")
    let token = browser.formToken
    let pages = try require(try world.store.database.first("PRAGMA page_count")).int(0)
    try world.store.database.execute("PRAGMA max_page_count=\(pages)")
    // Until what is free within the pages is used up.
    var reply = try browser.post("/account/contact", [("contact", "李四"), ("mobile", "13900000000")], token: token)
    var count = 0
    while reply.status == 200, count < 1000 {
      count += 1
      reply = try browser.post("/account/contact", [("contact", "王\(count)"), ("mobile", "13900000000")], token: token)
    }
    #expect(reply.status == 503 && browser.page.contains("没有改变任何内容"))
    // The one that failed is not there, and neither is its row.
    let last = count == 0 ? "张三" : count == 1 ? "李四" : "王\(count - 1)"
    #expect(try world.store.company(id: company.id)?.contact == last)
    try world.store.database.execute("PRAGMA max_page_count=1000000")
    #expect(
      try browser.post("/account/contact", [("contact", "赵六"), ("mobile", "13900000000")], token: token).status == 200)
    guard case .whole = try world.store.verifyAudit() else {
      Issue.record("broken")
      return
    }
    let rows = try world.store.database.first("SELECT COUNT(*) FROM audit WHERE kind = 'contact.changed'")
    #expect(rows?.int(0) == Int64(count + 1))
  }

  /// Another program holds the file: the page says so after a while, and nothing waits for ever.
  @Test func databaseIsLocked() throws {
    let world = try World()
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    let token = try holder.token(browser.challenge())
    let other = try Store(path: world.folder + "/platform.sqlite", now: world.now)
    try other.database.execute("BEGIN IMMEDIATE")
    #expect(try browser.post("/login/certificate", [("token", token)]).refusedByDatabase)
    try other.database.execute("ROLLBACK")
    // The challenge was not used up by it.
    try browser.get("/login")
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.isLoggedIn)
  }
}

extension Reply {
  /// Not done, whoever says so: the page of the site, or the refusal of a login whose challenge could not be taken.
  fileprivate var refusedByDatabase: Bool {
    status == 503 || String(decoding: body, as: UTF8.self).contains("store-unavailable")
  }
}
