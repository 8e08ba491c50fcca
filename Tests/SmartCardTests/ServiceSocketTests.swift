import Base
import Glibc
import Testing

@testable import SmartCard

/// Waiting for pcscd's socket: what happens while the service is tried in vain may not be missed, or one that has come
/// back would never be noticed.
@Suite("Waiting for the service's socket", .timeLimit(.minutes(1)))
struct ServiceSocketTests {
  private let folder: String

  init() throws {
    var template = Array("/tmp/ukey-socket-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
  }

  private func touch(_ path: String) { close(open(path, O_CREAT | O_WRONLY, 0o600)) }

  private func remove() {
    for name in ["/run/comm", "/run", ""] { Glibc.remove(folder + name) }
  }

  @Test func whatHappensBeforeTheWaitIsNotMissed() {
    defer { remove() }
    mkdir(folder + "/run", 0o700)
    let socket = ServiceSocket(path: folder + "/run/comm")
    let changes = socket.changes()
    touch(folder + "/run/comm")
    socket.wait(for: changes)
  }

  @Test func aDirectoryMadeLaterIsNoticed() {
    defer { remove() }
    let socket = ServiceSocket(path: folder + "/run/comm")
    let before = socket.changes()
    mkdir(folder + "/run", 0o700)
    socket.wait(for: before)
    let after = socket.changes()
    touch(folder + "/run/comm")
    socket.wait(for: after)
  }

  @Test func nothingEndsTheWaitButAChangeOrAWake() {
    defer { remove() }
    mkdir(folder + "/run", 0o700)
    let socket = ServiceSocket(path: folder + "/run/comm")
    let ended = Flag()
    #expect(
      WorkerThread.start {
        let changes = socket.changes()
        socket.wait(for: changes)
        ended.raise()
      })
    #expect(!ended.wait(milliseconds: 100))
    socket.wake()
    #expect(ended.wait(milliseconds: 60_000))
  }

  private final class Flag: @unchecked Sendable {
    // Unchecked: `condition` guards it.
    private let condition = Condition()
    private var isRaised = false

    func raise() {
      condition.withLock {
        isRaised = true
        condition.broadcast()
      }
    }

    func wait(milliseconds: UInt64) -> Bool {
      let deadline = Instant.now + .milliseconds(milliseconds)
      return condition.withLock {
        while !isRaised, condition.wait(until: deadline) {}
        return isRaised
      }
    }
  }
}
