internal import Base
package import Failures
internal import Glibc
internal import StrictJSON
package import TokenKit

/// A challenge that a running program keeps alive by holding the key.
///
/// Kept as one file a key in the state directory, locked (`flock`) by the program as long as it holds the key: another
/// program of the same user can see which request is open, and by the lock that it still is. A newer request for the
/// key replaces the file, and with it ends the older one.
package struct OpenChallenge: Sendable, Equatable {
  /// Digest of the request, 32 bytes.
  package var request: [UInt8]
  package var keySerial: String
  package var challenge: UnlockChallenge
  /// When the request was made, in seconds since 1970-01-01 UTC.
  package var created: Int64

  package init(request: [UInt8], keySerial: String, challenge: UnlockChallenge, created: Int64) {
    self.request = request
    self.keySerial = keySerial
    self.challenge = challenge
    self.created = created
  }

  private static let format: StaticString = "ukey.open-challenge"

  private static func path(_ directory: StateDirectory, _ serial: String) throws(Failure) -> String {
    directory.path + "/open/" + lowerHexText(Array(try Digest.sm3(Array(serial.utf8)).prefix(16)))
  }

  /// Announces it until the result ends.
  ///
  /// - Throws: `UK-611` when the state directory cannot be written.
  package func hold(in directory: StateDirectory) throws(Failure) -> HeldChallenge {
    let document = try SealedDocument(sealing: [
      ("challenge", challenge.json), ("created", .int(Int(created))), ("format", .string("\(Self.format)")),
      ("keySerial", .string(keySerial)), ("request", .string(lowerHexText(request))), ("version", .int(1)),
    ])
    _ = try directory.make("open")
    let path = try Self.path(directory, keySerial)
    let temporary = path + ".\(getpid()).tmp"
    unlink(temporary)
    let file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    func failure(_ function: String) -> Failure {
      Failure(.fileWrite, function: function, number: .errno(errno), context: displaySafe(path))
    }
    guard file >= 0 else { throw failure("open") }
    let isDone =
      flock(file, LOCK_EX | LOCK_NB) == 0
      && document.bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == document.bytes.count
      && rename(temporary, path) == 0
    guard isDone else {
      let problem = failure("write")
      close(file)
      unlink(temporary)
      throw problem
    }
    return HeldChallenge(file: file, path: path)
  }

  /// The challenge announced for a key.
  ///
  /// - Throws: `UK-514` when none is, or the program that made it has ended; `UK-501` … when its file is damaged.
  package static func find(in directory: StateDirectory, keySerial: String) throws(Failure) -> OpenChallenge {
    let path = try path(directory, keySerial)
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { throw Failure(.challengeGone, function: "open", number: .errno(errno)) }
    defer { close(file) }
    // Whoever holds it has it locked; that the lock can be had says that nobody does.
    guard flock(file, LOCK_SH | LOCK_NB) != 0 else {
      flock(file, LOCK_UN)
      throw Failure(.challengeGone, function: "flock")
    }
    var (_, reader) = try SealedDocument.open(
      try Failure.mapping(.fileRead, try readFile(path, limit: SealedDocument.limit)), format: format, version: 1)
    let challenge = try UnlockChallenge(try reader.element("challenge"), "challenge")
    let created = try reader.time("created")
    try reader.skip("digest")
    try reader.skip("format")
    let serial = try reader.text("keySerial", limit: 128)
    let request = try reader.bytes("request", count: 32...32)
    try reader.skip("version")
    try reader.finish()
    return OpenChallenge(request: request, keySerial: serial, challenge: challenge, created: created)
  }
}

/// Ends the announcement when it ends itself, also by the death of the program.
package final class HeldChallenge: @unchecked Sendable {
  // Unchecked: nothing changes after init.
  private let file: Int32
  private let path: String

  fileprivate init(file: Int32, path: String) {
    self.file = file
    self.path = path
  }

  deinit {
    var mine = stat()
    var there = stat()
    // A newer request may have taken the name.
    if fstat(file, &mine) == 0, lstat(path, &there) == 0, mine.st_ino == there.st_ino { unlink(path) }
    // Closing alone does not let go while a child that is being started holds a copy.
    flock(file, LOCK_UN)
    close(file)
  }
}
