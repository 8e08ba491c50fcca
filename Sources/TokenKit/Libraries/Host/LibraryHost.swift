internal import Base
internal import Failures
internal import Synchronization

/// The one who calls a library's functions: in a process of its own, or (to measure what that costs) in this one.
protocol LibraryCaller: AnyObject, Sendable {
  var library: LibraryFile { get }
  /// What was learnt at loading; loads when needed.
  func greeting() throws(Failure) -> HostReply
  /// - Parameter takesTime: a person may have to confirm on the key, or it makes a signature.
  func exchange(
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], name: String, takesTime: Bool
  ) -> HostProcess.Exchange
  /// Keeps other threads off the library until ``release()``, and makes sure that a host runs.
  func acquire() throws(Failure)
  func release()
  /// Ends the host, so that no login can survive in it; the next operation starts a new one.
  func discard()
  /// From another thread: the call that is being waited for ends as one of a library that died.
  func abandon()
  /// How often a host had to be started again.
  var restarts: Int { get }
  /// Which start the running host comes from; `nil` while none runs. What one host numbered means nothing to another.
  var run: Int? { get }
}

extension LibraryCaller {
  func call(
    _ request: HostRequest, name: String, takesTime: Bool = false
  ) throws(Failure) -> HostReply {
    switch exchange(request, secrets: [], name: name, takesTime: takesTime) {
    case .reply(let reply): return reply
    case .failed(let failure, _): throw failure
    }
  }

  /// Runs an operation of several calls with nobody in between.
  func session<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    try acquire()
    defer { release() }
    return try body()
  }
}

/// A library in a host process, started when first needed and again when it has died.
final class LibraryHost: LibraryCaller, @unchecked Sendable {
  // Unchecked: `lock` guards what changes; the process is used by who has acquired it.

  /// For calls that only read, for loading, and for calls that a person may have to confirm.
  struct Limits: Sendable {
    var reading: Duration = .seconds(8)
    var acting: Duration = .seconds(60)
  }

  let library: LibraryFile
  let printed = PrintedText()
  private let limits: Limits
  private let gate = Gate()
  private let lock = Mutex(())
  private var process: HostProcess?
  private var starts = 0

  init(_ library: LibraryFile) {
    self.library = library
    limits = library.limit.map { Limits(reading: $0, acting: $0) } ?? Limits()
  }

  var restarts: Int { lock.withLock { _ in max(0, starts - 1) } }

  var run: Int? { lock.withLock { _ in process?.hasEnded == false ? starts : nil } }

  /// Process id of the running host; 0 when there is none.
  var pid: Int32 { lock.withLock { _ in process?.pid ?? 0 } }

  func acquire() throws(Failure) {
    gate.take()
    do throws(Failure) {
      _ = try running()
    } catch {
      release()
      throw error
    }
  }

  func release() { gate.release() }

  func discard() {
    process?.end()
    lock.withLock { _ in process = nil }
  }

  func abandon() { lock.withLock { _ in process }?.interrupt() }

  func greeting() throws(Failure) -> HostReply { try running().greeting }

  /// What is in force in the running host; nothing when there is none.
  var confinement: Confinement { lock.withLock { _ in process?.confinement ?? [] } }

  func exchange(
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], name: String, takesTime: Bool
  ) -> HostProcess.Exchange {
    // Within an operation the process is not replaced: its handles would mean nothing to a new one.
    guard let process else { return .failed(Failure(.libraryEnded, function: name), hadLeft: false) }
    let result = process.exchange(
      request, secrets: secrets, limit: takesTime ? limits.acting : limits.reading, name: name)
    if case .failed = result { lock.withLock { _ in self.process = nil } }
    return result
  }

  private func running() throws(Failure) -> HostProcess {
    if let process, process.isAlive { return process }
    let started = try HostProcess.start(library, waiter: false, printed: printed, limit: limits.reading)
    lock.withLock { _ in
      process = started
      starts += 1
    }
    return started
  }
}
