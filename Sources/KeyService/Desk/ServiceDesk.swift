internal import Base
package import Failures
package import LoginToken
internal import Synchronization
package import TokenKit

/// Where every request of a page is decided and carried out, whatever protocol it came by.
///
/// Answers that need no card come at once on the caller's thread; the others on a thread of their own.
package final class ServiceDesk: Sendable {
  /// Seconds a prompt for a permission may stay, and one for a PIN.
  package static let permissionTime = 60
  package static let pinTime = 120
  /// A page does not make a prompt appear with fewer tries left than this, unless the holder has just said in the manager
  /// that it may; with the last one never.
  package static let fewestTries = 3

  let keys: KeyShelf
  let operations: any KeyOperations
  package let grants: GrantBook
  package let clock: ServiceClock
  package let log: RequestLog
  let sessions = Sessions()
  let gate = Mutex(PromptGate())
  let cards = CardQueue()
  /// Whether a thread waits for the end of the PINs that are kept.
  private let isWatching = Mutex(false)
  private let providers: Mutex<[any PromptProvider]>
  /// The prompt that is open, and the key it concerns.
  private let open = Mutex<(ticket: PromptTicket, source: TokenSource?)?>(nil)
  private let opener: (@Sendable (WebOrigin) -> Bool)?
  /// Origins that may make a prompt appear although few tries are left, and until when.
  private let fewTries = Mutex<[WebOrigin: Int64]>([:])

  /// - Parameters:
  ///   - prompts: in the order in which they are tried.
  ///   - openPINChange: shows the holder the dialog for changing the PIN; `false` when there is nowhere to.
  package init(
    keys: KeyShelf, operations: any KeyOperations, grants: GrantBook, prompts: [any PromptProvider],
    log: RequestLog = RequestLog(), clock: ServiceClock = .system, openPINChange: (@Sendable (WebOrigin) -> Bool)? = nil
  ) {
    self.keys = keys
    self.operations = operations
    self.grants = grants
    self.log = log
    self.clock = clock
    providers = Mutex(prompts)
    opener = openPINChange
    _ = keys.listen { [weak self] change in
      if case .left(let source, _) = change { self?.keyLeft(source) }
    }
  }

  /// Asks the holder about an origin that is not known yet; answers at once for one that is.
  ///
  /// - Parameter wants: what its interface cannot do without.
  package func admit(
    _ caller: Caller, wants: Permissions, _ ticket: PromptTicket, reply: @escaping @Sendable (Refusal?) -> Void
  ) {
    let has = grants.permissions(of: caller.origin, through: caller.adapter)
    if !has.isEmpty || caller.isOwnPage {
      reply(nil)
      return
    }
    let started = WorkerThread.start { [self] in
      do throws(Refusal) {
        try permit(caller, wants, ticket)
        reply(nil)
      } catch {
        reply(error)
      }
    }
    if !started { reply(.noPrompt) }
  }

  /// Carries out an operation for a caller that was admitted.
  package func perform(
    _ operation: Operation, function: String, for caller: Caller, _ ticket: PromptTicket,
    reply: @escaping @Sendable (Outcome) -> Void
  ) {
    let finish: @Sendable (Outcome) -> Void = { [self] outcome in
      // The answer about the last refusal is none itself.
      if operation != .lastRefusal {
        sessions.change(caller, now: clock.monotonic()) { $0.lastRefusal = outcome.refusal }
      }
      log.add(
        LogEntry(
          time: clock.wall(), origin: caller.origin.description, adapter: caller.adapter, function: function,
          outcome: outcome.name))
      reply(outcome)
    }
    let task = DeskTask(desk: self, caller: caller, ticket: ticket)
    switch task.kind(of: operation) {
    case .quick: finish(task.quick(operation))
    case .card:
      if !cards.run({ finish(task.slow(operation)) }) { finish(.refused(.promptBusy)) }
    case .prompt:
      if !WorkerThread.start({ finish(task.slow(operation)) }) { finish(.refused(.noPrompt)) }
    }
  }

  /// Notes a request that did not become an operation.
  package func note(origin: String, adapter: String, function: String, outcome: String) {
    log.add(
      LogEntry(
        time: clock.wall(), origin: String(origin.unicodeScalars.prefix(WebOrigin.limit)), adapter: adapter,
        function: function, outcome: outcome))
  }

  /// Ends every prompt and every PIN kept; for the end of the service.
  package func close() {
    let ticket = open.withLock { $0?.ticket }
    ticket?.withdraw()
    sessions.endLeases(now: .max)
  }

  /// Takes back what an origin may, and ends what it has open.
  ///
  /// - Throws: `UK-611`.
  package func revoke(_ origin: WebOrigin) throws(Failure) -> Bool {
    sessions.endLeases(now: clock.monotonic()) { caller, _ in caller.origin == origin }
    return try grants.revoke(origin)
  }

  /// Has every PIN that is kept wiped when its time is over, also when its page never comes back: a thread that is there as
  /// long as one is kept.
  func watchLeases() {
    let isFirst = isWatching.withLock { isWatching in
      defer { isWatching = true }
      return !isWatching
    }
    guard isFirst else { return }
    let started = WorkerThread.start { [self] in
      while let next = endOldLeases() { clock.sleepUntil(next) }
    }
    if !started { isWatching.withLock { $0 = false } }
  }

  /// - Returns: seconds of the monotonic clock when the next one runs out; with none left nobody watches.
  private func endOldLeases() -> Int64? {
    isWatching.withLock { isWatching in
      let next = sessions.endLeases(now: clock.monotonic())
      isWatching = next != nil
      return next
    }
  }

  private func keyLeft(_ source: TokenSource) {
    sessions.endLeases(now: clock.monotonic()) { _, lease in lease.certificate.source == source }
    let ticket = open.withLock { $0.flatMap { $0.source == source ? $0.ticket : nil } }
    ticket?.withdraw(isKeyGone: true)
  }

  func openPINChange(for origin: WebOrigin) -> Bool { opener?(origin) ?? false }

  /// Name of the first of the providers that can ask now; `nil` when there is nowhere to ask.
  package var promptName: String? { providers.withLock { $0 }.first(where: \.isReady)?.name }

  /// The holder wants the next request of this origin although few tries are left; good for two minutes.
  func allowFewTries(_ origin: WebOrigin) {
    let until = clock.monotonic() + Int64(Self.pinTime)
    fewTries.withLock { $0[origin] = until }
  }

  /// Whether that was said; it holds once.
  func takeFewTries(_ origin: WebOrigin) -> Bool {
    guard let until = fewTries.withLock({ $0.removeValue(forKey: origin) }) else { return false }
    return until > clock.monotonic()
  }

  // MARK: The one prompt

  /// Asks for what is missing of `wanted`. On a thread that may wait.
  func permit(_ caller: Caller, _ wanted: Permissions, _ ticket: PromptTicket) throws(Refusal) {
    if caller.isOwnPage { return }
    let has = grants.permissions(of: caller.origin, through: caller.adapter)
    guard !has.isSuperset(of: wanted) else { return }
    let question = PermissionQuestion(
      origin: caller.origin, adapter: caller.adapter, permissions: wanted.subtracting(has))
    let answer = try ask(caller.origin, nil, ticket, isStranger: has.isEmpty) { provider, ticket in
      switch provider.permit(question, ticket) {
      case .granted(let permissions): .success(permissions)
      case .ended(let end): .failure(end)
      }
    }
    let granted = answer.intersection(wanted)
    guard !granted.isEmpty else { throw .notPermitted }
    // A file that cannot be written is no reason to refuse what the holder has just allowed.
    try? grants.add(
      Grant(origin: caller.origin, adapter: caller.adapter, permissions: granted, granted: clock.wall()))
    guard has.union(granted).isSuperset(of: wanted) else { throw .notPermitted }
  }

  /// Opens a prompt with the first provider that can ask, under the rules of ``PromptGate``.
  func ask<Answer>(
    _ origin: WebOrigin, _ source: TokenSource?, _ ticket: PromptTicket, isStranger: Bool = false,
    _ question: (any PromptProvider, PromptTicket) -> Result<Answer, PromptEnd>
  ) throws(Refusal) -> Answer {
    let ready = providers.withLock { $0 }.filter(\.isReady)
    guard !ready.isEmpty else { throw .noPrompt }
    try begin(origin, isStranger)
    open.withLock { $0 = (ticket, source) }
    defer { open.withLock { $0 = nil } }
    for provider in ready {
      if ticket.isWithdrawn { break }
      switch question(provider, ticket) {
      case .success(let answer):
        end(origin, isStranger, isUnwanted: false)
        return answer
      case .failure(.unavailable): continue
      case .failure(.cancelled):
        end(origin, isStranger, isUnwanted: true)
        throw .cancelled
      case .failure(.timedOut):
        end(origin, isStranger, isUnwanted: true)
        throw .timedOut
      case .failure(.withdrawn): break
      }
      break
    }
    // A page that goes away each time would make prompts flash up for ever.
    end(origin, isStranger, isUnwanted: ticket.isWithdrawn && !ticket.isKeyGone)
    throw ticket.isWithdrawn ? .disconnected : .noPrompt
  }

  private func begin(_ origin: WebOrigin, _ isStranger: Bool) throws(Refusal) {
    let now = clock.monotonic()
    let refusal: Refusal? = gate.withLock { gate in
      do throws(Refusal) {
        try gate.begin(origin, isStranger: isStranger, now: now)
        return nil
      } catch {
        return error
      }
    }
    if let refusal { throw refusal }
  }

  private func end(_ origin: WebOrigin, _ isStranger: Bool, isUnwanted: Bool) {
    let now = clock.monotonic()
    gate.withLock { $0.end(origin, isStranger: isStranger, isUnwanted: isUnwanted, now: now) }
  }
}
