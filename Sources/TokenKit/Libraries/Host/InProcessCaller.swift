internal import Base
internal import Failures

/// A library in this very process, to measure what the host costs. Not for use: it may take the program down.
final class InProcessCaller: LibraryCaller, @unchecked Sendable {
  // Unchecked: who has acquired it is alone with the executor until the release, which `gate` sees to.
  let library: LibraryFile
  private let gate = Gate()
  private var executor: (any LibraryExecutor)?

  init(_ library: LibraryFile) { self.library = library }

  var restarts: Int { 0 }
  var run: Int? { executor == nil ? nil : 0 }

  func acquire() throws(Failure) {
    gate.take()
    if executor != nil { return }
    switch LibraryLoader.load(library.path, library.kind) {
    case .executor(let loaded): executor = loaded
    case .refused(let reason):
      release()
      throw Failure(.libraryNotLoaded, function: "dlopen", context: reason)
    case .notReady(let code):
      release()
      throw Failure(.libraryNotReady, function: "C_Initialize", number: .ckr(UInt(code)), context: CKR.name(code))
    }
  }

  func release() { gate.release() }

  func discard() {}

  func abandon() {}

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
