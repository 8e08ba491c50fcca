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
  /// After it a key that has not answered is reported as `UK-126`.
  static var limit: Duration { CardLimit.duration }

  var providers: [any TokenProvider]
  var choice = KeyChoice()
  var options = ReadOptions()

  /// - Throws: `UK-101` … when no provider can be asked, `UK-111` when the named reader is not there, `UK-114` when the
  ///   named key is not, `UK-115` when several fit.
  func collect() throws(Failure) -> [ReaderReport] {
    var slots: [(any TokenProvider, TokenSlot)] = []
    var refusal: Failure?
    var broken: [ReaderReport] = []
    for (provider, answer) in zip(providers, ask()) {
      switch answer {
      case .slots(let found): slots += found.map { (provider, $0) }
      case .failed(let answered):
        let failure = provider.isService ? answered : answered.naming(provider)
        // A file that another user could have written is told before all: it may be why nothing is found.
        if refusal?.code != .pathUntrusted, refusal == nil || provider.isService || failure.code == .pathUntrusted {
          refusal = failure
        }
        // A library that fails is shown beside the keys; a missing reader service only when there is nothing else.
        if !provider.isService {
          let source = TokenSource(provider: provider.name, reader: provider.title)
          broken.append(ReaderReport(source: source, content: .failed(failure)))
        }
      }
    }
    if let refusal, slots.isEmpty {
      // Several libraries that fail are each told, where nothing graver is the matter.
      guard broken.count > 1, broken.contains(where: { $0.failure == refusal }) else { throw refusal }
      return broken
    }
    if let reader = choice.reader {
      let meant = try choice.sources(slots.map { $0.1.source })
      slots.removeAll { !meant.contains($0.1.source) }
      if slots.isEmpty { throw Failure(.readerUnknown, context: reader) }
      broken = []
    }
    let reports = Self.merged(read(slots)) + broken
    if choice.key == nil { return reports }
    return try choice.keys(reports, failures: reports.compactMap { $0.failure }) { $0.snapshot }
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
    let answers = FanOut<Answer>(count: providers.count)
    for (index, provider) in providers.enumerated() {
      if !answers.ask(index, { slots(provider) }) {
        answers.answer(index, .failed(Failure(.internalError, function: "pthread_create")))
      }
    }
    let got = answers.wait(until: .now + Self.limit)
    return providers.enumerated().map { index, provider in
      got[index] ?? .failed(Failure(.cardTimeout, context: provider.name))
    }
  }

  /// One report a key: the better way, the others named in it. Empty slots that a module shows for the same readers are
  /// left out when something else was found.
  static func merged(_ reports: [ReaderReport]) -> [ReaderReport] {
    let result = SameKey.keys(reports, \.snapshot).map { key in
      key.snapshot.map { ReaderReport(source: $0.source, content: .key($0)) } ?? key.way
    }
    let hasOthers = result.contains { $0.source.kind == .pcsc || $0.snapshot != nil }
    let keys = result.compactMap(\.snapshot)
    return result.filter { report in
      switch report.content {
      case .empty: SameKey.isEmptyReaderShown(report.source, besideOthers: hasOthers)
      case .failed(let failure) where failure.isUnknownCard:
        SameKey.way(toUnknownCard: report.source, among: keys) == nil
      case .key, .failed: true
      }
    }
  }

  private func read(_ slots: [(any TokenProvider, TokenSlot)]) -> [ReaderReport] {
    let results = FanOut<ReaderReport.Content>(count: slots.count)
    let options = options.telling(choice).telling(slots.filter { $0.1.content != .empty }.map(\.1.source))
    for (index, (provider, slot)) in slots.enumerated() {
      switch slot.content {
      case .empty: results.answer(index, .empty)
      case .mute: results.answer(index, .failed(Failure(.cardMute, context: slot.source.reader)))
      case .key:
        let started = results.ask(index) {
          do throws(Failure) {
            let token = try provider.open(slot.source.reader)
            return .key(try token.read(options, progress: { _ in }))
          } catch {
            return .failed(error)
          }
        }
        if !started { results.answer(index, .failed(Failure(.internalError, function: "pthread_create"))) }
      }
    }
    let contents = results.wait(until: .now + Self.limit)
    return slots.enumerated().map { index, slot in
      let late = ReaderReport.Content.failed(Failure(.cardTimeout, context: slot.1.source.reader))
      return ReaderReport(source: slot.1.source, content: contents[index] ?? late)
    }
  }
}

extension Failure {
  /// With the library that it comes from, where it does not name it.
  fileprivate func naming(_ provider: any TokenProvider) -> Failure {
    if code == .internalError || context?.contains(provider.title) == true { return self }
    return Failure(
      code, function: function, number: number,
      context: [context, provider.name].compactMap { $0 }.joined(separator: " · "), causes: causes)
  }
}

extension ReadOptions {
  /// The same with the serial number, where a key is chosen by it.
  func telling(_ choice: KeyChoice) -> ReadOptions {
    var options = self
    if choice.key != nil, case .certificates = options.extent { options.extent = .everything }
    return options
  }

  /// The same, or everything where more is read than one provider's keys: only certificates tell whether a key is seen in
  /// several ways.
  func telling(_ sources: [TokenSource]) -> ReadOptions {
    var options = self
    if Set(sources.map(\.provider)).count > 1 { options.extent = .everything }
    return options
  }
}
