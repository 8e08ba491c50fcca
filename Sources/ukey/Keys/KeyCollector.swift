import Base
import Failures
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
    var broken: [ReaderReport] = []
    for (provider, answer) in zip(providers, ask()) {
      switch answer {
      case .slots(let found): slots += found.map { (provider, $0) }
      case .failed(let failure):
        if refusal == nil || provider.isService { refusal = failure }
        // A library that fails is shown beside the keys; a missing reader service only when there is nothing else.
        if !provider.isService {
          let source = TokenSource(provider: provider.name, reader: provider.title)
          broken.append(ReaderReport(source: source, content: .failed(failure)))
        }
      }
    }
    if let refusal, slots.isEmpty { throw refusal }
    if let reader {
      slots.removeAll { $0.1.source.reader != reader }
      if slots.isEmpty { throw Failure(.readerUnknown, context: reader) }
      broken = []
    }
    return Self.merged(read(slots)) + broken
  }

  private enum Answer: Sendable {
    case slots([TokenSlot])
    case failed(Failure)
  }

  /// The slots of every provider; side by side when there are several, because a library takes its time to start.
  private func ask() -> [Answer] {
    @Sendable func slots(_ provider: any TokenProvider) -> Answer {
      do throws(Failure) {
        return .slots(try provider.slots())
      } catch {
        return .failed(error)
      }
    }
    guard providers.count > 1 else { return providers.map(slots) }
    let answers = Gathering<Answer>(count: providers.count)
    for (index, provider) in providers.enumerated() {
      let started = WorkerThread.start { answers.set(index, slots(provider)) }
      if !started { answers.set(index, .failed(Failure(.internalError, function: "pthread_create"))) }
    }
    let got = answers.wait(until: Condition.now() + Self.limit)
    return providers.enumerated().map { index, provider in
      got[index] ?? .failed(Failure(.cardTimeout, context: provider.name))
    }
  }

  /// One report a key: the better way, the others named in it. Empty slots that a module shows for the same readers are
  /// left out when something else was found.
  static func merged(_ reports: [ReaderReport]) -> [ReaderReport] {
    var result: [ReaderReport] = []
    for report in reports {
      guard let snapshot = report.snapshot else {
        result.append(report)
        continue
      }
      let joined = result.indices.lazy.compactMap { place in
        result[place].snapshot.flatMap { SameKey.joined($0, snapshot) }.map { (place, $0) }
      }.first
      if let (place, best) = joined {
        result[place] = ReaderReport(source: best.source, content: .key(best))
      } else {
        result.append(report)
      }
    }
    let hasOthers = result.contains { $0.source.provider == "pcsc" || $0.snapshot != nil }
    return result.filter { report in
      guard case .empty = report.content, report.source.provider != "pcsc" else { return true }
      return !hasOthers
    }
  }

  private func read(_ slots: [(any TokenProvider, TokenSlot)]) -> [ReaderReport] {
    let results = Gathering<ReaderReport.Content>(count: slots.count)
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
    let contents = results.wait(until: Condition.now() + Self.limit)
    return slots.enumerated().map { index, slot in
      let late = ReaderReport.Content.failed(Failure(.cardTimeout, context: slot.1.source.reader))
      return ReaderReport(source: slot.1.source, content: contents[index] ?? late)
    }
  }
}

/// Answers that threads give, each in its place.
private final class Gathering<Answer: Sendable>: @unchecked Sendable {
  // Unchecked: `condition` guards the answers.
  private let condition = Condition()
  private var answers: [Answer?]
  private var missing: Int

  init(count: Int) {
    answers = Array(repeating: nil, count: count)
    missing = count
  }

  func set(_ index: Int, _ answer: Answer) {
    condition.withLock {
      answers[index] = answer
      missing -= 1
      if missing == 0 { condition.broadcast() }
    }
  }

  /// - Returns: `nil` where none came in time.
  func wait(until deadline: UInt64) -> [Answer?] {
    condition.withLock {
      while missing > 0, condition.wait(until: deadline) {}
      return answers
    }
  }
}
