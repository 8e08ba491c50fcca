import Failures
import Glibc
import TokenKit

/// Takes a PIN from the terminal without echo, or from a file descriptor. It goes byte by byte into locked memory; no
/// buffer of ours holds it.
enum PINPrompt {
  /// Reads one line from a descriptor: up to a line feed or the end. A carriage return before it is dropped.
  ///
  /// - Throws: `UK-411` when nothing can be read, `UK-440`.
  static func read(fd: Int32) throws(Failure) -> PIN {
    var pin = try PIN()
    var last: UInt8 = 0
    while true {
      var byte: UInt8 = 0
      let count = Glibc.read(fd, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw Failure(.pinNotGiven, function: "read", number: .errno(errno), context: "fd \(fd)")
      }
      if count == 0 || byte == 0x0A { break }
      // One that is too long is still read to its end, and then refused by its length.
      _ = pin.append(byte)
      last = byte
    }
    if last == 0x0D { pin.removeLast() }
    return pin
  }

  /// Asks on the terminal. Backspace works; each character shows as a dot.
  ///
  /// - Throws: `UK-411` without a terminal, `UK-902` on Ctrl-C, Ctrl-D on an empty line or Esc.
  static func ask(_ prompt: String) throws(Failure) -> PIN {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else {
      throw Failure(.pinNotGiven, function: "open", number: .errno(errno), context: "/dev/tty")
    }
    defer { close(terminal) }
    guard EchoOff.begin(terminal) else { throw Failure(.pinNotGiven, function: "tcsetattr", number: .errno(errno)) }
    defer {
      EchoOff.end()
      write("\n", to: terminal)
    }
    write(prompt + " ", to: terminal)
    var pin = try PIN()
    while true {
      var byte: UInt8 = 0
      let count = Glibc.read(terminal, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1 else { throw Failure(.pinNotGiven, function: "read", number: .errno(errno)) }
      switch byte {
      case 0x0A, 0x0D: return pin
      case 0x03, 0x1B: throw Failure(.cancelled)
      case 0x04:
        if pin.isEmpty { throw Failure(.cancelled) }
      case 0x08, 0x7F:
        if !pin.isEmpty {
          pin.removeLast()
          write("\u{8} \u{8}", to: terminal)
        }
      case 0x15:
        write(String(repeating: "\u{8} \u{8}", count: pin.characterCount), to: terminal)
        pin.wipe()
      default:
        let before = pin.characterCount
        if byte >= 0x20, pin.append(byte), pin.characterCount > before { write("*", to: terminal) }
      }
    }
  }

  /// Asks for a word to be typed, with echo. - Returns: whether it was that word.
  static func confirm(_ prompt: String, word: String) -> Bool {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    write(prompt, to: terminal)
    var line: [UInt8] = []
    while line.count < 256 {
      var byte: UInt8 = 0
      let count = Glibc.read(terminal, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1, byte != 0x0A else { break }
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self).trimmed.lowercased() == word
  }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}

extension String {
  fileprivate var trimmed: String {
    let characters = drop { $0.isWhitespace }
    return String(characters.reversed().drop { $0.isWhitespace }.reversed())
  }
}
