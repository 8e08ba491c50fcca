import CPostgreSQL

/// The address of a PostgreSQL database: what libpq reads out of it. The password in it, if there is one, goes to libpq alone.
struct PostgreSQLAddress {
  private let text: String

  /// - Throws: without libpq's words: they repeat the address, password and all.
  init(_ text: String, _ library: UnsafePointer<ukey_pg>) throws(DatabaseError) {
    self.text = text
    var message: UnsafeMutablePointer<CChar>?
    let options = library.pointee.PQconninfoParse(text, &message)
    if let message { library.pointee.PQfreemem(message) }
    defer { library.pointee.PQconninfoFree(options) }
    guard DatabasePlace.isServer(text), let options else { throw Self.mistake }
    var option = options
    while let keyword = option.pointee.keyword {
      // What stands there is shown in messages: with it, the rest of a password whose @ was not written as %40.
      if String(cString: keyword) == "host", let value = option.pointee.val, String(cString: value).contains("@") {
        throw Self.mistake
      }
      option += 1
    }
  }

  private static let mistake = DatabaseError(
    .settings,
    "the address is not understood: postgresql://USER@HOST:PORT/DATABASE?OPTION=VALUE, with @ in a word as %40")

  /// Whether a password stands in it, in front of the @ or as an option.
  static func hasPassword(_ text: String) -> Bool {
    let rest = text.drop { $0 != ":" }.dropFirst(3)
    let place = rest.prefix { $0 != "/" && $0 != "?" }
    if let end = place.lastIndex(of: "@"), place[..<end].contains(":") { return true }
    return rest.drop { $0 != "?" }.dropFirst().split(separator: "&").contains { $0.hasPrefix("password=") }
  }

  /// Opens a connection. What the address says stands above our first four, and below the last.
  func connect(_ library: UnsafePointer<ukey_pg>) -> OpaquePointer? {
    let options = [
      ("connect_timeout", "5"), ("keepalives_idle", "10"), ("tcp_user_timeout", "15000"),
      ("fallback_application_name", "ukey-platform"), ("dbname", text), ("client_encoding", "UTF8"),
    ]
    var memory: [UInt8] = []
    var places: [(keyword: Int, value: Int)] = []
    func add(_ text: String) -> Int {
      defer { memory += Array(text.utf8) + [0] }
      return memory.count
    }
    for (keyword, value) in options { places.append((add(keyword), add(value))) }
    return memory.withUnsafeBytes { bytes in
      func pointers(_ starts: [Int]) -> [UnsafePointer<CChar>?] {
        starts.map { bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) } + [nil]
      }
      return library.pointee.PQconnectdbParams(
        pointers(places.map(\.keyword)), pointers(places.map(\.value)), 1)
    }
  }
}
