import Base
package import Failures
import Glibc

/// A terminal, or a pipe, that is only ever written on at its end: for screen readers, braille displays, terminals that
/// cannot place the cursor, and scripts. Lines go out, lines come in; no cursor is moved and no colour set.
///
/// There is one at a time, in place of a ``Terminal``; like that one it is given back on every way out.
package final class LineTerminal {
  /// What is asked for, and with it whether what is typed is shown.
  package enum Asking: Sendable, Equatable {
    /// Nothing: what is typed meanwhile waits.
    case nothing
    case text
    /// Not shown.
    case secret
  }

  let signals: Signals
  private(set) var capture: ErrorCapture?
  var decoder = KeyDecoder()
  private(set) var asking = Asking.nothing
  /// Nobody reads what is written any more.
  private(set) var isLost = false

  private let charset: Charset
  /// Modes of the terminal on standard input before; `nil`: it is no terminal.
  private let saved: termios?
  private var isOpen = true
  /// A question stands on the last line.
  private var isMidLine = false
  /// There will be no further answer.
  private(set) var isInputOver = false

  /// - Parameter charset: from ``Charset/fromEnvironment()``, called before.
  /// - Throws: `UK-999` when the process has no descriptors left.
  package init(charset: Charset) throws(Failure) {
    self.charset = charset
    let pipe = try Failure.mapping(.internalError, try WakePipe())
    var modes = termios()
    saved = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &modes) == 0 ? modes : nil
    if saved != nil {
      emergency.pointee.textCount = 0
      emergency.pointee.saved = modes
      emergency.pointee.terminal = STDIN_FILENO
      emergency.pointee.isArmed = true
    }
    signals = Signals(pipe)
    capture = ErrorCapture()
    setModes(TCSADRAIN)
  }

  deinit { close() }

  /// Gives the terminal back. May be called more than once.
  package func close() {
    guard isOpen else { return }
    if isMidLine { put("\n") }
    isOpen = false
    // What was typed ahead was meant for this program, and may be part of a PIN.
    if var saved { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    emergency.pointee.isArmed = false
    capture?.absorb()
    capture?.detach()
  }

  /// What libraries printed on standard error meanwhile (the last 16 KiB).
  package var capturedErrors: String { capture?.text ?? "" }

  // MARK: Out

  /// Columns of the terminal on standard output; `nil` where none is told.
  package var columns: Int? { terminalSize(STDOUT_FILENO).map { max(10, $0.columns) } }

  /// Writes lines, folded between words where the width is known.
  package func write(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    var text = isMidLine ? "\n" : ""
    isMidLine = false
    let columns = columns
    for line in lines {
      for part in columns.map({ wrap(line, $0) }) ?? [line] { text += shown(part) + "\n" }
    }
    put(text)
  }

  /// Asks: the words stay on the line that is answered on.
  package func ask(_ words: String, _ asking: Asking) {
    let text = (isMidLine ? "\n" : "") + shown(words)
    self.asking = asking
    setModes(TCSADRAIN)
    put(text)
    isMidLine = true
  }

  /// The question has been answered, or is none any more.
  package func stopAsking() {
    asking = .nothing
    setModes(TCSADRAIN)
  }

  /// Forgets what was typed and not yet ended: the question that it was meant for is none any more.
  package func dropUnfinished() {
    if saved != nil { tcflush(STDIN_FILENO, TCIFLUSH) }
  }

  /// The end of an answer: the terminal has shown it only where it shows what is typed.
  func endLine() {
    if !isEchoing { put("\n") }
    isMidLine = false
  }

  private var isEchoing: Bool {
    asking == .text && saved.map { $0.c_lflag & tcflag_t(ECHO) != 0 } ?? false
  }

  /// Hostile scalars replaced, and in a locale without UTF-8 all that it lacks.
  private func shown(_ line: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      let scalar = Frame.shown(scalar)
      if charset == .utf8 || scalar.isASCII {
        view.append(scalar)
      } else {
        let width = textWidth(scalar)
        if width > 0 {
          view.append(
            contentsOf: transliterated(Cell(scalar: scalar, marks: [], width: UInt8(width), style: .normal)))
        }
      }
    }
    return String(view)
  }

  private func put(_ text: String) {
    guard isOpen, !isLost else { return }
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let rest = Array(bytes[start...])
      let count = Glibc.write(STDOUT_FILENO, rest, rest.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var ready = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, 1000)
        continue
      }
      guard count > 0 else {
        isLost = true
        return
      }
      start += count
    }
  }

  // MARK: In

  /// Reads once from standard input.
  func fill() {
    let length = decoder.fill(from: STDIN_FILENO)
    if length > 0 || (length < 0 && (errno == EINTR || errno == EAGAIN)) { return }
    isInputOver = true
  }

  /// The next key of an answer.
  func nextKey() -> Key? {
    guard asking != .nothing else { return nil }
    return decoder.next(flush: isInputOver)
  }

  /// Lines from the keyboard, the signals of Ctrl-C and Ctrl-Z; shown only while a text is asked for.
  private func setModes(_ when: Int32) {
    guard var modes = saved, isOpen else { return }
    modes.c_lflag |= tcflag_t(ICANON | ISIG)
    modes.c_iflag |= tcflag_t(ICRNL)
    if !isEchoing { modes.c_lflag &= ~tcflag_t(ECHO | ECHONL) }
    tcsetattr(STDIN_FILENO, when, &modes)
  }

  /// Another program had the terminal meanwhile.
  func comeBack() {
    setModes(TCSAFLUSH)
    isMidLine = false
  }

  /// Gives the terminal back, stops the process, and comes back when it is continued.
  func suspend() {
    if isMidLine { put("\n") }
    if var saved { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    emergency.pointee.isArmed = false
    capture?.detach()
    signals.stop(group: false)
    capture?.attach()
    emergency.pointee.isArmed = saved != nil
    comeBack()
  }
}
