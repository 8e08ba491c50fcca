internal import Base
package import Failures
import Glibc
import Synchronization

/// Plugs a ``SoftCard`` into a virtual reader: the client of the `vpcd` reader driver of vsmartcard.
///
/// Connecting is insertion, closing is removal. ``run(_:)`` blocks the calling thread (give it one of its own or the
/// main thread); ``stop()`` may be called from any thread. One client serves one insertion.
package final class VPCDClient: Sendable {
  package struct Options: Sendable {
    /// Waited before each answer, in milliseconds, at most one minute; 0 for none.
    package var delayMilliseconds: Int
    /// Called after each command on the thread of ``VPCDClient/run(_:)``.
    package var trace: (@Sendable (APDUTrace) -> Void)?

    package init(delayMilliseconds: Int = 0, trace: (@Sendable (APDUTrace) -> Void)? = nil) {
      self.delayMilliseconds = delayMilliseconds
      self.trace = trace
    }
  }

  private struct Wire {
    var socket: Int32 = -1
    var stopped = false
  }

  package let host: String
  package let port: UInt16
  private let options: Options
  private let wire = Mutex(Wire())
  private let count = Atomic<Int>(0)

  /// `port` is the one the reader driver listens on, 35963 (0x8C7B) unless configured otherwise.
  package init(host: String, port: UInt16, options: Options = Options()) {
    self.host = host
    self.port = port
    self.options = options
  }

  /// The number of command APDUs answered so far; control messages are not counted.
  package var answered: Int { count.load(ordering: .relaxed) }

  /// Takes the card out: the connection is shut down and ``run(_:)`` returns. Before `run` it keeps the card from
  /// being inserted at all.
  package func stop() {
    wire.withLock { wire in
      wire.stopped = true
      if wire.socket >= 0 { _ = shutdown(wire.socket, Int32(SHUT_RDWR)) }
    }
  }

  /// How an insertion ended.
  package enum End: Sendable, Equatable {
    /// By ``VPCDClient/stop()``.
    case stopped
    /// The reader closed the connection: the reader service ended or let go of the reader.
    case readerClosed
  }

  private var hasStopped: Bool { wire.withLock { $0.stopped } }

  /// Inserts the card and answers for it until ``stop()`` or until the reader closes the connection.
  ///
  /// - Throws: `UK-621` when the reader does not listen at the address or the connection breaks.
  @discardableResult
  package func run(_ card: any SoftCard) throws(Failure) -> End {
    let socket = try VPCDSocket(host: host, port: port)
    let mayStart = wire.withLock { wire in
      guard !wire.stopped else { return false }
      wire.socket = socket.descriptor
      return true
    }
    // The descriptor leaves the lock before it is closed: stop() can never shut down a number used anew.
    defer { wire.withLock { $0.socket = -1 } }
    guard mayStart else { return .stopped }
    do {
      while let message = try socket.receiveMessage() { try answer(message, of: card, on: socket) }
    } catch {
      // A connection shut down in the middle of a message breaks in whatever call was under way.
      guard hasStopped else { throw error }
    }
    return hasStopped ? .stopped : .readerClosed
  }

  /// A body of one byte is a control message of the driver, anything longer a command APDU.
  private func answer(_ message: [UInt8], of card: any SoftCard, on socket: borrowing VPCDSocket) throws(Failure) {
    guard message.count != 1 else {
      switch message[0] {
      case Control.powerOff, Control.powerOn, Control.reset: card.reset()
      case Control.answerToReset: try socket.send(card.atr)
      default: break
      }
      return
    }
    guard !message.isEmpty else { return }
    let response = message.count < 4 ? [0x67, 0x00] : card.process(message)
    count.add(1, ordering: .relaxed)
    pause(options.delayMilliseconds)
    if let trace = options.trace {
      trace(APDUTrace(number: answered, command: message, response: response))
    }
    try socket.send(response)
  }

  /// Messages of one byte (vpcd of vsmartcard, `vpcd.h`).
  private enum Control {
    static let powerOff: UInt8 = 0
    static let powerOn: UInt8 = 1
    static let reset: UInt8 = 2
    static let answerToReset: UInt8 = 4
  }
}

/// What may be written down about a command: its header and status word, never its body.
package struct APDUTrace: Sendable, Equatable, CustomStringConvertible {
  /// Counted from 1 since insertion.
  package let number: Int
  /// CLA INS P1 P2.
  package let header: [UInt8]
  /// Length of the command data field in bytes, 0 when absent.
  package let lc: Int
  /// Bytes answered before the status word.
  package let answered: Int
  package let statusWord: UInt16

  init(number: Int, command: [UInt8], response: [UInt8]) {
    self.number = number
    header = Array(command.prefix(4))
    lc = Self.lc(command)
    answered = max(0, response.count - 2)
    statusWord = response.suffix(2).reduce(0) { $0 << 8 | UInt16($1) }
  }

  /// For example `> 12  00 CB 3F FF Lc 5 → 255 bytes, 6100`.
  package var description: String {
    let bytes = hexText(header, separator: " ")
    return "> \(number)  \(bytes) Lc \(lc) → \(answered) bytes, " + hexText(UInt(statusWord), digits: 4)
  }

  private static func lc(_ command: [UInt8]) -> Int {
    guard command.count > 5 else { return 0 }
    guard command[4] == 0, command.count > 7 else { return Int(command[4]) }
    return Int(command[5]) << 8 | Int(command[6])
  }
}

/// Sleeps the whole time even when signals arrive.
private func pause(_ milliseconds: Int) {
  guard milliseconds > 0 else { return }
  let bounded = min(milliseconds, 60_000)
  var wanted = timespec(tv_sec: bounded / 1000, tv_nsec: (bounded % 1000) * 1_000_000)
  var left = timespec()
  while nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
}
