internal import Base
internal import CLinux
internal import Glibc
internal import Synchronization
internal import TokenKit

/// The line protocol of pinentry (Assuan) with one process, on the calling thread.
///
/// What it sends as data goes byte by byte into a PIN and is kept nowhere else.
final class AssuanPipe {
  enum Reply: Equatable {
    case ok
    /// Number of the error (libgpg-error).
    case error(UInt32)
    /// The process is gone, silent beyond its time, or speaks another protocol.
    case broken
  }

  /// Bytes of a line (Assuan's own limit), and lines before a reply.
  private static let lineLimit = 1000
  private static let replyLimit = 64

  /// The process, until it has been waited for: its number may be another's after that.
  private final class Child: Sendable {
    private let pid: Mutex<pid_t?>

    init(_ pid: pid_t) { self.pid = Mutex(pid) }

    func kill() { pid.withLock { if let pid = $0 { Glibc.kill(pid, SIGKILL) } } }

    func reap() {
      pid.withLock { pid in
        guard let child = pid else { return }
        Glibc.kill(child, SIGKILL)
        _ = ProcessEnd.wait(for: child)
        pid = nil
      }
    }
  }

  private let child: Child
  private let input: Int32
  private let output: Int32
  private let deadline: Instant

  /// - Parameters:
  ///   - path: of the program; absolute.
  ///   - environment: in place of what this process has of the same name.
  init?(path: String, environment: [String: String], deadline: Instant) {
    var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard ukey_pipe(&toChild, 0) == 0 else { return nil }
    guard ukey_pipe(&fromChild, 0) == 0 else {
      toChild.forEach { close($0) }
      return nil
    }
    defer {
      close(toChild[0])
      close(fromChild[1])
    }
    var program = Program([path])
    program.environment = environment
    program.input = .descriptor(toChild[0])
    program.output = .descriptor(fromChild[1])
    program.hasOwnSession = true
    do throws(SystemError) {
      child = Child(try program.start())
    } catch {
      close(toChild[1])
      close(fromChild[0])
      return nil
    }
    (input, output) = (toChild[1], fromChild[0])
    self.deadline = deadline
  }

  deinit {
    close(input)
    close(output)
    child.reap()
  }

  /// Ends the process, from any thread; does nothing when it has ended.
  var ender: @Sendable () -> Void {
    let child = child
    return { child.kill() }
  }

  /// The greeting.
  func greeting() -> Reply { reply { _ in false } }

  /// Sends a command and waits for its end; data in between is refused.
  func command(_ line: String) -> Reply {
    guard write(line) else { return .broken }
    return reply { _ in false }
  }

  /// Sends GETPIN. - Returns: the reply; the PIN holds what was typed.
  func getPIN(into pin: inout PIN) -> Reply {
    guard write("GETPIN") else { return .broken }
    return reply { pin.append($0) }
  }

  /// What follows a command, percent-encoded as Assuan wants it, cut to what a line holds.
  static func encoded(_ text: String) -> String {
    var line: [UInt8] = []
    for scalar in text.unicodeScalars {
      var bytes: [UInt8] = []
      for byte in String(scalar).utf8 {
        bytes +=
          byte == UInt8(ascii: "%") || byte < 0x20
          ? Array(("%" + hexText([byte])).utf8) : [byte]
      }
      guard line.count + bytes.count <= lineLimit - 32 else { break }
      line += bytes
    }
    return String(decoding: line, as: UTF8.self)
  }

  private func write(_ line: String) -> Bool {
    do throws(SystemError) {
      try writeAll(Array((line + "\n").utf8)[...], to: input)
      return true
    } catch {
      return false
    }
  }

  /// Reads lines up to OK or ERR.
  private func reply(_ data: (UInt8) -> Bool) -> Reply {
    for _ in 0..<Self.replyLimit {
      guard let first = byte(), let second = byte() else { return .broken }
      if first == UInt8(ascii: "D"), second == UInt8(ascii: " ") {
        guard readData(data) else { return .broken }
        continue
      }
      var line = [first, second]
      while line.last != 0x0A {
        guard line.count < Self.lineLimit, let next = byte() else { return .broken }
        line.append(next)
      }
      if line.starts(with: "OK".utf8) { return .ok }
      if line.starts(with: "ERR ".utf8) {
        let digits = line.dropFirst(4).prefix { (0x30...0x39).contains($0) }
        return .error(UInt32(String(decoding: digits, as: UTF8.self)) ?? 0)
      }
      // Comments and status lines; an inquiry is none of pinentry's.
      guard first == UInt8(ascii: "#") || first == UInt8(ascii: "S") else { return .broken }
    }
    return .broken
  }

  private func readData(_ take: (UInt8) -> Bool) -> Bool {
    for _ in 0..<Self.lineLimit {
      guard let next = byte() else { return false }
      if next == 0x0A { return true }
      if next == UInt8(ascii: "%") {
        guard let high = byte().flatMap(hexValue), let low = byte().flatMap(hexValue), take(high << 4 | low) else {
          return false
        }
      } else {
        guard take(next) else { return false }
      }
    }
    return false
  }

  /// One byte, so that nothing of a PIN stays in a buffer.
  private func byte() -> UInt8? {
    while true {
      var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = poll(&entry, 1, deadline.pollTimeout)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return nil }
      var value: UInt8 = 0
      let count = read(output, &value, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return nil }
      defer { value = 0 }
      return value
    }
  }
}
