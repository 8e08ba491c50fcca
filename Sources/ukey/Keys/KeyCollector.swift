import Failures
import SmartCard
import TokenKit

/// One reader and what was found in it, for the commands.
struct ReaderReport: Sendable {
  enum Content: Sendable {
    case empty
    case key(TokenSnapshot)
    case failed(Failure)
  }

  var source: TokenSource
  var content: Content

  var snapshot: TokenSnapshot? {
    if case .key(let snapshot) = content { snapshot } else { nil }
  }

  var failure: Failure? {
    if case .failed(let failure) = content { failure } else { nil }
  }
}

/// Reads all keys side by side, each on a thread of its own, none longer than ``limit``.
struct KeyCollector {
  /// Nanoseconds after which a key that has not answered is reported as `UK-126`.
  static let limit: UInt64 = 10_000_000_000

  var providers: [any TokenProvider]
  /// Only this reader, by its whole name; `nil` for all.
  var reader: String?
  var options = ReadOptions()

  /// - Throws: `UK-101` … when no provider can be asked, `UK-111` when the named reader is not there.
  func collect() throws(Failure) -> [ReaderReport] {
    var slots: [(any TokenProvider, TokenSlot)] = []
    var refusal: Failure?
    for provider in providers {
      do throws(Failure) {
        slots += try provider.slots().map { (provider, $0) }
      } catch {
        refusal = error
      }
    }
    if let refusal, slots.isEmpty { throw refusal }
    if let reader {
      slots.removeAll { $0.1.source.reader != reader }
      if slots.isEmpty { throw Failure(.readerUnknown, context: reader) }
    }
    return read(slots)
  }

  private final class Results: @unchecked Sendable {
    // Unchecked: `condition` guards the dictionary.
    let condition = Condition()
    var contents: [Int: ReaderReport.Content] = [:]

    func set(_ index: Int, _ content: ReaderReport.Content) {
      condition.withLock {
        contents[index] = content
        condition.broadcast()
      }
    }
  }

  private func read(_ slots: [(any TokenProvider, TokenSlot)]) -> [ReaderReport] {
    let results = Results()
    let options = options
    for (index, (provider, slot)) in slots.enumerated() {
      switch slot.content {
      case .empty: results.set(index, .empty)
      case .mute: results.set(index, .failed(Failure(.cardMute, context: slot.source.reader)))
      case .key:
        let started = WorkerThread.start {
          do throws(Failure) {
            let token = try provider.open(slot.source.reader)
            results.set(index, .key(try token.read(options, progress: { _ in })))
          } catch {
            results.set(index, .failed(error))
          }
        }
        if !started { results.set(index, .failed(Failure(.internalError, function: "pthread_create"))) }
      }
    }
    let deadline = Condition.now() + Self.limit
    let contents = results.condition.withLock {
      while results.contents.count < slots.count, results.condition.wait(until: deadline) {}
      return results.contents
    }
    return slots.enumerated().map { index, slot in
      let late = ReaderReport.Content.failed(Failure(.cardTimeout, context: slot.1.source.reader))
      return ReaderReport(source: slot.1.source, content: contents[index] ?? late)
    }
  }
}
