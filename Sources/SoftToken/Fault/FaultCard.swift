import Glibc

/// A card that misbehaves on purpose, around any other: for tests and for trying the failure paths.
///
/// Counts the command APDUs it sees and logs header and status word only, never a body.
package final class FaultCard: SoftCard {
  /// What happens instead of the right answer.
  package enum Fault: Sendable {
    /// Only the first so many bytes of the answer.
    case truncated(Int)
    /// No byte at all, not even a status word.
    case empty
    /// This status word, no data; the command is not carried out.
    case status(UInt16)
    /// These bytes; the command is not carried out.
    case garbage([UInt8])
    /// The command is carried out, then its answer is lost and the card is gone.
    case removeAfter
    /// The card is gone before the command reaches it.
    case remove
    /// Power is lost and comes back unnoticed: what is volatile is forgotten, before the command or after it.
    case reset
    /// From here on every answer is 255 bytes and 61FF.
    case endless
    /// ``onHold`` is called before the command or between the command and its answer.
    case hold
    /// The command never comes back, and none after it: the card and its reader stand still for good.
    case silence
    /// The Swift runtime ends this very program, on the thread that sent the command: what a mistake in the code that
    /// reads cards would do.
    case trap
  }

  package struct Entry: Sendable, Equatable {
    /// CLA INS P1 P2, as far as sent.
    package let header: [UInt8]
    /// Length of the whole command APDU, bytes.
    package let commandLength: Int
    /// Length of the answer with status word, bytes.
    package let answerLength: Int
    /// The last two bytes answered; nil when fewer.
    package let statusWord: UInt16?
  }

  /// By number of the command APDU, counted from 1 since this object was made.
  package var faults: [Int: Fault] = [:]
  /// From this APDU on every answer is 255 bytes and 61FF, without end.
  package var endlessFrom: Int?
  /// Waited before each answer, milliseconds. Blocks the calling thread, as a slow card does.
  package var delayMilliseconds: UInt32 = 0
  /// Called when a fault takes the card away.
  package var onRemove: (() -> Void)?
  /// Faults by number or by instruction; one of ``faults`` comes before them.
  package var rules: [FaultRule] = []
  /// Called by ``Fault/hold`` with the number of the command; the card stands still until it returns.
  package var onHold: ((Int) -> Void)?

  /// Called by ``Fault/silence`` with CLA INS P1 P2 and the whole length of the command that gets no answer.
  package var onSilence: (([UInt8], Int) -> Void)?

  /// How many command APDUs were sent to this card.
  package private(set) var count = 0
  /// The latest entries, at most ``logLimit``.
  package private(set) var log: [Entry] = []
  package static let logLimit = 10_000

  /// Where the card keeps its state: without power it is gone from the reader.
  package var power: CuttingStore?

  private let card: any SoftCard

  package init(_ card: any SoftCard) {
    self.card = card
  }

  package var atr: [UInt8] { card.atr }

  /// How often it was reset by whoever is connected to it.
  package private(set) var resets = 0

  package func reset() {
    resets += 1
    card.reset()
  }

  package func process(_ command: [UInt8]) -> [UInt8] {
    count += 1
    if delayMilliseconds > 0 { wait() }
    var answer = power?.isOff == true ? [] : answer(command)
    if power?.isOff == true {
      answer = []
      onRemove?()
    }
    if log.count >= Self.logLimit { log.removeFirst(Self.logLimit / 2) }
    log.append(
      Entry(
        header: Array(command.prefix(4)), commandLength: command.count, answerLength: answer.count,
        statusWord: answer.count < 2 ? nil : answer.suffix(2).reduce(0) { $0 << 8 | UInt16($1) }))
    return answer
  }

  private func answer(_ command: [UInt8]) -> [UInt8] {
    if let endlessFrom, count >= endlessFrom { return [UInt8](repeating: 0, count: 255) + [0x61, 0xFF] }
    if let fault = faults[count] { return apply(fault, carriesOut: Self.carriesOut(fault), to: command) }
    guard let index = rules.firstIndex(where: { $0.isMet(by: command, number: count) }) else {
      return card.process(command)
    }
    let rule = rules.remove(at: index)
    return apply(rule.fault, carriesOut: rule.carriesOut, to: command)
  }

  /// What the faults of ``faults`` have always meant.
  private static func carriesOut(_ fault: Fault) -> Bool {
    switch fault {
    case .truncated, .removeAfter: true
    default: false
    }
  }

  private func apply(_ fault: Fault, carriesOut: Bool, to command: [UInt8]) -> [UInt8] {
    switch fault {
    case .hold:
      let early = carriesOut ? card.process(command) : nil
      onHold?(count)
      return early ?? card.process(command)
    case .reset:
      if !carriesOut { card.reset() }
      let answer = card.process(command)
      if carriesOut { card.reset() }
      return answer
    case .endless:
      if carriesOut { _ = card.process(command) }
      endlessFrom = count
      return answer(command)
    case .silence:
      onSilence?(Array(command.prefix(4)), command.count)
      while true { pause() }
    case .trap: fatalError("trap on purpose")
    case .truncated, .empty, .status, .garbage, .remove, .removeAfter: break
    }
    // A card that does not carry the command out has only "done" to cut short.
    let right = carriesOut ? card.process(command) : [0x90, 0x00]
    switch fault {
    case .truncated(let length): return Array(right.prefix(max(0, length)))
    case .status(let word): return [UInt8(word >> 8), UInt8(word & 0xFF)]
    case .garbage(let bytes): return bytes
    case .remove, .removeAfter: onRemove?()
    default: break
    }
    return []
  }

  private func wait() {
    var wanted = timespec(tv_sec: Int(delayMilliseconds / 1000), tv_nsec: Int(delayMilliseconds % 1000) * 1_000_000)
    var rest = timespec()
    while nanosleep(&wanted, &rest) != 0, errno == EINTR { wanted = rest }
  }
}
