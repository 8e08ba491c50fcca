internal import Base
internal import Glibc
internal import Synchronization

/// Tells that something was plugged in or out: by the device nodes under /dev/bus/usb, which come and go with it. Sleeps
/// in between.
final class USBWatch: Sendable {
  private let notify: Descriptor
  private let pipe: WakePipe
  private let folder: String
  private let isStopped = Atomic(false)

  /// From a node's appearance to that of its interfaces in /sys.
  private static let settling = Duration.milliseconds(500)

  /// - Parameter root: of a recorded tree; empty for this machine.
  /// - Returns: `nil` when the kernel has no descriptor left for it.
  init?(root: String) {
    let notify = inotify_init1(O_CLOEXEC | O_NONBLOCK)
    guard notify >= 0 else { return nil }
    self.notify = Descriptor(notify)
    do { pipe = try WakePipe() } catch { pipe = .none() }
    if pipe.readEnd < 0 { return nil }
    folder = root + "/dev/bus/usb"
    watchFolders()
  }

  /// Returns after a change, once it has settled, after ``look()``, or when `deadline` has passed; `false` after ``stop()``.
  func wait(until deadline: Instant? = nil) -> Bool {
    let ready = Descriptor.wait([(notify.number, Int16(POLLIN)), (pipe.readEnd, Int16(POLLIN))], until: deadline) ?? []
    if ready.contains(notify.number) {
      _ = Descriptor.wait([(pipe.readEnd, Int16(POLLIN))], until: .now + Self.settling)
      while !notify.read(atMost: 4096).isEmpty {}
      // A bus may be new.
      watchFolders()
    }
    pipe.drain()
    return !isStopped.load(ordering: .acquiring)
  }

  /// Makes the wait return.
  func look() { pipe.wake() }

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
