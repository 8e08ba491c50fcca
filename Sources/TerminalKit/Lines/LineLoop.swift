import Glibc

/// What a loop over lines hears of.
package enum LineInput<Event: Sendable>: Sendable {
  /// Of the answer that is being given; ``Key/enter`` ends it.
  case key(Key)
  case event(Event)
  /// Ctrl-C.
  case interrupt
  /// The program is to stop; ``LineLoop/suspend()`` does it.
  case stopping
  /// The program runs again after a stop.
  case resumed
  case ending(signal: Int32)
  /// There will be no further answer; what was typed of the last one was one.
  case endOfInput
  /// Nobody reads what is written any more.
  case hangUp
}

/// Waits for answers, signals and posted events in one `poll` without a timeout, as ``EventLoop`` does for keys. Answers
/// are read only while something is asked, so that a script's next line stays the answer to the next question.
package final class LineLoop<Event: Sendable> {
  package let mailbox: Mailbox<Event>
  private let terminal: LineTerminal
  private var ready: [LineInput<Event>] = []

  package init(_ terminal: LineTerminal, _ mailbox: Mailbox<Event>) {
    self.terminal = terminal
    self.mailbox = mailbox
  }

  /// The next input; waits for it.
  package func next() -> LineInput<Event> {
    while true {
      if let input = takeReady() { return input }
      wait(forever: true)
    }
  }

  /// The next input that is there already.
  package func nextIfReady() -> LineInput<Event>? {
    if let input = takeReady() { return input }
    wait(forever: false)
    return takeReady()
  }

  private func takeReady() -> LineInput<Event>? {
    if terminal.isLost { return .hangUp }
    if !ready.isEmpty { return ready.removeFirst() }
    guard let key = terminal.nextKey() else {
      return terminal.isInputOver && terminal.asking != .nothing ? .endOfInput : nil
    }
    if key == .enter { terminal.endLine() }
    return .key(key)
  }

  private func wait(forever: Bool) {
    let input = terminal.asking == .nothing ? -1 : STDIN_FILENO
    var descriptors = [
      pollfd(fd: terminal.signals.pipe.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: mailbox.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: terminal.capture?.readEnd ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&descriptors, nfds_t(descriptors.count), forever ? -1 : 0) > 0 else { return }
    if descriptors[3].revents != 0 { terminal.capture?.absorb() }
    if descriptors[0].revents != 0 { takeSignals() }
    if descriptors[1].revents != 0 { ready += mailbox.take().map { .event($0) } }
    if descriptors[2].revents != 0 { terminal.fill() }
  }

  private func takeSignals() {
    let numbers = terminal.signals.take()
    if numbers.contains(SIGTSTP) {
      ready.append(.stopping)
    } else if numbers.contains(SIGCONT) {
      terminal.comeBack()
      ready.append(.resumed)
    }
    for number in numbers where [SIGTERM, SIGHUP, SIGQUIT].contains(number) { ready.append(.ending(signal: number)) }
    if numbers.contains(SIGINT) {
      // Heard: the next one is a first one again.
      emergency.pointee.endings = 0
      ready.append(.interrupt)
    }
  }

  /// Stops this process; the next input says that it runs again.
  package func suspend() {
    terminal.suspend()
    ready.append(.resumed)
  }
}
