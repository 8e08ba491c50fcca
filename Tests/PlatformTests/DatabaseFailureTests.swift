import Foundation
import LoginToken
import SoftToken
import Testing

@testable import Platform

/// What becomes of a database while the platform works on it.
@Suite struct DatabaseFailureTests {
  /// No room: what was asked for is not done, and the page says so; with room again everything goes on.
  @Test(arguments: TestDatabase.allCases) func databaseIsFull(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    let company = try world.register(holder)
    let browser = Browser(world)
    try browser.logIn(holder)
    try browser.get("/account")
    let token = browser.formToken
    try fill(world, database)
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
    try makeRoom(world, database)
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
  @Test(arguments: TestDatabase.allCases) func databaseIsLocked(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    let token = try holder.token(browser.challenge())
    let other = try world.another()
    try other.database.transaction { () throws(DatabaseError) in
      #expect(failure { try world.store.audit("a", "b", "c", at: 1) } == .busy)
      let reply = try? browser.post("/login/password", [("login_name", "shili"), ("password", World.password)])
      #expect(reply?.status == 503 && browser.page.contains("没有改变任何内容"))
    }
    // The challenge was not used up by it.
    try browser.get("/login")
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.isLoggedIn)
  }

  /// SQLite has a limit of its own; a server is told to behave as with a full disk, and Tests/EndToEnd gives one a disk that is.
  private func fill(_ world: World, _ database: TestDatabase) throws {
    switch database {
    case .sqlite:
      let pages = try require(try world.store.database.first("PRAGMA page_count")).int(0)
      try world.store.database.execute("PRAGMA max_page_count=\(pages)")
    case .postgresql:
      try world.store.database.execute(
        """
        CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER no_room BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION no_room();
        """)
    }
    #expect(database == .sqlite || failure { try world.store.audit("a", "b", "c", at: 1) } == .full)
  }

  private func makeRoom(_ world: World, _ database: TestDatabase) throws {
    switch database {
    case .sqlite: try world.store.database.execute("PRAGMA max_page_count=1000000")
    case .postgresql: try world.store.database.execute("DROP TRIGGER no_room ON audit")
    }
  }

  @Test(arguments: TestDatabase.allCases) func databaseIsReadOnly(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let change: (Bool) throws -> Void = { isOn in
      switch database {
      case .sqlite: try world.store.database.execute("PRAGMA query_only=\(isOn ? "ON" : "OFF")")
      case .postgresql: try world.store.database.execute("SET default_transaction_read_only = \(isOn ? "on" : "off")")
      }
    }
    try change(true)
    #expect(failure { try world.store.set("a", "b") } == .readOnly)
    // On a server the next connection is a new one: it may be to another one that lets itself be written.
    if database == .sqlite { try change(false) }
    try world.store.set("a", "b")
    #expect(try world.store.setting("a") == "b")
  }

  /// Two changes in each other's way: one is done again, as if it had come later.
  @Test(arguments: TestDatabase.allCases) func changesThatGotInEachOthersWay(_ database: TestDatabase) throws {
    let world = try World(on: database)
    var count = 0
    try world.store.transaction { () throws(DatabaseError) in
      count += 1
      try world.store.audit("a", "b", "c", "\(count)", at: 1)
      if count < 3 { throw DatabaseError(.conflict, code: "40001", "could not serialize access") }
    }
    #expect(try world.store.auditEntries(before: nil, subject: nil, limit: 9).map(\.detail) == ["3"])
    // Not for ever.
    #expect(
      failure {
        try world.store.transaction { () throws(DatabaseError) in
          count += 1
          throw DatabaseError(.conflict, "")
        }
      } == .conflict)
    #expect(count == 7)
  }

  /// The server ends our connection: between two pieces of work, in the middle of one, and when it is asked to keep it.
  @Test func connectionIsLost() throws {
    let world = try World(on: .postgresql)
    let other = try world.another().database
    let store = world.store
    func process() throws(DatabaseError) -> Int64 { try store.database.first("SELECT pg_backend_pid()")?.int(0) ?? 0 }
    func end(_ process: Int64) throws(DatabaseError) {
      try other.run("SELECT pg_terminate_backend(CAST($1 AS integer), 5000)", .int(process))
    }
    let first = try process()
    try end(first)
    try store.set("between", "1")
    #expect(try process() != first)
    // In the middle: taken back by the server, and done again.
    var tries = 0
    try store.transaction { () throws(DatabaseError) in
      tries += 1
      try store.set("middle", "\(tries)")
      try store.audit("a", "b", "c", at: 1)
      if tries == 1 { try end(process()) }
      try store.set("later", "1")
    }
    #expect(try tries == 2 && store.setting("middle") == "2" && store.setting("later") == "1")
    // When it is asked to keep it: it says later that it did not.
    tries = 0
    try store.transaction { () throws(DatabaseError) in
      tries += 1
      try store.audit("a", "b", "c", at: 1)
      if tries == 1 { try end(process()) }
    }
    #expect(tries == 2)
    guard case .whole(rows: 2, _) = try store.verifyAudit() else {
      Issue.record("not whole")
      return
    }
    // A single change that is not answered: not done twice, and said to be unknown.
    #expect(
      failure {
        try store.database.run(
          "INSERT INTO settings SELECT 'once', 'x' WHERE pg_terminate_backend(pg_backend_pid())")
      } == .unknown)
    #expect(try store.setting("once") == nil)
  }

  /// COMMIT was carried out, and its answer lost: the server tells the next connection.
  @Test func answerToCommitIsLost() throws {
    let world = try World(on: .postgresql)
    let connection = try PostgreSQLConnection(address: try #require(world.place.address))
    try connection.begin()
    _ = try connection.run("INSERT INTO settings VALUES ('a', 'b')", [])
    #expect(connection.wasKept() == nil || connection.wasKept() == false)
    try connection.begin()
    _ = try connection.run("INSERT INTO settings VALUES ('c', 'd')", [])
    try connection.commit()
    #expect(connection.wasKept() == true)
    try connection.begin()
    connection.rollBack()
    #expect(connection.wasKept() == false)
    #expect(try world.store.setting("a") == nil && world.store.setting("c") == "d")
  }

  /// A statement that fails inside takes all of it back, also where its error was passed over.
  @Test func errorPassedOver() throws {
    let world = try World(on: .postgresql)
    let kind = failure {
      try world.store.transaction { () throws(DatabaseError) in
        try world.store.set("a", "b")
        _ = try? world.store.database.run("SELECT nothing FROM nowhere")
      }
    }
    #expect(kind == .statement)
    #expect(try world.store.setting("a") == nil)
  }

  /// Nothing of an address but its database is shown, and never a password.
  @Test(arguments: [
    "postgresql://u:geheim@127.0.0.1:1/x", "postgresql://u:gehe@im@host/x", "postgresql://u:geheim@[::1/x",
    "postgresql:///x?host=/nowhere&password=geheim", "postgresql://u:geheim@h/x?no=option",
  ]) func addressThatIsWrong(_ address: String) {
    do {
      _ = try Store(.postgresql(address), now: 1)
      Issue.record("opened")
    } catch {
      #expect(error.kind == .lost || error.kind == .settings)
      #expect(!error.description.contains("geheim") && !error.description.contains("im@"))
    }
    #expect(PostgreSQLAddress.hasPassword(address))
  }

  @Test(arguments: ["postgresql://u@h/x", "postgresql:///x?user=u:v&passfile=/etc/p", "postgres://h:5432,i:5433/x"])
  func addressWithoutPassword(_ address: String) { #expect(!PostgreSQLAddress.hasPassword(address)) }

  @Test func databaseOfAnotherEncoding() throws {
    let server = try PostgreSQLServer.shared.get()
    try server.run("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    #expect(failure { _ = try Store(.postgresql(server.address("ascii")), now: 1) } == .settings)
  }

  /// Docs/platform.md says of each what to do.
  @Test func everyKindIsInTheManual() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let manual = try String(contentsOf: root.appendingPathComponent("Docs/platform.md"), encoding: .utf8)
    for kind in DatabaseError.Kind.allCases {
      let isThere = manual.contains("| `database-\(kind.rawValue)` |")
      #expect(isThere, "\(kind)")
      #expect(DatabaseError(kind, "x").description.hasPrefix("database-\(kind.rawValue): "))
    }
  }
}

extension DatabasePlace {
  /// Of the server; `nil` of a file.
  fileprivate var address: String? {
    if case .postgresql(let address) = self { return address }
    return nil
  }
}
