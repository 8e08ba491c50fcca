internal import CLinux
internal import Failures
internal import Glibc

/// Keeps this process's memory to itself: no core dump, no reading by a debugger of the same user.
///
/// In force from the first ``PIN`` to the end of the process; `ukey` calls it before it asks for one.
enum Secrecy {
  /// - Throws: `UK-440` when the system refuses either.
  static func begin() throws(Failure) {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else {
      throw Failure(.secretMemory, function: "setrlimit", number: .errno(errno))
    }
    guard ukey_set_undumpable() == 0 else {
      throw Failure(.secretMemory, function: "prctl", number: .errno(errno))
    }
  }
}
