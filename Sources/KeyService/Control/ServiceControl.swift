internal import Base
package import Failures
internal import LoginToken
internal import Synchronization
internal import TokenKit

/// The service's side of the control socket: tells its state, takes the holder's commands, and finds the manager that is
/// to ask him.
package final class ServiceControl: Sendable {
  /// What the program that runs the service does when it is told to.
  package enum Command: Sendable {
    case reload, stop
  }

  private struct State {
    var connections: [ControlConnection] = []
    var ports: [ServiceStatus.Port] = []
    var revision = 1
    /// Those who want to hear of the next state.
    var waiting: [(connection: ControlConnection, after: Int)] = []
  }

  private static let limit = 16

  private let listener: ControlListener
  private let state = Mutex(State())
  private let desk = Mutex<ServiceDesk?>(nil)
  private let started: Int64
  private let clock: ServiceClock
  private let command: @Sendable (Command) -> Void

  /// - Parameter path: of the socket.
  /// - Throws: `UK-642` when a service runs already; `UK-611`.
  package init(
    path: String, clock: ServiceClock = .system, command: @escaping @Sendable (Command) -> Void
  ) throws(Failure) {
    listener = try ControlListener(path: path)
    self.clock = clock
    started = clock.wall()
    self.command = command
  }

  /// Answers from now on.
  package func start(_ desk: ServiceDesk) {
    self.desk.withLock { $0 = desk }
    _ = listener.start { [weak self] stream in self?.take(stream) }
  }

  package func stop() {
    listener.stop()
    for connection in state.withLock({ $0.connections }) { connection.stream.end() }
  }

  package func set(_ ports: [ServiceStatus.Port]) {
    state.withLock { $0.ports = ports }
    changed()
  }

  /// Something that the status tells is another.
  package func changed() {
    let waiting = state.withLock { state in
      state.revision += 1
      defer { state.waiting = [] }
      return state.waiting
    }
    guard !waiting.isEmpty, let status else { return }
    for entry in waiting { entry.connection.stream.send(ServiceMessage.status(status).json) }
  }

  /// The manager that was opened last.
  var manager: ControlConnection? { state.withLock { $0.connections.last { $0.isManager } } }

  private var status: ServiceStatus? {
    guard let desk = desk.withLock({ $0 }) else { return nil }
    let (ports, revision) = state.withLock { ($0.ports, $0.revision) }
    var status = ServiceStatus(
      version: ServiceVersion.text, pid: ProcessNumber.own, started: started, ports: ports, grants: desk.grants.all,
      log: desk.log.entries, prompt: desk.promptName)
    status.revision = revision
    return status
  }

  // MARK: One connection

  private func take(_ stream: ControlStream) {
    let connection = ControlConnection(stream)
    let isTaken = state.withLock { state in
      guard state.connections.count < Self.limit else { return false }
      state.connections.append(connection)
      return true
    }
    guard isTaken, WorkerThread.start({ [weak self] in self?.serve(connection) }) else {
      forget(connection)
      stream.end()
      return
    }
  }

  private func serve(_ connection: ControlConnection) {
    connection.stream.send(ServiceMessage.welcome(version: ServiceVersion.text).json)
    while let json = connection.stream.receive() {
      guard let message = ClientMessage(json) else { break }
      answer(message, connection)
    }
    connection.stream.end()
    forget(connection)
    connection.close()
    if connection.isManager { changed() }
  }

  private func forget(_ connection: ControlConnection) {
    state.withLock { state in
      state.connections.removeAll { $0 === connection }
      state.waiting.removeAll { $0.connection === connection }
    }
  }

  private func answer(_ message: ClientMessage, _ connection: ControlConnection) {
    func done(_ isDone: Bool) { connection.stream.send(ServiceMessage.done(isDone).json) }
    switch message {
    case .manager:
      connection.becomeManager()
      changed()
    case .shown(let id): connection.put(.shown, for: id)
    case .granted(let id, let permissions): connection.put(.granted(permissions), for: id)
    case .typed(let id): connection.put(.typed, for: id)
    case .ended(let id, let end): connection.put(.ended(end), for: id)
    case .outcome(let id, let outcome): connection.put(.outcome(outcome), for: id)
    case .status(let revision):
      let tells = state.withLock { state in
        guard state.revision <= revision else { return true }
        state.waiting.append((connection, revision))
        return false
      }
      if tells, let status { connection.stream.send(ServiceMessage.status(status).json) }
    case .revoke(let origin):
      do throws(Failure) { done(try desk.withLock { $0 }?.revoke(origin) ?? false) } catch { done(false) }
      changed()
    case .allowFewTries(let origin):
      desk.withLock { $0 }?.allowFewTries(origin)
      done(true)
    case .reload:
      command(.reload)
      done(true)
    case .stop:
      done(true)
      command(.stop)
    }
  }
}

/// One of the holder's programs, connected.
final class ControlConnection: Sendable {
  let stream: ControlStream
  private let manager = Atomic(false)
  private let exchanges = Mutex<(last: Int, open: [Int: Exchange], isClosed: Bool)>((0, [:], false))

  init(_ stream: ControlStream) { self.stream = stream }

  var isManager: Bool { manager.load(ordering: .acquiring) }
  func becomeManager() { manager.store(true, ordering: .releasing) }

  /// Opens a question with a number of its own. - Returns: `nil` when the other end is gone.
  func begin() -> (id: Int, Exchange)? {
    exchanges.withLock { state in
      guard !state.isClosed else { return nil }
      state.last += 1
      let exchange = Exchange()
      state.open[state.last] = exchange
      return (state.last, exchange)
    }
  }

  func exchange(_ id: Int) -> Exchange? { exchanges.withLock { $0.open[id] } }

  func finish(_ id: Int) { exchanges.withLock { _ = $0.open.removeValue(forKey: id) } }

  func put(_ answer: ManagerAnswer, for id: Int) { exchanges.withLock { $0.open[id] }?.put(answer) }

  func close() {
    let open = exchanges.withLock { state in
      state.isClosed = true
      defer { state.open = [:] }
      return Array(state.open.values)
    }
    open.forEach { $0.close() }
  }
}

/// What a manager says to a question.
enum ManagerAnswer: Sendable, Equatable {
  case shown
  case granted(Permissions)
  case typed
  case ended(PromptEnd)
  case outcome(SignOutcome)
}

/// The answers to one question, waited for by the thread that asked.
final class Exchange: @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  enum Next: Equatable {
    case answer(ManagerAnswer)
    /// The manager is gone.
    case closed
    case late
  }

  private let condition = Condition()
  private var answers: [ManagerAnswer] = []
  private var isClosed = false

  func put(_ answer: ManagerAnswer) {
    condition.withLock {
      // A manager has little to say to one question.
      if answers.count < 8 { answers.append(answer) }
      condition.broadcast()
    }
  }

  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  func next(within limit: Duration) -> Next {
    let deadline = Instant.now + limit
    return condition.withLock {
      while answers.isEmpty {
        if isClosed { return .closed }
        if !condition.wait(until: deadline), answers.isEmpty { return isClosed ? .closed : .late }
      }
      return .answer(answers.removeFirst())
    }
  }
}
