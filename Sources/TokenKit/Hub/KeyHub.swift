internal import Base
package import Failures
internal import SmartCard
internal import Synchronization

/// Watches all providers and reads each key that is put in, every reader on a thread of its own.
///
/// A reading that has not ended within ``readLimit`` is reported as `UK-126`; if the card answers later after all, its
/// snapshot still comes. Nothing wakes up while nothing happens.
package final class KeyHub: KeyEventSource, KeyOperations, @unchecked Sendable {
  // Unchecked: `state` guards all that changes.

  /// What a reading may take before it is reported.
  package static var readLimit: Duration { CardLimit.duration }

  /// From the start to the first look at USB.
  private static let firstLook = Duration.milliseconds(300)

  private let providers: [any TokenProvider]
  private let options: ReadOptions
  private let state = Condition()
  /// Held from looking whether something is so until it is told, so that what one thread tells is not overtaken by what
  /// another one tells: a key that is told after its removal would be shown for ever. Taken before `state`.
  private let order = Mutex(())
  private let ways: KeyWays
  /// Keys on USB that no library reaches, and what tells when to look again.
  private let unreached: (@Sendable () -> [Failure])?
  private let usb: USBWatch?
  private var deliver: (@Sendable (KeyEvent) -> Void)?
  private var table = ReadingTable()
  /// Libraries that have not answered yet, by the names of their providers.
  private var unanswered: [(provider: String, title: String)] = []
  private var stopped = false
  private var running = 0

  /// - Parameters:
  ///   - unreached: looks for keys on USB that no library reaches; `nil`: nobody asks for them.
  ///   - root: of a recorded tree whose USB devices are watched; empty for this machine.
  package init(
    providers: [any TokenProvider], options: ReadOptions = ReadOptions(),
    unreached: (@Sendable () -> [Failure])? = nil, root: String = ""
  ) {
    self.providers = providers
    self.options = options
    ways = KeyWays(providers: providers.map(\.name))
    self.unreached = unreached
    usb = unreached == nil ? nil : USBWatch(root: root)
  }

  package func start(_ deliver: @escaping @Sendable (KeyEvent) -> Void) {
    state.withLock { self.deliver = deliver }
    let isEmbedded = providers.allSatisfy(\.isEmbedded)
    deliver(.service(isEmbedded ? .embedded : providers.contains(where: \.isService) ? .starting : .notNeeded))
    let libraries = providers.filter { !$0.isService }
    if !libraries.isEmpty {
      state.withLock { unanswered = libraries.map { ($0.name, $0.title) } }
      deliver(.asking(libraries.map(\.title)))
    }
    for provider in providers { spawn { hub in provider.watch { hub.handle($0, provider) } } }
    spawn { $0.superviseDeadlines() }
    if usb != nil { spawn { $0.watchUSB() } }
  }

  package func reread(_ source: TokenSource) {
    providers.first { $0.name == source.provider }?.retry()
    beginReading(source)
  }

  package func open(_ source: TokenSource) throws(Failure) -> any Token {
    guard let provider = providers.first(where: { $0.name == source.provider }) else {
      throw Failure(.readerUnknown, context: source.reader)
    }
    // A library has limits of its own. Connecting to a card gives it power, and PC/SC waits for its answer without any.
    guard provider.isService else { return try provider.open(source.reader) }
    return try Bounded.run { () throws(Failure) in try provider.open(source.reader) }
  }

  package func abandon(_ source: TokenSource) { providers.first { $0.name == source.provider }?.abandon() }

  package func retry() {
    providers.forEach { $0.retry() }
    usb?.look()
  }

  package func stop() {
    state.withLock {
      stopped = true
      deliver = nil
      state.broadcast()
    }
    usb?.stop()
    providers.forEach { $0.stop() }
    // Watchers end at once. A reading that hangs in its card is left behind: it delivers to nobody.
    let limit = Instant.now + .milliseconds(500)
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

  /// Under no lock: the first word of a library, whatever it is.
  private func answered(_ provider: any TokenProvider) {
    let left: [String]? = state.withLock {
      guard unanswered.contains(where: { $0.provider == provider.name }) else { return nil }
      unanswered.removeAll { $0.provider == provider.name }
      return unanswered.map(\.title)
    }
    if let left { send(.asking(left)) }
  }

  private func handle(_ event: ReaderEvent, _ provider: any TokenProvider) {
    if !provider.isService { answered(provider) }
    func source(_ reader: String) -> TokenSource { TokenSource(provider: provider.name, reader: reader) }
    switch event {
    case .serviceUp where !provider.isService:
      // The stand-in of a library that had failed goes; see below.
      if state.withLock({ table.remove(source(provider.title)) }) {
        send(.readerRemoved(source(provider.title)))
      }
    case .serviceDown(let failure) where !provider.isService:
      // A library is no service of the whole machine: it is shown by itself, as a reader that failed.
      let stand = source(provider.title)
      if state.withLock({ !table.knows(stand) }) {
        send(.readerAdded(stand))
        setCard(stand, true)
        send(.inserted(stand, atr: []))
      }
      send(.failed(stand, failure))
    case .serviceUp: if !provider.isEmbedded { send(.service(.running)) }
    case .serviceDown(let failure): send(.service(.down(failure)))
    case .readerAdded(let reader): send(.readerAdded(source(reader)))
    case .readerRemoved(let reader):
      order.withLock { _ in
        state.withLock { _ = table.remove(source(reader)) }
        leave(source(reader)) { .readerRemoved($0) }
      }
    case .cardInserted(let reader, let atr):
      setCard(source(reader), true)
      send(.inserted(source(reader), atr: atr))
      beginReading(source(reader))
    case .cardMute(let reader):
      setCard(source(reader), true)
      send(.inserted(source(reader), atr: []))
      send(.failed(source(reader), Failure(.cardMute, context: reader)))
    case .cardRemoved(let reader):
      order.withLock { _ in
        setCard(source(reader), false)
        leave(source(reader)) { .removed($0) }
      }
    }
  }

  /// A key or its reader went away, under `order`. Where the key was not shown itself, only its name goes from the one
  /// shown.
  private func leave(_ source: TokenSource, _ event: (TokenSource) -> KeyEvent) {
    let wasHidden = ways.isHidden(source)
    let after = ways.left(source)
    if !wasHidden { tell(event(source)) }
    after.forEach { tell($0) }
  }

  private func setCard(_ source: TokenSource, _ hasCard: Bool) { state.withLock { table.setCard(source, hasCard) } }

  private func beginReading(_ source: TokenSource) {
    let reading: ReadingTable.Reading? = state.withLock {
      guard !stopped, let reading = table.begin(source, until: .now + Self.readLimit) else { return nil }
      state.broadcast()
      return reading
    }
    guard let reading, let provider = providers.first(where: { $0.name == source.provider }) else { return }
    let started = WorkerThread.start { [self] in
      let event = readInTurn(reading, provider) { snapshot in
        order.withLock { _ in
          if !ways.isHidden(source), isCurrent(reading) { tell(.read(source, snapshot)) }
        }
      }
      // It has ended in time: what is told of it now must not be followed by a word that it takes too long.
      state.withLock { table.dropDeadline(of: reading) }
      tellEnd(of: reading, event)
      let wasRead = if case .read = event { true } else { false }
      finish(reading, wasRead: wasRead)
    }
    if !started { finish(reading, wasRead: false) }
  }

  /// The last word of a reading. A key that is gone by now must not be entered: it would hide its other ways.
  private func tellEnd(of reading: ReadingTable.Reading, _ event: KeyEvent) {
    order.withLock { _ in
      guard isCurrent(reading) else { return }
      switch event {
      case .read(_, let snapshot): ways.arrived(snapshot).forEach { tell($0) }
      case .failed(_, let failure) where failure.isUnknownCard:
        ways.arrived(reading.source, unknown: failure).forEach { tell($0) }
      default: tell(event)
      }
    }
  }

  private func finish(_ reading: ReadingTable.Reading, wasRead: Bool) {
    let isWantedAgain = state.withLock {
      state.broadcast()
      return table.finish(reading, wasRead: wasRead)
    }
    if isWantedAgain { beginReading(reading.source) }
  }

  /// Reads the key. While another program keeps it that is told, each holder once, and its turn waited for on.
  private func readInTurn(
    _ reading: ReadingTable.Reading, _ provider: any TokenProvider, _ progress: (TokenSnapshot) -> Void
  ) -> KeyEvent {
    var told: KeyEvent?
    while true {
      let event = read(reading.source, provider, again: reading.isRepeated, progress)
      guard case .failed(_, let failure) = event, failure.isLateTurn, isCurrent(reading), !state.withLock({ stopped })
      else { return event }
      if event != told { send(event, ifCurrent: reading) }
      told = event
      state.withLock {
        table.postpone(reading, until: .now + Self.readLimit)
        state.broadcast()
      }
    }
  }

  /// - Parameter again: the key has been read before. Where its library then turns out to have ended, the key is asked once
  ///   more, through the new process: nobody can say whether this call was to blame or came a moment after the end. A
  ///   library that did not survive its first use is not started a second time.
  private func read(
    _ source: TokenSource, _ provider: any TokenProvider, again: Bool, _ progress: (TokenSnapshot) -> Void
  ) -> KeyEvent {
    do throws(Failure) {
      return .read(source, try provider.open(source.reader).read(options, progress: progress))
    } catch {
      if again, error.code == .libraryEnded { return read(source, provider, again: false, progress) }
      return .failed(source, error)
    }
  }

  private func send(_ event: KeyEvent) { order.withLock { _ in tell(event) } }

  /// Under `order`.
  private func tell(_ event: KeyEvent) {
    let deliver = state.withLock { self.deliver }
    deliver?(event)
  }

  private func send(_ event: KeyEvent, ifCurrent reading: ReadingTable.Reading) {
    order.withLock { _ in if isCurrent(reading) { tell(event) } }
  }

  private func isCurrent(_ reading: ReadingTable.Reading) -> Bool { state.withLock { table.isCurrent(reading) } }

  /// The first look comes when the first screen stands: it is of no use before.
  private func watchUSB() {
    guard let usb, let unreached, usb.wait(until: .now + Self.firstLook) else { return }
    var told: [Failure] = []
    repeat {
      let found = unreached()
      if found != told { send(.unreached(found)) }
      told = found
    } while usb.wait()
  }

  private func superviseDeadlines() {
    while true {
      let overdue: [ReadingTable.Reading]? = state.withLock {
        while !stopped {
          let due = table.takeOverdue(.now)
          if !due.isEmpty { return due }
          _ = state.wait(until: table.firstDeadline)
        }
        return nil
      }
      guard let overdue else { return }
      for reading in overdue {
        send(.failed(reading.source, Failure(.cardTimeout, context: reading.source.reader)), ifCurrent: reading)
      }
    }
  }
}
