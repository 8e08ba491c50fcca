internal import CLinux
internal import Glibc

/// A program run to its end, or to its time limit.
package struct FinishedProgram: Sendable {
  package enum End: Sendable, Equatable {
    case ended(ProcessEnd)
    /// It did not end in time and was killed.
    case tooLong
    /// `errno` of the start.
    case notStarted(Int32)
  }

  package var end: End
  /// Standard output, and standard error where asked for; what comes after a mebibyte is dropped.
  package var output: String { String(decoding: bytes, as: UTF8.self) }
  package var bytes: [UInt8]

  /// Runs a program without a shell, its standard input empty or these bytes. Only this child is ever killed.
  ///
  /// - Parameters:
  ///   - arguments: with the program in front; a name is looked for in `PATH`.
  ///   - errors: also collects standard error; otherwise it is thrown away.
  ///   - environment: replaces values of ours.
  package static func run(
    _ arguments: [String], giving input: [UInt8] = [], limit: Duration, errors: Bool = false,
    environment: [String: String] = [:]
  ) -> FinishedProgram {
    let deadline = Instant.now + limit
    var ends: [Int32] = [-1, -1]
    guard ukey_pipe(&ends, 0) == 0 else { return FinishedProgram(end: .notStarted(errno), bytes: []) }
    defer { close(ends[0]) }
    var program = Program(arguments)
    program.environment = environment
    program.output = .descriptor(ends[1])
    program.errors = errors ? .descriptor(ends[1]) : .none
    let given = input.isEmpty ? -1 : Self.file(holding: input)
    defer { if given >= 0 { close(given) } }
    if !input.isEmpty, given < 0 { return FinishedProgram(end: .notStarted(errno), bytes: []) }
    if given >= 0 { program.input = .descriptor(given) }
    let pid: Int32
    do throws(SystemError) {
      defer { close(ends[1]) }
      pid = try program.start()
    } catch {
      return FinishedProgram(end: .notStarted(error.number), bytes: [])
    }
    let output = read(ends[0], until: deadline)
    var end = ProcessEnd.look(at: pid)
    while end == nil, Instant.now < deadline {
      // The output is closed and the end is near; there is nothing to wait on but time.
      usleep(1000)
      end = ProcessEnd.look(at: pid)
    }
    if let end { return FinishedProgram(end: .ended(end), bytes: output) }
    kill(pid, SIGKILL)
    _ = ProcessEnd.wait(for: pid)
    return FinishedProgram(end: .tooLong, bytes: output)
  }

  /// A file without a name that holds these bytes and is read from its beginning; -1 when there is none.
  private static func file(holding bytes: [UInt8]) -> Int32 {
    let file = ukey_memfd()
    guard file >= 0 else { return -1 }
    do throws(SystemError) {
      try writeAll(bytes[...], to: file)
    } catch {
      close(file)
      return -1
    }
    lseek(file, 0, SEEK_SET)
    return file
  }

  private static func read(_ descriptor: Int32, until deadline: Instant) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while Instant.now < deadline {
      var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&item, 1, deadline.pollTimeout) <= 0 { continue }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      // Read and dropped, so that the child does not block on us.
      if bytes.count < 1 << 20 { bytes += buffer.prefix(count) }
    }
    return bytes
  }
}
