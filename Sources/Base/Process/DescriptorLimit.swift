internal import Glibc

/// How many files and connections this process may have open at once. Who serves strangers counts with it: where none is left,
/// nothing can be asked or answered, and the runtime's own parts may end the process.
package enum DescriptorLimit {
  /// Raises the limit as far as the system lets this process, at most to `wanted`.
  ///
  /// - Returns: what it is now.
  package static func raise(to wanted: Int) -> Int {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0 else { return 256 }
    if limit.rlim_cur < rlim_t(wanted) {
      var raised = limit
      raised.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
      if setrlimit(kind, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
