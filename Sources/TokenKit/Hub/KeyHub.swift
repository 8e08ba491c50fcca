public import Failures
internal import SmartCard

/// Watches all providers and reads each key that is put in, every reader on a thread of its own.
///
/// A reading that has not ended within ``readLimit`` is reported as `UK-126`; if the card answers later after all, its
/// snapshot still comes. Nothing wakes up while nothing happens.
public final class KeyHub: KeyEventSource, KeyOperations, @unchecked Sendable {
  // Unchecked: `state` guards all that changes.

  /// Nanoseconds a reading may take before it is reported.
  public static let readLimit: UInt64 = 10_000_000_000

  /// What is known of one reader; `generation` grows with each insertion and removal, so that the late answer of a
  /// card that is gone is dropped.
  private struct Slot {
    var generation = 0
    var hasCard = false
    var isReading = false
  }

  private struct Deadline {
    var source: TokenSource
    var generation: Int
    var time: UInt64
  }

  private let providers: [any TokenProvider]
  private let options: ReadOptions
  private let state = Condition()
  private var deliver: (@Sendable (KeyEvent) -> Void)?
  private var slots: [TokenSource: Slot] = [:]
  private var deadlines: [Deadline] = []
  private var stopped = false
  private var running = 0

  public init(providers: [any TokenProvider], options: ReadOptions = ReadOptions()) {
    self.providers = providers
    self.options = options
  }

  public func start(_ deliver: @escaping @Sendable (KeyEvent) -> Void) {
    state.withLock { self.deliver = deliver }
    deliver(.service(providers.allSatisfy(\.isEmbedded) ? .embedded : .starting))
    for provider in providers { spawn { hub in provider.watch { hub.handle($0, provider) } } }
    spawn { $0.superviseDeadlines() }
  }

  public func reread(_ source: TokenSource) {
    providers.first { $0.name == source.provider }?.retry()
    beginReading(source)
  }

  public func open(_ source: TokenSource) throws(Failure) -> any Token {
    guard let provider = providers.first(where: { $0.name == source.provider }) else {
      throw Failure(.readerUnknown, context: source.reader)
    }
    return try provider.open(source.reader)
  }

  /// Looks once more for a reader service that refused or failed.
  public func retryServices() { providers.forEach { $0.retry() } }

  public func stop() {
    state.withLock {
      stopped = true
      deliver = nil
      state.broadcast()
    }
    providers.forEach { $0.stop() }
    // Watchers end at once. A reading that hangs in its card is left behind: it delivers to nobody.
    let limit = Condition.now() + 500_000_000
    state.withLock {
      while running > 0, state.wait(until: limit) { providers.forEach { $0.stop() } }
    }
  }

  private func spawn(_ body: @escaping @Sendable (KeyHub) -> Void) {
    state.withLock { running += 1 }
    let started = WorkerThread.start { [self] in
      body(self)
      state.withLock {
        running -= 1
        state.broadcast()
      }
    }
    if !started { state.withLock { running -= 1 } }
  }

  private func handle(_ event: SlotEvent, _ provider: any TokenProvider) {
    func source(_ reader: String) -> TokenSource { TokenSource(provider: provider.name, reader: reader) }
    switch event {
    case .up: if !provider.isEmbedded { send(.service(.running)) }
    case .down(let failure): send(.service(.down(failure)))
    case .added(let reader): send(.readerAdded(source(reader)))
    case .gone(let reader):
      state.withLock { slots[source(reader)] = nil }
      send(.readerRemoved(source(reader)))
    case .inserted(let reader, let atr):
      setCard(source(reader), true)
      send(.inserted(source(reader), atr: atr))
      beginReading(source(reader))
    case .mute(let reader):
      setCard(source(reader), true)
      send(.inserted(source(reader), atr: []))
      send(.failed(source(reader), Failure(.cardMute, context: reader)))
    case .removed(let reader):
      setCard(source(reader), false)
      send(.removed(source(reader)))
    }
  }

  private func setCard(_ source: TokenSource, _ hasCard: Bool) {
    state.withLock {
      var slot = slots[source] ?? Slot()
      slot.generation += 1
      slot.hasCard = hasCard
      slot.isReading = false
      slots[source] = slot
    }
  }

  private func beginReading(_ source: TokenSource) {
    let generation: Int? = state.withLock {
      guard var slot = slots[source], slot.hasCard, !slot.isReading, !stopped else { return nil }
      slot.isReading = true
      slots[source] = slot
      deadlines.append(
        Deadline(source: source, generation: slot.generation, time: Condition.now() + Self.readLimit))
      state.broadcast()
      return slot.generation
    }
    guard let generation, let provider = providers.first(where: { $0.name == source.provider }) else { return }
    let started = WorkerThread.start { [self] in
      let event = read(source, provider) { snapshot in
        send(.read(source, snapshot), ifCurrent: generation, of: source)
      }
      finishReading(source, generation)
      send(event, ifCurrent: generation, of: source)
    }
    if !started { finishReading(source, generation) }
  }

  private func read(
    _ source: TokenSource, _ provider: any TokenProvider, _ progress: (TokenSnapshot) -> Void
  ) -> KeyEvent {
    do throws(Failure) {
      return .read(source, try provider.open(source.reader).read(options, progress: progress))
    } catch {
      return .failed(source, error)
    }
  }

  private func finishReading(_ source: TokenSource, _ generation: Int) {
    state.withLock {
      if slots[source]?.generation == generation { slots[source]?.isReading = false }
      deadlines.removeAll { $0.source == source && $0.generation == generation }
      state.broadcast()
    }
  }

  private func send(_ event: KeyEvent) {
    let deliver = state.withLock { self.deliver }
    deliver?(event)
  }

  private func send(_ event: KeyEvent, ifCurrent generation: Int, of source: TokenSource) {
    let isCurrent = state.withLock { slots[source]?.generation == generation }
    if isCurrent { send(event) }
  }

  private func superviseDeadlines() {
    while true {
      let overdue: [Deadline]? = state.withLock {
        while !stopped {
          let now = Condition.now()
          let due = deadlines.filter { $0.time <= now }
          if !due.isEmpty {
            deadlines.removeAll { $0.time <= now }
            return due
          }
          _ = state.wait(until: deadlines.map(\.time).min())
        }
        return nil
      }
      guard let overdue else { return }
      for item in overdue {
        send(
          .failed(item.source, Failure(.cardTimeout, context: item.source.reader)), ifCurrent: item.generation,
          of: item.source)
      }
    }
  }
}
