internal import Base
package import Failures
internal import Glibc
internal import StrictJSON
internal import TokenKit

/// A challenge that a running program keeps alive by holding the key.
///
/// Kept as one file a key in the state directory, locked (`flock`) by the program as long as it holds the key: another
/// program of the same user can see which request is open, and by the lock that it still is. A newer request for the
/// key replaces the file, and with it ends the older one.
package struct OpenChallenge: Sendable, Equatable {
  package var ticket: ChallengeTicket
  /// Of the request: a challenge of format 1 is held by an older program.
  package var version = UnlockRequest.version

  package init(_ ticket: ChallengeTicket) { self.ticket = ticket }

  private static let format: StaticString = "ukey.open-challenge"

  static func path(_ directory: StateDirectory, _ serial: String) throws(Failure) -> String {
    directory.path + "/open/" + lowerHexText(Array(try Digest.sm3(Array(serial.utf8)).prefix(16)))
  }

  /// Announces it until the result ends.
  ///
  /// - Throws: `UK-611` when the state directory cannot be written.
  package func hold(in directory: StateDirectory) throws(Failure) -> HeldChallenge {
    let document = try SealedDocument(sealing: [
      ("challenge", .string(try ticket.text())), ("format", .string("\(Self.format)")), ("version", .int(2)),
    ])
    _ = try directory.make("open")
    let path = try Self.path(directory, ticket.keySerial)
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
    var (_, reader, version) = try SealedDocument.open(
      try Failure.mapping(.fileRead, try readFile(path, limit: SealedDocument.limit)), format: format, versions: 1...2)
    var found: OpenChallenge
    if version == 1 {
      let challenge = try UnlockChallenge(try reader.element("challenge"), "challenge")
      let created = try reader.time("created")
      try reader.skip("digest")
      try reader.skip("format")
      let serial = try reader.text("keySerial", limit: 128)
      let request = try reader.bytes("request", count: 32...32)
      found = OpenChallenge(
        ChallengeTicket(request: request, created: created, keySerial: serial, challenge: challenge))
    } else {
      found = OpenChallenge(try ChallengeTicket(parsing: try reader.text("challenge", limit: LineReader.limit)))
      try reader.skip("digest")
      try reader.skip("format")
    }
    try reader.skip("version")
    try reader.finish()
    found.version = version
    return found
  }
}

/// Ends the announcement when it ends itself, also by the death of the program.
package final class HeldChallenge: Sendable {
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
