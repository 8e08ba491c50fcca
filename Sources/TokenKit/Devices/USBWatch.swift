internal import Base
internal import Glibc
internal import Synchronization

/// Tells that something was plugged in or out: by the device nodes under /dev/bus/usb, which come and go with it. Sleeps
/// in between.
final class USBWatch: Sendable {
  private let notify: Descriptor
  private let wake: Descriptor
  private let waker: Descriptor
  private let folder: String
  private let isStopped = Atomic(false)

  /// Nanoseconds from a node's appearance to that of its interfaces in /sys.
  private static let settling: UInt64 = 500_000_000

  /// - Parameter root: of a recorded tree; empty for this machine.
  /// - Returns: `nil` when the kernel has no descriptor left for it.
  init?(root: String) {
    let notify = inotify_init1(O_CLOEXEC | O_NONBLOCK)
    guard notify >= 0 else { return nil }
    self.notify = Descriptor(notify)
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0, &pair) == 0 else { return nil }
    wake = Descriptor(pair[0])
    waker = Descriptor(pair[1])
    folder = root + "/dev/bus/usb"
    watchFolders()
  }

  /// Returns after a change, once it has settled, after ``look()``, or when `deadline` has passed; `false` after ``stop()``.
  func wait(until deadline: UInt64? = nil) -> Bool {
    let ready = Descriptor.wait([(notify.number, Int16(POLLIN)), (wake.number, Int16(POLLIN))], until: deadline) ?? []
    if ready.contains(notify.number) {
      _ = Descriptor.wait([(wake.number, Int16(POLLIN))], until: Condition.now() + Self.settling)
      while !notify.read(atMost: 4096).isEmpty {}
      // A bus may be new.
      watchFolders()
    }
    _ = wake.read(atMost: 64)
    return !isStopped.load(ordering: .acquiring)
  }

  /// Makes the wait return.
  func look() {
    // A full socket wakes as well as one more byte.
    _ = write(waker.number, "!", 1)
  }

  func stop() {
    isStopped.store(true, ordering: .releasing)
    look()
  }

  private func watchFolders() {
    let mask = UInt32(IN_CREATE) | UInt32(IN_DELETE)
    inotify_add_watch(notify.number, folder, mask)
    for bus in SystemFiles(root: "").list(folder) { inotify_add_watch(notify.number, folder + "/" + bus, mask) }
  }
}
