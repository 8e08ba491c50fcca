internal import CLinux
internal import Glibc

extension Program {
  /// Bytes that a pipe takes at once, so that giving them never waits.
  package static let givenLimit = 4096

  /// Starts it with these bytes as its standard input and waits for its end.
  ///
  /// - Parameters:
  ///   - bytes: what comes after ``givenLimit`` is dropped.
  ///   - limit: after it the program is killed.
  /// - Returns: `nil` when it did not end in time, or could not be started.
  package func run(giving bytes: [UInt8], limit: Duration) -> ProcessEnd? {
    var ends: [Int32] = [-1, -1]
    guard ukey_pipe(&ends, 0) == 0 else { return nil }
    defer { close(ends[0]) }
    var program = self
    program.input = .descriptor(ends[0])
    let pid: Int32
    do throws(SystemError) {
      defer { close(ends[1]) }
      let given = bytes.prefix(Self.givenLimit)
      guard write(ends[1], Array(given), given.count) == given.count else { return nil }
      pid = try program.start()
    } catch {
      return nil
    }
    let deadline = Instant.now + limit
    while Instant.now < deadline {
      if let end = ProcessEnd.look(at: pid) { return end }
      usleep(1000)
    }
    kill(pid, SIGKILL)
    _ = ProcessEnd.wait(for: pid)
    return nil
  }
}
