internal import Base
package import Failures
internal import Glibc
package import TokenKit

/// A request that waits for its desk, as the holder keeps it: the document, and the private half of the key that answers are
/// sealed to. The key it is of may lie in a drawer meanwhile.
package struct WaitingRequest: Sendable {
  package let request: UnlockRequest
  package let document: SealedDocument
  let key: SM2Key

  /// A challenge of the key, bound to this request.
  package func ticket(_ challenge: UnlockChallenge, now: Int64) throws(Failure) -> ChallengeTicket {
    guard let serial = request.key.serial else { throw Failure(.unlockNotRemote) }
    return ChallengeTicket(request: document.digest, created: now, keySerial: serial, challenge: challenge)
  }
}

/// Requests under way, one file for the document and one for the private key, named by the request's digest:
/// `waiting/DIGEST.ukreq`, `waiting/DIGEST.key`.
package struct WaitingRequests: Sendable {
  /// Seconds after which a request that nobody answered is thrown away.
  static let keptFor: Int64 = 90 * 86_400
  /// Requests looked at.
  private static let limit = 256

  private let directory: StateDirectory

  package init(_ directory: StateDirectory) { self.directory = directory }

  private var folder: String { directory.path + "/waiting" }

  private func path(_ digest: [UInt8], _ kind: String) -> String { folder + "/" + lowerHexText(digest) + kind }

  /// - Throws: `UK-611` when it cannot be kept: then no answer to it could be opened.
  func keep(_ document: SealedDocument, _ key: SM2Key) throws(Failure) {
    _ = try directory.make("waiting")
    let path = path(document.digest, ".key")
    func failure(_ function: String) -> Failure {
      Failure(.fileWrite, function: function, number: .errno(errno), context: displaySafe(path))
    }
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open") }
    defer { close(file) }
    let pem = try key.pem()
    let isWritten = pem.withBytes { write(file, $0.baseAddress, $0.count) == $0.count } && fsync(file) == 0
    guard isWritten else {
      let problem = failure("write")
      unlink(path)
      throw problem
    }
    if case .failed(let error) = writeFile(
      document.bytes, to: self.path(document.digest, ".ukreq"), overwrite: true, mode: 0o600)
    {
      unlink(path)
      throw Failure(.fileWrite, error)
    }
  }

  /// The one with this digest. - Throws: `UK-523` when it is not kept here; `UK-501` … when its file is damaged.
  package func find(_ digest: [UInt8]) throws(Failure) -> WaitingRequest {
    try Failure.checkTrust(folder, missing: .notWaiting)
    let bytes = try Failure.mapping(.notWaiting, try readFile(path(digest, ".ukreq"), limit: SealedDocument.limit))
    let secret = try Self.read(path(digest, ".key"))
    let (request, document) = try UnlockRequest.parse(bytes)
    guard document.digest == digest else { throw Failure(.unlockFileAltered) }
    let key = try SM2Key(pem: secret)
    guard try key.point() == request.waitingKey else { throw Failure(.unlockFileAltered, context: "waitingKey") }
    return WaitingRequest(request: request, document: document, key: key)
  }

  private static func read(_ path: String) throws(Failure) -> SecretBytes {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw Failure(.notWaiting, function: "open", number: .errno(errno), context: displaySafe(path))
    }
    defer { close(file) }
    var secret = try SecretBytes()
    let isRead = secret.fill { room in
      let count = Glibc.read(file, room.baseAddress, room.count)
      return count > 0 ? count : nil
    }
    guard isRead else {
      throw Failure(.notWaiting, function: "read", number: .errno(errno), context: displaySafe(path))
    }
    return secret
  }

  /// The newest for the key with this serial; `nil` when none waits. What is damaged is passed by.
  package func newest(keySerial: String) -> WaitingRequest? {
    let names = (try? listFolder(folder, limit: Self.limit)) ?? []
    var found: WaitingRequest?
    for name in names where name.hasSuffix(".ukreq") {
      guard let digest = Base.bytes(hex: String(name.dropLast(6))), digest.count == 32,
        let waiting = try? find(digest), waiting.request.key.serial?.utf8.elementsEqual(keySerial.utf8) == true,
        waiting.request.created > found?.request.created ?? -1
      else { continue }
      found = waiting
    }
    return found
  }

  /// Whether it is kept still. Looks at names only.
  package func holds(_ digest: [UInt8]) -> Bool {
    var status = stat()
    return lstat(path(digest, ".ukreq"), &status) == 0
  }

  /// It has done its work.
  package func forget(_ digest: [UInt8]) {
    unlink(path(digest, ".key"))
    unlink(path(digest, ".ukreq"))
  }

  /// Throws away what is older than ``keptFor``.
  func prune(now: Int64) {
    for name in (try? listFolder(folder, limit: Self.limit)) ?? [] where name.hasSuffix(".ukreq") {
      guard let digest = Base.bytes(hex: String(name.dropLast(6))), digest.count == 32,
        let bytes = try? readFile(path(digest, ".ukreq"), limit: SealedDocument.limit),
        let (request, _) = try? UnlockRequest.parse(bytes), request.created < now - Self.keptFor
      else { continue }
      forget(digest)
    }
  }
}
