import Foundation
import Glibc
import Synchronization
import Testing

@testable import Platform

/// What every test of the platform's records runs on.
enum TestDatabase: String, CaseIterable, Sendable {
  case sqlite
  case postgresql

  /// Where one of its own is, with the tables or to be filled with them.
  func make(in folder: String) throws -> DatabasePlace {
    switch self {
    case .sqlite: return .sqlite(folder + "/platform.sqlite")
    case .postgresql: return .postgresql(try PostgreSQLServer.shared.get().makeDatabase())
    }
  }
}

extension DatabasePlace {
  /// Takes away what ``TestDatabase/make(in:)`` made, whoever still uses it.
  func remove() {
    switch self {
    case .sqlite(let path): for name in ["", "-wal", "-shm"] { unlink(path + name) }
    case .postgresql(let address): try? PostgreSQLServer.shared.get().drop(address)
    }
  }
}

/// One server for all tests of this process; it ends with it (Tests/postgresql).
final class PostgreSQLServer: Sendable {
  struct NotStarted: Error {}

  static let shared = Result { try PostgreSQLServer() }

  let folder: String
  private let process: Process
  private let input = Pipe()
  private let chief: Mutex<Database>
  private static let prepared = "prepared"

  private init() throws {
    // Short: a socket's path may have 107 bytes.
    folder = "/tmp/ukey-pg-\(getpid())"
    let script =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path + "/postgresql"
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [script, folder]
    process.standardInput = input
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    guard output.fileHandleForReading.availableData.starts(with: Array("ready".utf8)) else { throw NotStarted() }
    chief = Mutex(try Database(.postgresql(Self.address(folder, "postgres"))))
    try chief.withLock { try $0.execute("CREATE DATABASE \(Self.prepared)") }
    _ = try Store(.postgresql(address(Self.prepared)), now: 0)
  }

  private static func address(_ folder: String, _ name: String) -> String {
    "postgresql:///\(name)?host=\(folder)&user=postgres"
  }

  func address(_ name: String) -> String { Self.address(folder, name) }

  func makeDatabase(empty: Bool = false) throws -> String {
    let name = "w" + UUID().uuidString.lowercased().filter { $0 != "-" }
    try chief.withLock {
      try $0.execute("CREATE DATABASE \(name) TEMPLATE \(empty ? "template0" : Self.prepared)")
    }
    return address(name)
  }

  func drop(_ address: String) throws {
    let name = address.split(separator: "/").last?.split(separator: "?").first ?? ""
    try chief.withLock { try $0.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
  }

  /// By the server's administrator, in whatever database.
  func run(_ text: String) throws { try chief.withLock { try $0.execute(text) } }
}
