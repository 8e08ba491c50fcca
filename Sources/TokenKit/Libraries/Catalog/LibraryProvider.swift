internal import Base
internal import CertificateKit
package import Failures
package import SmartCard

/// The keys behind one vendor library.
package final class LibraryProvider: TokenProvider, @unchecked Sendable {
  // Unchecked: `state` guards all that changes.

  /// Between two looks where a library cannot wait for insertions by itself.
  package static let pollInterval = Duration.seconds(2)
  /// From the start of a wait to the one look behind it.
  private static let lateLook = Duration.milliseconds(500)
  /// The first look after a failure; doubled each time, given up after ``recoveryAttempts`` until ``retry()``.
  private static let firstRecovery = Duration.seconds(2)
  private static let recoveryAttempts = 5
  /// How long the library is given at the end to cancel its wait: the kernel ends it with us.
  private static let farewell = Duration.milliseconds(450)

  package let library: LibraryFile
  package let name: String
  let caller: any LibraryCaller
  private let state = Condition()
  private var isStopped = false
  private var wantsRetry = false
  private var isWaiting = false
  /// The library's own wait is not there or broke; it is looked at every ``pollInterval`` instead.
  private var cannotWait = false
  private var waiter: HostProcess?
  private var lastLook: (places: [Place], run: Int, time: Instant)?
  private static let lookLasts = Duration.seconds(10)

  /// - Parameter inProcess: loads the library into this very process, to measure what the isolation costs.
  package init(_ library: LibraryFile, inProcess: Bool = false) {
    self.library = library
    name = library.provider
    caller = inProcess ? InProcessCaller(library) : LibraryHost(library)
  }

  package var isEmbedded: Bool { false }
  package var isService: Bool { false }
  package var title: String { library.name }

  /// How often the library had to be started again.
  package var restarts: Int { caller.restarts }

  package func abandon() { caller.abandon() }

  package func slots() throws(Failure) -> [TokenSlot] {
    _ = try library.check()
    return try look().map(\.slot)
  }

  /// Looks anew and remembers what was there.
  private func look() throws(Failure) -> [Place] {
    let places = try caller.session { () throws(Failure) in try found() }
    let run = caller.run
    state.withLock { lastLook = run.map { (places, $0, .now) } }
    return places
  }

  /// Listing takes some libraries seconds: what was listed a moment ago by the same process is not listed again.
  private func recent(_ source: TokenSource) -> Place? {
    let run = caller.run
    return state.withLock {
      guard let last = lastLook, last.run == run, Instant.now - last.time < Self.lookLasts else { return nil }
      return last.places.first { $0.slot.source == source }
    }
  }

  package func open(_ reader: String) throws(Failure) -> any Token {
    let source = TokenSource(provider: name, reader: reader)
    var place = recent(source)
    if place == nil { place = try look().first { $0.slot.source == source } }
    guard let place else { throw Failure(.readerUnknown, context: reader) }
    if place.isUninitialized { throw Failure(.tokenNotInitialized, context: reader) }
    switch place.id {
    case .device(let device): return SKFToken(source: source, caller: caller, device: device)
    case .slot(let slot): return P11Token(source: source, caller: caller, slot: slot)
    }
  }

  private struct Place {
    enum ID {
      case device([UInt8])
      case slot(UInt64)
    }

    var slot: TokenSlot
    var id: ID
    /// A token without any PIN or object: to be initialised first.
    var isUninitialized = false
  }

  private func found() throws(Failure) -> [Place] {
    var taken: Set<String> = []
    /// Two may have one name on the screen.
    func unique(_ name: String) -> String {
      let base = name.isEmpty ? library.name : name
      var result = base
      var number = 2
      while !taken.insert(result).inserted {
        result = base + " #\(number)"
        number += 1
      }
      return result
    }
    func place(_ name: String, _ isKey: Bool, _ id: Place.ID) -> Place {
      let source = TokenSource(provider: self.name, reader: unique(name))
      return Place(slot: TokenSlot(source: source, content: isKey ? .key(atr: []) : .empty), id: id)
    }
    switch library.kind {
    case .skf:
      return try SKFCalls(caller: caller).devices().map { place(decodedName($0), true, .device($0)) }
    case .pkcs11:
      let calls = P11Calls(caller: caller)
      let present = Set(try calls.slots(withToken: true))
      var places: [Place] = []
      for slot in try calls.slots(withToken: false).sorted() {
        // One slot that cannot tell what it is hides no other.
        let info = try Reading.item { () throws(Failure) in .value(try calls.slotInfo(slot)) }
        let isInitialized = present.contains(slot) ? (try? calls.tokenInfo(slot).isInitialized) ?? true : nil
        var found = place(info.value?.description.text ?? "", isInitialized == true, .slot(slot))
        found.isUninitialized = isInitialized == false
        places.append(found)
      }
      // A module that shows nothing but an uninitialised token shows that: "none inserted" would be untrue. Beside a key it
      // is the module's spare place.
      if !places.contains(where: { $0.slot.content != .empty }) {
        for index in places.indices where places[index].isUninitialized {
          places[index].slot.content = .key(atr: [])
        }
      }
      return places
    }
  }

  // MARK: Events

  package func watch(_ deliver: (ReaderEvent) -> Void) {
    var known: [String: Bool] = [:]
    var isDown = false
    var attempts = 0
    var pace = EventPace()
    var wasWoken = false
    while !stopped {
      do throws(Failure) {
        let slots = try slots()
        if isDown || attempts == 0 { deliver(.serviceUp) }
        isDown = false
        attempts = 1
        let before = known
        report(slots, &known, deliver)
        if let pause = pace.pause(wasWoken: wasWoken, foundChange: known != before) { rest(pause, onlyRetry: false) }
        wasWoken = waitForChange()
      } catch {
        if stopped { return }
        if !isDown { deliver(.serviceDown(error)) }
        isDown = true
        rest(Self.firstRecovery * (1 << min(attempts, 8)), onlyRetry: attempts >= Self.recoveryAttempts)
        attempts += 1
      }
    }
    // Also where no wait goes on just now: it may have been asked for and not have begun.
    let deadline = Instant.now + Self.farewell
    state.withLock { self.waiter }?.waitForEnd(until: deadline)
    state.withLock { while isWaiting, state.wait(until: deadline) {} }
  }

  private func report(_ slots: [TokenSlot], _ known: inout [String: Bool], _ deliver: (ReaderEvent) -> Void) {
    let present = Dictionary(slots.map { ($0.source.reader, $0.content != .empty) }, uniquingKeysWith: { $1 })
    for (reader, hadKey) in known where present[reader] == nil {
      if hadKey { deliver(.cardRemoved(reader: reader)) }
      deliver(.readerRemoved(reader))
    }
    for slot in slots {
      let reader = slot.source.reader
      let before = known[reader]
      if before == nil { deliver(.readerAdded(reader)) }
      let hasKey = present[reader] ?? false
      if hasKey, before != true { deliver(.cardInserted(reader: reader, atr: [])) }
      if !hasKey, before == true { deliver(.cardRemoved(reader: reader)) }
    }
    known = present
  }

  /// Returns when something may have changed: by the library's own wait, in a second host so that this one stays free;
  /// where it has none, after ``pollInterval``.
  ///
  /// - Returns: whether the library's wait ended.
  private func waitForChange() -> Bool {
    guard let isFresh = beginWait() else {
      rest(Self.pollInterval, onlyRetry: false)
      return false
    }
    // What happened between the last look and the beginning of the wait is in neither: one more look, once.
    let look = Instant.now + Self.lateLook
    return state.withLock {
      while !isStopped, !wantsRetry, isWaiting {
        if !state.wait(until: isFresh ? look : nil) { break }
      }
      wantsRetry = false
      return !isWaiting
    }
  }

  /// Starts a wait on a thread of its own unless one goes on. - Returns: whether it was started now; `nil` when the
  /// library cannot wait.
  private func beginWait() -> Bool? {
    if state.withLock({ isWaiting }) { return false }
    guard caller is LibraryHost, let waiter = existingWaiter() else { return nil }
    let function = library.kind == .skf ? SKFFunction.waitForDevEvent.rawValue : P11Function.waitForSlotEvent.rawValue
    state.withLock { isWaiting = true }
    let started = WorkerThread.start { [self] in
      let result = waiter.exchange(HostRequest(function), secrets: [], limit: nil, name: "wait")
      if stopped { waiter.waitForEnd(until: .now + Self.farewell) }
      state.withLock {
        isWaiting = false
        let isEvent = if case .reply(let reply) = result { reply.kind == .returned && reply.code == 0 } else { false }
        if !isEvent {
          // Not offered, or it broke: not asked again; the look every two seconds takes over.
          cannotWait = true
          self.waiter = nil
        }
        state.broadcast()
      }
    }
    if !started { state.withLock { isWaiting = false } }
    return started ? true : nil
  }

  private func existingWaiter() -> HostProcess? {
    let (known, isRefused) = state.withLock { (waiter, cannotWait) }
    if isRefused || known != nil { return known }
    let printed = (caller as? LibraryHost)?.printed ?? PrintedText()
    let started: HostProcess
    do throws(Failure) {
      started = try HostProcess.start(library, waiter: true, printed: printed, limit: Self.firstRecovery * 4)
    } catch {
      state.withLock { cannotWait = true }
      return nil
    }
    let isWanted = state.withLock {
      if !isStopped { waiter = started }
      return !isStopped
    }
    return isWanted ? started : nil
  }

  private var stopped: Bool { state.withLock { isStopped } }

  private func rest(_ duration: Duration, onlyRetry: Bool) {
    let deadline = Instant.now + duration
    state.withLock {
      while !isStopped, !wantsRetry, state.wait(until: onlyRetry ? nil : deadline) {}
      wantsRetry = false
    }
  }

  package func retry() {
    state.withLock {
      wantsRetry = true
      state.broadcast()
    }
  }

  package func stop() {
    let waiter = state.withLock {
      isStopped = true
      state.broadcast()
      return self.waiter
    }
    waiter?.interrupt()
  }
}
