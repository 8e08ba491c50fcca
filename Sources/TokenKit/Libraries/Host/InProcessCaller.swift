internal import Base
internal import Failures

/// A library in this very process, to measure what the host costs. Not for use: it may take the program down.
final class InProcessCaller: LibraryCaller, @unchecked Sendable {
  // Unchecked: `lock` keeps threads apart; the executor is loaded once.
  let library: LibraryFile
  private let condition = Condition()
  private var isTaken = false
  private var executor: (any LibraryExecutor)?

  init(_ library: LibraryFile) { self.library = library }

  var restarts: Int { 0 }

  func acquire() throws(Failure) {
    condition.withLock {
      while isTaken { _ = condition.wait() }
      isTaken = true
    }
    if executor != nil { return }
    switch LibraryLoader.load(library.path, library.kind) {
    case .executor(let loaded): executor = loaded
    case .refused(let reason):
      release()
      throw Failure(.libraryNotLoaded, function: "dlopen", context: reason)
    }
  }

  func release() {
    condition.withLock {
      isTaken = false
      condition.broadcast()
    }
  }

  func discard() {}

  func greeting() throws(Failure) -> HostReply {
    guard let executor else { throw Failure(.libraryNotLoaded, context: library.path) }
    return executor.greeting
  }

  func exchange(
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], name: String, takesTime: Bool
  ) -> HostProcess.Exchange {
    guard let executor else { return .failed(Failure(.libraryNotLoaded, context: library.path), hadLeft: false) }
    return .reply(executor.perform(request, secrets: secrets))
  }
}
