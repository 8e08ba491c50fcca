import Glibc
import Synchronization
import TokenKit

/// Times from the program's start to the first frame and from an insertion to its certificate on the screen, for
/// `--trace-timing`. In nanoseconds of the monotonic clock.
final class Trace: Sendable {
  private struct Times {
    var started: UInt64
    var firstFrame: UInt64?
    var insertedAt: [TokenSource: UInt64] = [:]
    var shown: [(reader: String, nanoseconds: UInt64)] = []
  }

  private let times: Mutex<Times>

  init(started: UInt64) { times = Mutex(Times(started: started)) }

  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// On the source's thread, when it tells of an event.
  func heard(_ event: KeyEvent) {
    guard case .inserted(let source, _) = event else { return }
    let now = Trace.now()
    times.withLock { $0.insertedAt[source] = now }
  }

  /// After a frame has been sent to the terminal.
  func painted(_ state: State) {
    let now = Trace.now()
    times.withLock { times in
      if times.firstFrame == nil { times.firstFrame = now }
      for (source, start) in times.insertedAt
      where state.world.slot(source)?.snapshot?.places.contains(where: { $0.entry.certificate.value != nil }) == true {
        times.insertedAt[source] = nil
        if times.shown.count < 1000 { times.shown.append((source.reader, now &- start)) }
      }
    }
  }

  /// The report, a line a time.
  var report: String {
    times.withLock { times in
      var lines: [String] = []
      if let first = times.firstFrame {
        lines.append("first frame: \(Trace.milliseconds(first &- times.started)) ms after start of the manager")
        if let exec = Trace.sinceExec(times.started) {
          lines.append("first frame: \(exec &+ (first &- times.started) / 1_000_000) ms after exec (clock tick 10 ms)")
        }
      }
      for shown in times.shown {
        lines.append(
          "insertion to certificate on screen: \(Trace.milliseconds(shown.nanoseconds)) ms (\(shown.reader))")
      }
      return lines.map { $0 + "\n" }.joined()
    }
  }

  private static func milliseconds(_ nanoseconds: UInt64) -> String {
    let hundredths = nanoseconds / 10_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Milliseconds from exec to `moment`, from the start time in proc(5) field 22, which counts ticks since boot.
  private static func sinceExec(_ moment: UInt64) -> UInt64? {
    let file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 2048)
    let length = read(file, &bytes, bytes.count)
    guard length > 0, let end = bytes[..<length].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(end + 1)..<length].split(separator: 0x20)
    let ticks = UInt64(sysconf(Int32(_SC_CLK_TCK)))
    guard fields.count > 19, ticks > 0, let start = UInt64(String(decoding: fields[19], as: UTF8.self)) else {
      return nil
    }
    var boot = timespec()
    var monotonic = timespec()
    clock_gettime(CLOCK_BOOTTIME, &boot)
    clock_gettime(CLOCK_MONOTONIC, &monotonic)
    let nanoseconds = { (time: timespec) in UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec) }
    let momentBoot = moment &+ (nanoseconds(boot) &- nanoseconds(monotonic))
    let startBoot = start &* (1_000_000_000 / ticks)
    return momentBoot > startBoot ? (momentBoot &- startBoot) / 1_000_000 : 0
  }
}
