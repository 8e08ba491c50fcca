import NIOCore
internal import Synchronization

/// The connections of all visitors, counted. Those that nobody waits for an answer on give way to newcomers, the oldest first:
/// who opens thousands of them keeps nobody else out, and descriptors never run out.
final class Connections: Sendable {
  /// Descriptors that the process needs beside visitors: the database's, each thread's, the outbox.
  static func limit(descriptors: Int, threads: Int) -> Int { max(16, descriptors - 128 - 8 * threads) }

  private struct State {
    var count = 0
    var turn = 0
    /// Those on which nobody waits for an answer.
    var idle: [ObjectIdentifier: (turn: Int, channel: any Channel)] = [:]
    /// In the order in which they came; those that have left or are served meanwhile are passed over.
    var order: [(turn: Int, id: ObjectIdentifier)] = []
    var first = 0

    mutating func rest(_ channel: any Channel) {
      let id = ObjectIdentifier(channel)
      turn += 1
      idle[id] = (turn, channel)
      order.append((turn, id))
      guard order.count > 2 * idle.count + 64 else { return }
      order = order[first...].filter { idle[$0.id]?.turn == $0.turn }
      first = 0
    }

    mutating func takeOldest() -> (any Channel)? {
      while first < order.count {
        let (turn, id) = order[first]
        first += 1
        if let found = idle[id], found.turn == turn { return idle.removeValue(forKey: id)?.channel }
      }
      return nil
    }
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.count } }

  func opened(_ channel: any Channel) {
    let leaving: (any Channel)? = state.withLock { state in
      state.count += 1
      state.rest(channel)
      return state.count > limit ? state.takeOldest() : nil
    }
    leaving?.close(promise: nil)
  }

  /// A request has begun to come in.
  func isServed(_ channel: any Channel) { state.withLock { $0.idle[ObjectIdentifier(channel)] = nil } }

  /// It was answered.
  func rests(_ channel: any Channel) { state.withLock { $0.rest(channel) } }

  func closed(_ channel: any Channel) {
    state.withLock { state in
      state.count -= 1
      state.idle[ObjectIdentifier(channel)] = nil
    }
  }
}

/// Gives each connection its time: for the handshake and the head of a request, for the rest of it and its answer, and again for
/// the next. Bytes that drip in prolong nothing.
final class Patience: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = Any
  typealias OutboundIn = Any

  struct Limits: Sendable {
    /// Until a request's head is there.
    var head = TimeAmount.seconds(30)
    /// From there to the beginning of its answer.
    var rest = TimeAmount.seconds(60)
  }

  private let limits: Limits
  private let connections: Connections
  private var deadline: Scheduled<Void>?
  private var isServing = false
  private var isCounted = false

  init(_ connections: Connections, _ limits: Limits = Limits()) {
    self.connections = connections
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard !isCounted else { return }
    isCounted = true
    wait(limits.head, context)
    connections.opened(context.channel)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    deadline?.cancel()
    if isCounted { connections.closed(context.channel) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isServing {
      isServing = true
      connections.isServed(context.channel)
      wait(limits.rest, context)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isServing {
      isServing = false
      connections.rests(context.channel)
    }
    wait(limits.head, context)
    context.write(data, promise: promise)
  }

  private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }
}
