internal import Base
package import CertificateKit
package import Failures
internal import Glibc

/// Puts this user's CA into browsers' stores and takes it out again, by NSS's own `certutil`: no other program writes
/// their format.
package struct StoreTrust: Sendable {
  /// What became of one store.
  package struct Outcome: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
      case added
      /// It was there already.
      case kept
      case removed
      /// There was nothing to take out.
      case absent
      /// The store has a password of its own: its holder has to do it by hand.
      case locked
      /// What `certutil` said, not escaped.
      case failed(String)
    }

    package var store: BrowserStore
    package var content: Content
  }

  /// The name that it bears in every store.
  package static let name = "ukey local key service"
  private static let limit = Duration.seconds(20)

  private let tool: String

  /// - Throws: `UK-643` without `certutil`.
  package init() throws(Failure) {
    let paths = ["/usr/bin/certutil", "/usr/local/bin/certutil"]
    guard let found = paths.first(where: { access($0, X_OK) == 0 }) else { throw Failure(.storeTool) }
    tool = found
  }

  /// Every store of the user; Chromium's is made where it is not there, as it makes it itself at its first need.
  ///
  /// - Parameters:
  ///   - der: of the CA.
  ///   - file: the same in PEM.
  package func add(_ der: [UInt8], file: String, home: String) -> [Outcome] {
    var stores = BrowserStore.all(home: home)
    if let usual = BrowserStore.chromium(home: home).first, !usual.isThere {
      stores.insert(usual, at: 0)
      if let problem = makeStore(usual) {
        return [Outcome(store: usual, content: .failed(problem))]
          + stores.dropFirst().map { Outcome(store: $0, content: add(der, file: file, to: $0)) }
      }
    }
    return stores.map { Outcome(store: $0, content: add(der, file: file, to: $0)) }
  }

  package func remove(home: String) -> [Outcome] {
    BrowserStore.all(home: home).map { store in
      guard has(store) else { return Outcome(store: store, content: .absent) }
      return Outcome(store: store, content: removeAll(store).map { $0 } ?? .removed)
    }
  }

  private func add(_ der: [UInt8], file: String, to store: BrowserStore) -> Outcome.Content {
    if certificates(in: store) == [der] { return .kept }
    // One of before, whose key is gone, would only stay for ever.
    if has(store), let problem = removeAll(store) { return problem }
    let done = run(["-A", "-d", "sql:" + store.folder, "-n", Self.name, "-t", "C,,", "-i", file])
    // The exit status says how it ended; the store says what is in it.
    return certificates(in: store) == [der] ? .added : Self.problem(done)
  }

  /// - Returns: why one is left.
  private func removeAll(_ store: BrowserStore) -> Outcome.Content? {
    for _ in 0..<8 {
      guard has(store) else { return nil }
      let done = run(["-D", "-d", "sql:" + store.folder, "-n", Self.name])
      if done.end != .ended(ProcessEnd(status: 0)) { return Self.problem(done) }
    }
    return has(store) ? .failed("") : nil
  }

  private func has(_ store: BrowserStore) -> Bool { !certificates(in: store).isEmpty }

  private func certificates(in store: BrowserStore) -> [[UInt8]] {
    let listed = run(["-L", "-d", "sql:" + store.folder, "-n", Self.name, "-a"])
    return PEM.certificates(in: Array(listed.output.utf8)).compactMap { $0 }
  }

  private func makeStore(_ store: BrowserStore) -> String? {
    do throws(Failure) {
      try ServiceFiles.makeDirectory(store.folder)
    } catch {
      return error.context ?? error.code.rawValue
    }
    let done = run(["-N", "-d", "sql:" + store.folder, "--empty-password"])
    return store.isThere ? nil : done.output
  }

  private func run(_ arguments: [String]) -> FinishedProgram {
    FinishedProgram.run([tool] + arguments, limit: Self.limit, errors: true, environment: ["LC_ALL": "C"])
  }

  private static func problem(_ done: FinishedProgram) -> Outcome.Content {
    // With its standard input empty a store with a password says that the password is wrong.
    let signs = ["SEC_ERROR_BAD_PASSWORD", "SEC_ERROR_TOKEN_NOT_LOGGED_IN", "password"]
    if signs.contains(where: done.output.contains) { return .locked }
    if done.end == .tooLong { return .failed("certutil: ⧖") }
    return .failed(String(done.output.prefix(300)))
  }
}
