internal import CLinux
internal import Glibc
internal import Synchronization

/// The children of this process: those that it started, and those that came to it when the child that had started them
/// ended.
///
/// A vendor's library may leave processes behind. Once ``adopt()`` has been called the kernel gives them to this process
/// instead of to the init process, however they had detached themselves, and ``endAdopted()`` ends them.
package enum Descendants {
  private struct State {
    var isAdopting = false
    /// Started here and not yet reaped, and what was there before.
    var own: Set<Int32> = []
  }

  private static let state = Mutex(State())
  private static let attempts = 50

  /// From now on orphans below this process become its children. Called again it does nothing.
  package static func adopt() {
    state.withLock { state in
      guard !state.isAdopting else { return }
      // This process may have been another program before, with children of that one's.
      state.own.formUnion(children())
      state.isAdopting = ukey_adopt_orphans() == 0
    }
  }

  /// Ends the children that this process did not start, and theirs in turn.
  package static func endAdopted() {
    for _ in 0..<attempts {
      let isDone = state.withLock { state -> Bool in
        guard state.isAdopting else { return true }
        let adopted = children().filter { !state.own.contains($0) }
        for child in adopted {
          kill(child, SIGKILL)
          _ = waitpid(child, nil, WNOHANG)
        }
        return adopted.isEmpty
      }
      if isDone { return }
      // They end as soon as the kernel runs them; there is nothing to wait on that does not take their end from another.
      usleep(1000)
    }
  }

  /// Starts a child with nobody looking meanwhile.
  static func started(_ start: () throws(SystemError) -> Int32) throws(SystemError) -> Int32 {
    try state.withLock { state throws(SystemError) in
      let pid = try start()
      state.own.insert(pid)
      return pid
    }
  }

  /// Takes the end of a child without waiting. - Returns: its status; `nil` while it runs.
  static func reaped(_ pid: Int32) -> Int32? {
    state.withLock { state in
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      state.own.remove(pid)
      return status
    }
  }

  private static func children() -> [Int32] {
    let threads = (try? listFolder("/proc/self/task", limit: 4096)) ?? []
    return threads.flatMap { thread -> [Int32] in
      let bytes = (try? readBeginning(of: "/proc/self/task/\(thread)/children", limit: 65_536)) ?? []
      return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }
  }
}
