internal import Base
package import Failures
internal import Glibc
internal import StrictJSON

/// Where the service keeps what it keeps, by the rules of freedesktop.org.
package struct ServiceFiles: Sendable, Equatable {
  /// Grants, switched-on adapters, the certificate of ports with TLS; 0700.
  package var state: String
  /// Sockets and the registered terminal; 0700, gone at logout. `nil` where the session has no such directory.
  package var runtime: String?

  package init(state: String, runtime: String?) {
    self.state = state
    self.runtime = runtime
  }

  /// By the environment: `XDG_STATE_HOME` (`~/.local/state`) and `XDG_RUNTIME_DIR`, where they are not another user's: what
  /// his sites may is not allowed to them with root's key, and root writes nothing where he can put a link.
  package init() {
    let home = TrustedPath.home ?? Self.homeOfRecord
    state = (TrustedPath.own("XDG_STATE_HOME") ?? home + "/.local/state") + "/ukey/service"
    runtime = Self.ownRuntime
  }

  /// ``runtime`` by the environment. Asks no home folder, which may lie on a server that does not answer.
  package static var ownRuntime: String? { TrustedPath.own("XDG_RUNTIME_DIR").map { $0 + "/ukey" } }

  /// As the user database has it.
  private static var homeOfRecord: String {
    getpwuid(geteuid()).flatMap { $0.pointee.pw_dir }.map { String(cString: $0) } ?? "/"
  }

  package var grants: String { state + "/origins.json" }
  package var adapters: String { state + "/adapters.json" }
  package var certificate: String { state + "/tls/service.pem" }
  package var certificateKey: String { state + "/tls/service.key" }
  /// Where the service listens for the holder's own programs.
  package var control: String? { runtime.map { $0 + "/service" } }
  /// The terminal that `ukey serve tty` registered.
  package var terminal: String? { runtime.map { $0 + "/tty" } }

  /// Makes both directories, for this user alone.
  ///
  /// - Throws: `UK-611`.
  package func make() throws(Failure) {
    try Self.makeDirectory(state)
    try makeRuntime()
  }

  /// Makes the directory of sockets alone.
  ///
  /// - Throws: `UK-611`.
  package func makeRuntime() throws(Failure) {
    if let runtime { try Self.makeDirectory(runtime) }
  }

  static func makeDirectory(_ path: String) throws(Failure) {
    var built = ""
    for part in path.split(separator: "/") {
      built += "/" + part
      if mkdir(built, 0o700) != 0, errno != EEXIST {
        throw Failure(.fileWrite, SystemError("mkdir", errno, built))
      }
    }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid() else {
      throw Failure(.fileWrite, SystemError("lstat", EPERM, path))
    }
    guard status.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0 else {
      throw Failure(.fileWrite, SystemError("chmod", errno, path))
    }
  }
}

/// Which adapters are on.
package struct AdapterChoice: Sendable, Equatable {
  private static let format = "ukey.service-adapters/1"

  /// Of ``Adapters/names``.
  package var enabled: [String]

  package init(enabled: [String] = Adapters.usual) { self.enabled = enabled }

  /// As the file says; the usual ones where there is none.
  ///
  /// - Throws: `UK-612` when it cannot be read or is not of this form.
  package init(path: String) throws(Failure) {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path, limit: 65_536)
    } catch {
      guard error.number == ENOENT else { throw Failure(.fileRead, error) }
      self.init()
      return
    }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw Failure(.fileRead, function: "adapters", context: error.description)
    }
    guard value["schema"]?.stringValue == Self.format, let names = value["enabled"]?.arrayValue else {
      throw Failure(.fileRead, function: "adapters", context: "schema")
    }
    let known = Adapters.names
    self.init(enabled: names.compactMap(\.stringValue).filter(known.contains))
  }

  /// - Throws: `UK-611`.
  package func write(_ path: String) throws(Failure) {
    let value = JSONValue.object([
      ("schema", .string(Self.format)), ("enabled", .array(enabled.map { .string($0) })),
    ])
    let outcome = writeFile(Array((value.text + "\n").utf8), to: path, overwrite: true, mode: 0o600)
    if case .failed(let error) = outcome { throw Failure(.fileWrite, error) }
  }
}
