import Base
import Glibc
import Synchronization

/// Takes what libraries print on standard error while the screen is up, and keeps the last part of it.
final class ErrorCapture {
  private let pipe: WakePipe
  private let original: Int32

  /// `nil` when there are no descriptors left: then nothing is captured.
  init?() {
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    do { pipe = try WakePipe() } catch { pipe = .none() }
    guard original >= 0, pipe.readEnd >= 0 else { return nil }
    _ = emergency
    keptCount.store(0, ordering: .releasing)
    isKeeping.store(false, ordering: .releasing)
    attach()
  }

  deinit {
    guard original >= 0 else { return }
    if pipe.readEnd >= 0 { detach() }
    close(original)
  }

  var readEnd: Int32 { pipe.readEnd }

  /// Points descriptor 2 at the pipe.
  func attach() {
    dup2(pipe.writeEnd, STDERR_FILENO)
    emergency.pointee.captured = pipe.readEnd
    emergency.pointee.standardError = original
  }

  /// Gives descriptor 2 back.
  func detach() {
    emergency.pointee.standardError = -1
    emergency.pointee.captured = -1
    dup2(original, STDERR_FILENO)
  }

  /// Takes what is in the pipe to what is kept, where the crash handler too finds it (``restoreInEmergency()``).
  func absorb() {
    isKeeping.store(true, ordering: .sequentiallyConsistent)
    defer { isKeeping.store(false, ordering: .sequentiallyConsistent) }
    let kept = emergency.pointee.kept
    var count = keptCount.load(ordering: .relaxed)
    // At most as much as a pipe holds: one that prints without end does not hold us here.
    for _ in 0..<64 {
      if count > keptCapacity - 1024 {
        let half = keptCapacity / 2
        memmove(kept, kept + half, count - half)
        count -= half
      }
      let length = read(pipe.readEnd, kept + count, min(1024, keptCapacity - count))
      if length < 0 && errno == EINTR { continue }
      if length <= 0 { break }
      count += length
      keptCount.store(count, ordering: .releasing)
    }
  }

  /// The last of what was printed; bytes that are not UTF-8 are replaced.
  var text: String {
    let bytes = UnsafeBufferPointer(start: emergency.pointee.kept, count: keptCount.load(ordering: .acquiring))
    return String(decoding: bytes, as: UTF8.self)
  }
}
