import Base
internal import CNcurses
package import Failures
import Glibc

/// The terminal while it shows the manager. There is one at a time; it belongs to the thread that opened it.
///
/// Given back on every way out: ``close()``, `deinit`, `exit`, ending signals (which the loop reports), stop and
/// continue, and crashes (see `Emergency`).
package final class Terminal {
  package private(set) var size: Size
  package let charset: Charset
  let signals: Signals
  private(set) var capture: ErrorCapture?
  var decoder: KeyDecoder

  private let screen: OpaquePointer
  private let palette: Palette
  private let isMouse: Bool
  private var isOpen = true
  private var painted: Frame?

  /// Opens the screen.
  ///
  /// - Parameters:
  ///   - charset: from ``Charset/fromEnvironment()``, called before.
  ///   - theme: how the styles look where there is colour.
  ///   - mouse: reports clicks and the wheel; the terminal's own text selection then needs Shift.
  /// - Throws: `UK-601` when standard input or output is no terminal or `TERM` names none that can place the cursor.
  package init(
    charset: Charset, colour: ColourChoice = .auto, theme: Theme = .standard, mouse: Bool = false
  ) throws(Failure) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw Failure(.terminalUnsuitable, function: "isatty", number: .errno(errno))
    }
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    var saved = termios()
    tcgetattr(STDIN_FILENO, &saved)
    let pipe = try Failure.mapping(.internalError, try WakePipe())
    guard let screen = ukey_newterm() else {
      throw Failure(.terminalUnsuitable, function: "newterm", context: "TERM=" + name)
    }
    guard ukey_capability("cup") != nil else {
      endwin()
      delscreen(screen)
      throw Failure(.terminalUnsuitable, function: "cup", context: "TERM=" + name)
    }
    self.screen = screen
    self.charset = charset
    isMouse = mouse
    raw()
    noecho()
    nonl()
    _ = ukey_keypad()
    curs_set(0)
    palette = Palette(colour, theme)
    decoder = KeyDecoder(sequences: Terminal.sequences())
    Terminal.prepareEmergency(saved, mouse: mouse)
    signals = Signals(pipe)
    capture = ErrorCapture()
    size = Terminal.measure() ?? Size(width: 80, height: 24)
    resizeterm(Int32(size.height), Int32(size.width))
    enterModes()
  }

  deinit { close() }

  /// Gives the terminal back. May be called more than once.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    leaveModes()
    curs_set(1)
    endwin()
    emergency.pointee.isArmed = false
    capture?.absorb()
    capture?.detach()
    delscreen(screen)
  }

  /// What libraries printed on standard error while the screen was up (the last 16 KiB).
  package var capturedErrors: String { capture?.text ?? "" }

  /// Shows a frame: curses sends the difference to what is on the screen.
  package func paint(_ frame: Frame) {
    guard isOpen else { return }
    let old = painted?.size == frame.size ? painted : nil
    // Rows on which a secret stands, or stood: their characters are in no frame that could be compared.
    let secretRows = (frame.secrets + (old?.secrets ?? [])).map(\.origin.y)
    for y in 0..<min(frame.size.height, size.height) {
      let row = frame.cells[y * frame.size.width..<(y + 1) * frame.size.width]
      if let old, !secretRows.contains(y), old.cells[y * frame.size.width..<(y + 1) * frame.size.width] == row {
        continue
      }
      paintRow(Array(row), y)
    }
    for secret in frame.secrets { paint(secret) }
    if let cursor = frame.cursor {
      _ = ukey_move(Int32(clamping: cursor.y), Int32(clamping: cursor.x))
      curs_set(1)
    } else {
      curs_set(0)
    }
    _ = ukey_refresh()
    painted = frame
  }

  /// Makes the next ``paint(_:)`` send the whole screen, for example after another program wrote on it.
  package func redrawAll() {
    // After a stop the shell has set its own modes and may have left the alternate screen: enter anew.
    endwin()
    reset_prog_mode()
    ukey_redraw_all()
    _ = ukey_refresh()
    enterModes()
    painted = nil
  }

  /// Leaves the screen, stops the process (with `group` the whole job), and comes back when it is continued.
  func suspend(group: Bool) {
    leaveModes()
    curs_set(1)
    endwin()
    emergency.pointee.isArmed = false
    capture?.detach()
    signals.stop(group: group)
    capture?.attach()
    emergency.pointee.isArmed = true
    redrawAll()
  }

  /// The size when it changed since the last look, and curses told of it.
  func takeSize() -> Size? {
    guard let now = Terminal.measure(), now != size else { return nil }
    size = now
    resizeterm(Int32(now.height), Int32(now.width))
    painted = nil
    return now
  }

  /// Characters straight from where they are kept into the cells of the screen.
  private func paint(_ secret: ShownSecret) {
    let (x, y) = (secret.origin.x, secret.origin.y)
    let room = min(secret.width, size.width - x)
    guard x >= 0, y >= 0, y < size.height, room > 0 else { return }
    let look = palette.look(secret.style)
    secret.read { bytes in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: bytes.count + 1) { scalars in
        let count = Terminal.decode(bytes, into: scalars, room: room, isASCII: charset != .utf8)
        ukey_put(
          Int32(clamping: y), Int32(clamping: x), scalars.baseAddress, Int32(count), look.attributes, look.pair)
        if let base = scalars.baseAddress { explicit_bzero(base, scalars.count * MemoryLayout<Int32>.stride) }
      }
    }
  }

  /// UTF-8 as curses takes it, as many characters as have room. - Returns: how many.
  private static func decode(
    _ bytes: UnsafeRawBufferPointer, into scalars: UnsafeMutableBufferPointer<Int32>, room: Int, isASCII: Bool
  ) -> Int {
    scalars.initialize(repeating: 0)
    var decoder = UTF8()
    var input = bytes.makeIterator()
    var (count, used) = (0, 0)
    while count < scalars.count, case .scalarValue(let scalar) = decoder.decode(&input) {
      let shown = Frame.shown(scalar)
      let step = textWidth(shown)
      if step == 0 { continue }
      if used + step > room { break }
      scalars[count] = isASCII && !shown.isASCII ? 0x3F : Int32(bitPattern: shown.value)
      count += 1
      used += step
    }
    return count
  }

  private func paintRow(_ row: [Cell], _ y: Int) {
    var x = 0
    while x < row.count {
      let style = row[x].style
      let start = x
      var text: [Int32] = []
      while x < row.count, row[x].style == style {
        let cell = row[x]
        text += wide(cell)
        x += max(1, Int(cell.width))
      }
      let look = palette.look(style)
      ukey_put(Int32(clamping: y), Int32(clamping: start), text, Int32(text.count), look.attributes, look.pair)
    }
  }

  /// A cell as curses takes it. Where the C library does not agree on the width, which would shift the rest of the
  /// row, a stand-in of the right width is shown.
  private func wide(_ cell: Cell) -> [Int32] {
    if charset != .utf8 { return transliterated(cell).map { Int32(bitPattern: $0.value) } }
    let scalar = Int32(bitPattern: cell.scalar.value)
    guard cell.scalar.isASCII || ukey_width(scalar) == Int32(cell.width) else {
      return Array(repeating: 0x3F, count: Int(cell.width))
    }
    return [scalar] + cell.marks.map { Int32(bitPattern: $0.value) }.filter { ukey_width($0) == 0 }
  }

  /// Whether this kind of terminal takes a text into a clipboard (OSC 52), or passes over the request unseen.
  package var hasClipboard: Bool { Terminal.isLikeXterm }

  /// Knows the requests of xterm, or passes over them unseen.
  private static var isLikeXterm: Bool {
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    return !["linux", "vt", "dumb", "ansi", "cons"].contains { name.hasPrefix($0) }
  }

  /// Puts a text into the clipboard of the terminal, which may be at the other end of a connection (OSC 52).
  ///
  /// - Parameter encoded: the text in base64.
  package func copy(encoded: String) {
    guard isOpen, hasClipboard else { return }
    Terminal.send("\u{1B}]52;c;" + encoded + "\u{07}")
  }

  private func enterModes() {
    if isMouse { Terminal.send(Terminal.mouseOn) }
    if Terminal.isLikeXterm { Terminal.send(Terminal.pasteOn) }
  }

  private func leaveModes() {
    if isMouse { Terminal.send(Terminal.mouseOff) }
    if Terminal.isLikeXterm { Terminal.send(Terminal.pasteOff) }
  }

  // Bracketed paste: what is pasted comes between marks, so that a line break in it does not submit.
  private static let pasteOn = "\u{1B}[?2004h"
  private static let pasteOff = "\u{1B}[?2004l"
  private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"

  private static func send(_ text: String) {
    fflush(nil)
    let bytes = Array(text.utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }

  private static func measure() -> Size? {
    terminalSize(STDOUT_FILENO).map {
      Size(width: min($0.columns, Frame.limit), height: min($0.rows, Frame.limit))
    }
  }

  /// The bytes of a capability without the padding marks (`$<5>`) of terminfo(5).
  private static func capability(_ name: String) -> [UInt8] {
    guard let text = ukey_capability(name) else { return [] }
    let bytes = Array(String(cString: text).utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "<"),
        let end = bytes[index...].firstIndex(of: UInt8(ascii: ">"))
      {
        index = end + 1
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  private static func prepareEmergency(_ saved: termios, mouse: Bool) {
    var bytes = mouse ? Array(mouseOff.utf8) : []
    if isLikeXterm { bytes += Array(pasteOff.utf8) }
    for name in ["sgr0", "rmkx", "cnorm", "rmcup"] { bytes += capability(name) }
    bytes = Array((bytes + [0x0D]).prefix(emergencyTextCapacity))
    for (index, byte) in bytes.enumerated() { emergency.pointee.text[index] = byte }
    emergency.pointee.textCount = bytes.count
    emergency.pointee.saved = saved
    emergency.pointee.terminal = STDIN_FILENO
    emergency.pointee.isArmed = true
  }

  /// The keys of the terminal's own description.
  private static func sequences() -> [(bytes: [UInt8], key: Key)] {
    var names: [(String, Key)] = [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
      ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kich1", .insert), ("kcbt", .backTab),
    ]
    for number in 1...12 { names.append(("kf\(number)", .function(number))) }
    return names.map { (capability($0.0), $0.1) }.filter { $0.0.first == 0x1B }
  }
}
