import Foundation

/// The `openssl` command, which these tests compare with.
enum OpenSSLCommand {
  struct Result {
    var status: Int32
    var output: [UInt8]
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Runs `openssl` in `directory`; standard error goes with standard output.
  static func run(_ arguments: [String], input: [UInt8] = [], in directory: URL? = nil) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = directory
    let stdin = Pipe()
    let stdout = Pipe()
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stdout
    try process.run()
    // Inputs here are below the 64 KiB that a pipe holds.
    try stdin.fileHandleForWriting.write(contentsOf: Data(input))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: [UInt8](output))
  }
}

struct CommandFailed: Error {
  var arguments: [String]
  var output: String
}

/// A directory that goes with the value.
final class TemporaryDirectory: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("ukey-certs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: url.appendingPathComponent(name))
  }

  func write(_ name: String, _ text: String) throws { try write(name, [UInt8](text.utf8)) }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
  }

  /// `openssl` here; throws unless it succeeds.
  @discardableResult
  func openssl(_ arguments: String...) throws -> OpenSSLCommand.Result {
    let result = try OpenSSLCommand.run(arguments, in: url)
    guard result.status == 0 else { throw CommandFailed(arguments: arguments, output: result.text) }
    return result
  }
}
