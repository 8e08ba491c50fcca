internal import Base
internal import CLinux
internal import Glibc

/// What the host's process is told about its library's sandbox.
struct ConfinementOrder: Sendable, Equatable {
  var sandbox = Sandbox.off
  /// Absolute; may be read and written in a strict sandbox too.
  var files: [String] = []
}

extension Confinement {
  /// Confines this process, which has one thread, for good. What the kernel does not offer is left out and told by its
  /// absence: a library that works is worth more than one that is refused.
  ///
  /// - Parameter library: absolute path of what is going to be loaded.
  static func begin(_ order: ConfinementOrder, library: String) -> Confinement {
    var inForce: Confinement = getsid(0) == getpid() ? [.session] : []
    guard order.sandbox != .off else { return inForce }
    // The capabilities first: what follows is then also right for root.
    let isPlain = ukey_drop_capabilities() == 0
    if ukey_no_new_privileges() == 0, isPlain { inForce.insert(.privileges) }
    if limit() { inForce.insert(.limits) }
    if confineFiles(order, library: library) { inForce.insert(.files) }
    // Last: it forbids some of the above.
    let filter = CallFilter(order.sandbox, process: UInt32(bitPattern: getpid()))
    if let filter, ukey_filter_calls(filter.program, UInt16(clamping: filter.program.count)) == 0 {
      inForce.insert(.calls)
    }
    return inForce
  }

  /// Not the number of processes: the kernel counts those of the user, threads among them; that none is started the filter
  /// of calls sees to.
  private static func limit() -> Bool {
    // Written beyond its limit, a file is refused rather than the library ended.
    signal(SIGXFSZ, SIG_IGN)
    let limits: [(__rlimit_resource, rlim_t)] = [
      (RLIMIT_CORE, 0), (RLIMIT_AS, 1 << 30), (RLIMIT_NOFILE, 64), (RLIMIT_FSIZE, 16 << 20),
      // Seconds of processor time: a window may be open for days, a library that spins ends the same day.
      (RLIMIT_CPU, 3600),
    ]
    var areAllSet = true
    for (resource, most) in limits {
      var wanted = rlimit(rlim_cur: most, rlim_max: most)
      areAllSet = setrlimit(__rlimit_resource_t(resource.rawValue), &wanted) == 0 && areAllSet
    }
    return areAllSet
  }

  private static func confineFiles(_ order: ConfinementOrder, library: String) -> Bool {
    let version = ukey_landlock_version()
    guard version >= 1 else { return false }
    let handled = FileRule.rights(version)
    // From version 4 TCP, from version 6 signals and abstract sockets to what is outside: nothing of these is allowed.
    let rules = ukey_landlock_create(version, handled, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0)
    guard rules >= 0 else { return false }
    defer { close(rules) }
    let place = FileRule.Place(
      home: getenv("HOME").flatMap { real(String(cString: $0)) } ?? "", library: real(library) ?? library,
      process: getpid(), isRoot: geteuid() == 0, files: order.files.compactMap(real))
    for rule in FileRule.all(order.sandbox, place, list: { (try? listFolder($0, limit: 4096)) ?? [] }) {
      let path = ukey_open_path(rule.path)
      guard path >= 0 else { continue }
      defer { close(path) }
      var about = stat()
      guard fstat(path, &about) == 0 else { continue }
      let isFolder = about.st_mode & S_IFMT == S_IFDIR
      // What vanished or cannot be named is not allowed; that is on the safe side.
      _ = ukey_landlock_allow(rules, path, handled & rule.access.rights(isFolder: isFolder))
    }
    return ukey_landlock_enforce(rules) == 0
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
