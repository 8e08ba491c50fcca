internal import Base
package import Failures
internal import Glibc
package import LoginToken
internal import StrictJSON
internal import Synchronization

/// The grants of all origins, kept in one file that only this user can read. Another program may change the file
/// (`ukey serve origins`); that is seen at the next question.
package final class GrantBook: Sendable {
  /// Grants kept. A holder has a handful.
  package static let limit = 256
  private static let format = "ukey.service-origins/1"

  private struct State {
    var grants: [Grant]
    /// Of the file that they were read from or written to; `nil` where there is none.
    var edition: Edition?
  }

  /// What changes when another program has written the file.
  private struct Edition: Equatable {
    var inode: UInt
    var seconds: Int
    var nanoseconds: Int

    init?(_ path: String?) {
      var status = stat()
      guard let path, lstat(path, &status) == 0 else { return nil }
      (inode, seconds, nanoseconds) = (UInt(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  private let path: String?
  private let state: Mutex<State>

  /// - Parameter path: of the file; `nil` keeps them in memory only. A file that is missing holds nothing.
  /// - Throws: `UK-612` when the file is there and cannot be read or is not of this form.
  package init(path: String?) throws(Failure) {
    self.path = path
    let edition = Edition(path)
    let found: [Grant] = if let path { try Self.read(path) } else { [] }
    state = Mutex(State(grants: found, edition: edition))
  }

  /// Newest first.
  package var all: [Grant] { current { $0.grants } }

  package func permissions(of origin: WebOrigin, through adapter: String) -> Permissions {
    current { $0.grants.first { $0.origin == origin && $0.adapter == adapter }?.permissions ?? [] }
  }

  /// Adds to what the origin may.
  ///
  /// - Throws: `UK-611` when it cannot be written; it is then in force until the service ends.
  package func add(_ grant: Grant) throws(Failure) {
    try change { grants in
      var grant = grant
      if let place = grants.firstIndex(where: { $0.origin == grant.origin && $0.adapter == grant.adapter }) {
        grant.permissions.formUnion(grants.remove(at: place).permissions)
      }
      grants = [grant] + grants.prefix(Self.limit - 1)
    }
  }

  /// - Parameter adapter: `nil`: through all of them.
  /// - Returns: whether there was anything to take back.
  /// - Throws: `UK-611`.
  package func revoke(_ origin: WebOrigin, adapter: String? = nil) throws(Failure) -> Bool {
    guard all.contains(where: { $0.origin == origin && (adapter == nil || $0.adapter == adapter) }) else {
      return false
    }
    try change { $0.removeAll { $0.origin == origin && (adapter == nil || $0.adapter == adapter) } }
    return true
  }

  /// Looks first whether the file is another one by now. One that cannot be read leaves in force what was.
  private func current<Result: Sendable>(_ body: (State) -> Result) -> Result {
    state.withLock { state in
      refresh(&state)
      return body(state)
    }
  }

  private func refresh(_ state: inout State) {
    let edition = Edition(path)
    guard edition != state.edition, let path else { return }
    state.edition = edition
    do throws(Failure) { state.grants = try Self.read(path) } catch {}
  }

  private func change(_ body: (inout [Grant]) -> Void) throws(Failure) {
    let failure: Failure? = state.withLock { state in
      refresh(&state)
      body(&state.grants)
      do throws(Failure) {
        try write(state.grants)
        state.edition = Edition(path)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private func write(_ grants: [Grant]) throws(Failure) {
    guard let path else { return }
    let value = JSONValue.object([
      ("schema", .string(Self.format)),
      (
        "origins",
        .array(grants.map(\.json))
      ),
    ])
    let outcome = writeFile(Array((value.text + "\n").utf8), to: path, overwrite: true, mode: 0o600)
    if case .failed(let failure) = outcome { throw Failure(.fileWrite, failure) }
  }

  private static func read(_ path: String) throws(Failure) -> [Grant] {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path, limit: 1 << 20)
    } catch {
      // Nothing was granted yet.
      if error.number == ENOENT { return [] }
      throw Failure(.fileRead, error)
    }
    func malformed(_ detail: String) -> Failure {
      Failure(.fileRead, function: "origins", context: displaySafe(path) + ": " + detail)
    }
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch { throw malformed(error.description) }
    guard value["schema"]?.stringValue == format, let items = value["origins"]?.arrayValue else {
      throw malformed("schema")
    }
    var grants: [Grant] = []
    for item in items.prefix(limit) {
      guard let grant = Grant(item) else { throw malformed("origins") }
      grants.append(grant)
    }
    return grants
  }
}
