internal import Glibc

/// `provider-host`: the process in which a vendor's library runs, which is the program itself started again. Every program
/// that uses keys recognises it before anything else, because it is on the way to every key behind a library.
package struct HostInvocation {
  private var library = ""
  private var kind: LibraryKind?
  private var parent: Int32 = 0
  private var isWaiter = false
  private var sandbox: Sandbox?
  private var files: [String] = []

  /// - Parameter arguments: of the process, its name in front.
  /// - Returns: `nil` when it was started for something else.
  package init?(_ arguments: [String]) {
    guard arguments.count >= 2, arguments[1] == "provider-host" else { return nil }
    var rest = arguments.dropFirst(2)
    while let option = rest.popFirst() {
      switch option {
      case "--library": library = rest.popFirst() ?? ""
      case "--kind": kind = rest.popFirst().flatMap(LibraryKind.init(rawValue:))
      case "--parent": parent = rest.popFirst().flatMap { Int32($0) } ?? 0
      case "--waiter": isWaiter = true
      case "--sandbox": sandbox = rest.popFirst().flatMap(Sandbox.init(rawValue:))
      case "--file": files += rest.popFirst().map { [$0] } ?? []
      default: break
      }
    }
  }

  package func run() -> Never {
    // Not for people: without the socket of its starter there is nothing it could do.
    guard let kind, let sandbox, parent > 1, fcntl(3, F_GETFD) >= 0 else { exit(2) }
    ProviderHost.run(
      library: library, kind: kind, parent: parent, isWaiter: isWaiter, sandbox: sandbox, files: files)
  }
}
