import Glibc

/// What the loop hears of.
package enum Input<Event: Sendable>: Sendable {
  case key(Key)
  case event(Event)
  case resized(Size)
  /// The program runs again after a stop (Ctrl-Z and `fg`): everything shown may be old.
  case resumed
  /// A signal (`kill -TSTP`) asks the program to stop; ``EventLoop/suspend(job:)`` does it.
  case stopping
  /// A signal asks the program to end.
  case ending(signal: Int32)
  /// The terminal is gone.
  case hangUp
}

/// Waits for keys, signals and posted events in one `poll` without a timeout: nothing wakes it when nothing happens.
///
/// Only after a lone Esc byte it waits for a moment, to tell the key from the beginning of a sequence.
package final class EventLoop<Event: Sendable> {
  package let mailbox: Mailbox<Event>
  private let terminal: Terminal
  private var ready: [Input<Event>] = []

  /// Milliseconds after which an Esc byte alone is the key.
  package static var escapeDelay: Int32 { 50 }

  /// Milliseconds that the rest of a sequence or character that has begun may take: nobody waits for that, and its bytes
  /// must not become keys of their own on a bad line.
  static var sequenceDelay: Int32 { 1000 }

  /// Milliseconds without a byte after which a paste is over whose end did not come.
  static var pasteLimit: Int32 { 1000 }

  package init(_ terminal: Terminal, _ mailbox: Mailbox<Event>) {
    self.terminal = terminal
    self.mailbox = mailbox
  }

  /// The next input; waits for it.
  package func next() -> Input<Event> {
    while true {
      if let input = takeReady() { return input }
      wait(forever: true)
    }
  }

  /// The next input that is there already.
  package func nextIfReady() -> Input<Event>? {
    if let input = takeReady() { return input }
    wait(forever: false)
    return takeReady()
  }

  private func takeReady() -> Input<Event>? {
    if !ready.isEmpty { return ready.removeFirst() }
    // One key at a time, straight from the locked block: what is typed is never queued.
    guard let key = terminal.decoder.next() else { return nil }
    return .key(key)
  }

  private func wait(forever: Bool) {
    var descriptors = [
      pollfd(fd: terminal.signals.pipe.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: mailbox.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: terminal.capture?.readEnd ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let isPending = terminal.decoder.isPending
    let isPasting = terminal.decoder.isPasting
    let rest = terminal.decoder.isLoneEscape ? EventLoop.escapeDelay : EventLoop.sequenceDelay
    let timeout: Int32 = !forever ? 0 : isPending ? rest : isPasting ? EventLoop.pasteLimit : -1
    let count = poll(&descriptors, nfds_t(descriptors.count), timeout)
    if count == 0, forever, isPending {
      if let key = terminal.decoder.next(flush: true) { ready.append(.key(key)) }
      return
    }
    if count == 0, forever, isPasting { terminal.decoder.endPaste() }
    guard count > 0 else { return }
    if descriptors[3].revents != 0 { terminal.capture?.absorb() }
    if descriptors[0].revents != 0 { takeSignals() }
    if descriptors[1].revents != 0 { ready += mailbox.take().map { .event($0) } }
    if descriptors[2].revents != 0 { takeBytes() }
  }

  private func takeBytes() {
    let length = terminal.decoder.fill(from: STDIN_FILENO)
    if length > 0 { return }
    if length < 0 && (errno == EINTR || errno == EAGAIN) { return }
    ready.append(.hangUp)
  }

  private func takeSignals() {
    let numbers = terminal.signals.take()
    // The size may have changed while we were stopped, so SIGCONT looks at it too.
    if numbers.contains(SIGTSTP) {
      ready.append(.stopping)
    } else if numbers.contains(SIGCONT) {
      terminal.redrawAll()
      ready.append(.resumed)
    }
    if numbers.contains(SIGWINCH) || numbers.contains(SIGCONT),
      let size = terminal.takeSize()
    {
      ready.append(.resized(size))
    }
    for number in numbers where [SIGTERM, SIGHUP, SIGINT, SIGQUIT].contains(number) {
      ready.append(.ending(signal: number))
    }
  }

  /// Leaves the screen and stops; the next inputs say that the program runs again. With `job` the whole job is
  /// stopped, as the terminal driver does for Ctrl-Z; without it this process alone.
  package func suspend(job: Bool) {
    terminal.suspend(group: job)
    ready.append(.resumed)
    if let size = terminal.takeSize() { ready.append(.resized(size)) }
  }
}
