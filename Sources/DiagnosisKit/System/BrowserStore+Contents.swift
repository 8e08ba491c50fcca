import CSQLite
import CertificateKit
import Glibc
import TokenKit

extension BrowserStore {
  /// The first folder on the way to a store, or file of one, that this user may not use: another user made it.
  static func shutFolder(home: String) -> (path: String, status: stat?)? {
    let files = SystemFiles(root: "")
    let folders = [home, home + "/.pki", home + "/.pki/nssdb", home + "/.mozilla", home + "/.mozilla/firefox"]
    for folder in folders where files.exists(folder) && access(folder, R_OK | X_OK) != 0 {
      return (folder, files.status(folder))
    }
    for store in all(home: home) {
      for file in [store.database, store.folder + "/key4.db"] where files.exists(file) && access(file, R_OK) != 0 {
        return (file, files.status(file))
      }
    }
    return nil
  }

  /// Whether the database is one: `false` when it is damaged. An answer only where SQLite is on this machine.
  var canBeRead: Bool { SQLite.isThere ? trusted != nil : true }

  /// The `library=` lines of pkcs11.txt.
  var modules: [String] {
    let text = SystemFiles(root: "").text(folder + "/pkcs11.txt") ?? ""
    return text.split(whereSeparator: \.isNewline).compactMap { line in
      guard line.hasPrefix("library=") else { return nil }
      let path = trim(line.dropFirst(8))
      return path.isEmpty ? nil : path
    }
  }

  /// DER of the certificates that this store trusts for TLS servers. `nil`: the store cannot be read here.
  var trusted: [[UInt8]]? {
    SQLite.blobs(
      database,
      // CKA_CLASS, CKA_VALUE, CKA_ISSUER, CKA_SERIAL_NUMBER; CKO_NSS_TRUST and CKA_TRUST_SERVER_AUTH with the values
      // trusted, trusted delegator (NSS pkcs11n.h). The columns bear the attribute numbers.
      """
      SELECT c.a11 FROM nssPublic c JOIN nssPublic t ON t.a81 = c.a81 AND t.a82 = c.a82
      WHERE c.a0 = X'00000001' AND t.a0 = X'CE534353' AND t.ace536358 IN (X'CE534351', X'CE534352')
      """)
  }
}

enum SQLite {
  /// libsqlite3; `nil` when it is not on this machine.
  private static let library: ukey_sqlite? = ukey_sqlite_open()?.pointee

  static var isThere: Bool { library != nil }

  /// The first column of a query, read only; `nil` when the file or the query cannot be used. A browser that runs may keep its
  /// file to itself: it is then read as it lies on the disk, and what cannot be read so is not told rather than broken.
  static func blobs(_ path: String, _ query: String) -> [[UInt8]]? {
    guard let sqlite = library else { return nil }
    let (code, found) = rows(sqlite, path, SQLITE_OPEN_READONLY, query)
    guard code == SQLITE_BUSY || code == SQLITE_LOCKED else { return found }
    return rows(sqlite, "file:" + uriPath(path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, query).rows
      ?? []
  }

  /// What would have a meaning in a URI is written as `%3F`.
  private static func uriPath(_ path: String) -> String {
    String(
      path.flatMap { character -> [Character] in
        switch character {
        case "#": Array("%23")
        case "%": Array("%25")
        case "?": Array("%3F")
        default: [character]
        }
      })
  }

  private static func rows(
    _ sqlite: ukey_sqlite, _ path: String, _ flags: Int32, _ query: String
  ) -> (code: Int32, rows: [[UInt8]]?) {
    var database: OpaquePointer?
    defer { _ = sqlite.sqlite3_close(database) }
    let opened = sqlite.sqlite3_open_v2(path, &database, flags, nil)
    guard opened == SQLITE_OK else { return (opened, nil) }
    var statement: OpaquePointer?
    let prepared = sqlite.sqlite3_prepare_v2(database, query, -1, &statement, nil)
    guard prepared == SQLITE_OK else { return (prepared, nil) }
    defer { _ = sqlite.sqlite3_finalize(statement) }
    var result: [[UInt8]] = []
    while result.count < 1024 {
      let code = sqlite.sqlite3_step(statement)
      if code == SQLITE_BUSY || code == SQLITE_LOCKED { return (code, nil) }
      guard code == SQLITE_ROW else { break }
      let count = Int(sqlite.sqlite3_column_bytes(statement, 0))
      guard count > 0, count <= 65_536, let start = sqlite.sqlite3_column_blob(statement, 0) else { continue }
      result.append(Array(UnsafeRawBufferPointer(start: start, count: count)))
    }
    return (SQLITE_OK, result)
  }
}
