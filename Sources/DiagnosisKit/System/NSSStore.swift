import CertificateKit
import Glibc
import TokenKit

/// A browser's own certificate store (NSS): a folder with `cert9.db` (SQLite) and `pkcs11.txt`.
struct NSSStore {
  var title: String
  var folder: String

  var database: String { folder + "/cert9.db" }

  /// Chromium's store and the profiles of Firefox, also as snap and flatpak, as far as they are there.
  static func all(home: String) -> [NSSStore] {
    let files = SystemFiles(root: "")
    var stores: [NSSStore] = []
    let chromium = home + "/.pki/nssdb"
    if files.exists(chromium) { stores.append(NSSStore(title: "Chromium/Chrome", folder: chromium)) }
    let roots = [
      ("Firefox", home + "/.mozilla/firefox"), ("Firefox (snap)", home + "/snap/firefox/common/.mozilla/firefox"),
      ("Firefox (flatpak)", home + "/.var/app/org.mozilla.firefox/.mozilla/firefox"),
    ]
    for (title, root) in roots {
      for name in files.list(root).sorted().prefix(64) where files.exists(root + "/" + name + "/cert9.db") {
        stores.append(NSSStore(title: title + " " + name, folder: root + "/" + name))
      }
    }
    return stores
  }

  /// The `library=` lines of pkcs11.txt.
  var modules: [String] {
    let text = SystemFiles(root: "").text(folder + "/pkcs11.txt") ?? ""
    return text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("library=") else { return nil }
      let path = trim(line.dropFirst(8))
      return path.isEmpty ? nil : path
    }
  }

  /// DER of the certificates that this store trusts for TLS servers. `nil`: the store cannot be read here.
  var trusted: [[UInt8]]? {
    guard let library = SQLite.shared else { return nil }
    return library.blobs(
      database,
      // CKA_CLASS, CKA_VALUE, CKA_ISSUER, CKA_SERIAL_NUMBER; CKO_NSS_TRUST and CKA_TRUST_SERVER_AUTH with the values
      // trusted, trusted delegator (NSS pkcs11n.h). The columns bear the attribute numbers.
      """
      SELECT c.a11 FROM nssPublic c JOIN nssPublic t ON t.a81 = c.a81 AND t.a82 = c.a82
      WHERE c.a0 = X'00000001' AND t.a0 = X'CE534353' AND t.ace536358 IN (X'CE534351', X'CE534352')
      """)
  }
}

/// libsqlite3, opened when a store is there to be read: NSS itself needs it, so it is there too.
private struct SQLite: @unchecked Sendable {
  // Unchecked: function pointers that never change.
  private let open:
    @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>, Int32, UnsafePointer<CChar>?) -> Int32
  private let prepare:
    @convention(c) (
      OpaquePointer, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutableRawPointer?
    ) -> Int32
  private let step: @convention(c) (OpaquePointer) -> Int32
  private let blob: @convention(c) (OpaquePointer, Int32) -> UnsafeRawPointer?
  private let length: @convention(c) (OpaquePointer, Int32) -> Int32
  private let finalize: @convention(c) (OpaquePointer) -> Int32
  private let close: @convention(c) (OpaquePointer) -> Int32

  static let shared = SQLite()

  private init?() {
    guard let handle = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL), let open = dlsym(handle, "sqlite3_open_v2"),
      let prepare = dlsym(handle, "sqlite3_prepare_v2"), let step = dlsym(handle, "sqlite3_step"),
      let blob = dlsym(handle, "sqlite3_column_blob"), let length = dlsym(handle, "sqlite3_column_bytes"),
      let finalize = dlsym(handle, "sqlite3_finalize"), let close = dlsym(handle, "sqlite3_close")
    else { return nil }
    self.open = unsafeBitCast(
      open,
      to: (@convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>, Int32, UnsafePointer<CChar>?) ->
        Int32).self)
    self.prepare = unsafeBitCast(
      prepare,
      to: (@convention(c) (
        OpaquePointer, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutableRawPointer?
      ) -> Int32).self)
    self.step = unsafeBitCast(step, to: (@convention(c) (OpaquePointer) -> Int32).self)
    self.blob = unsafeBitCast(blob, to: (@convention(c) (OpaquePointer, Int32) -> UnsafeRawPointer?).self)
    self.length = unsafeBitCast(length, to: (@convention(c) (OpaquePointer, Int32) -> Int32).self)
    self.finalize = unsafeBitCast(finalize, to: (@convention(c) (OpaquePointer) -> Int32).self)
    self.close = unsafeBitCast(close, to: (@convention(c) (OpaquePointer) -> Int32).self)
  }

  /// The first column of a query, read only; `nil` when the file or the query cannot be used.
  func blobs(_ path: String, _ query: String) -> [[UInt8]]? {
    var database: OpaquePointer?
    defer { if let database { _ = close(database) } }
    guard open(path, &database, 1, nil) == 0, let connection = database else { return nil }  // SQLITE_OPEN_READONLY
    var statement: OpaquePointer?
    guard prepare(connection, query, -1, &statement, nil) == 0, let cursor = statement else { return nil }
    defer { _ = finalize(cursor) }
    var result: [[UInt8]] = []
    while result.count < 1024, step(cursor) == 100 {  // SQLITE_ROW
      let count = Int(length(cursor, 0))
      guard count > 0, count <= 65_536, let start = blob(cursor, 0) else { continue }
      result.append(Array(UnsafeRawBufferPointer(start: start, count: count)))
    }
    return result
  }
}
