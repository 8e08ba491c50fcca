internal import CLinux
internal import Glibc

/// Keeps this process's memory to itself: no core dump, no reading by a debugger or another program of the same user.
///
/// The kernel asks when `/proc/PID/mem` is opened, not when it is read: who opened it early reads for as long as he
/// likes. So this stands first in `main`, before there is anything to hide, and not where the first PIN is asked for.
package enum Secrecy {
  /// For the first line of a program.
  ///
  /// Also lets a fault end the process as the kernel would: the Swift runtime can be told by `SWIFT_BACKTRACE` to print
  /// registers with the memory they point to, or to start a program that reads it.
  package static func beginProgram() {
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT] { signal(number, SIG_DFL) }
    unsetenv("SWIFT_BACKTRACE")
    // Refused by no kernel that is known; should it be, there is no PIN (`LockedMemory` asks again, and says so).
    try? begin()
  }

  /// - Throws: when the system refuses either.
  package static func begin() throws(SystemError) {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else {
      throw SystemError("setrlimit", errno)
    }
    guard ukey_set_undumpable() == 0 else { throw SystemError("prctl", errno) }
  }
}
