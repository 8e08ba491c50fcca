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
    var isCut = false
    return try read(fd: fd, isCut: &isCut)
  }

  private static func read(fd: Int32, isCut: inout Bool) throws(Failure) -> PIN {
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
      if pin.append(byte) {
        last = byte
      } else if byte != 0x0D {
        isCut = true
      }
    }
    if last == 0x0D { pin.removeLast() }
    return pin
  }

  /// As ``read(fd:)``, for a secret that no key will judge by its length.
  ///
  /// - Throws: also `UK-403` when it has more than ``PIN/capacity`` bytes, of which only the first would count.
  static func readSecret(fd: Int32) throws(Failure) -> PIN {
    var isCut = false
    let secret = try read(fd: fd, isCut: &isCut)
    if isCut { throw Failure(.pinRule, context: PINRule.tooLong(maximum: PIN.capacity).name) }
    return secret
  }

  /// Asks on the terminal. Backspace works, Ctrl-U starts over; each character shows as a star.
  ///
  /// - Throws: `UK-411` without a terminal, `UK-902` on Ctrl-C, Ctrl-D on an empty line or Esc; stopped by Ctrl-Z.
  static func ask(_ prompt: String, on terminal: borrowing QuietTerminal) throws(PromptEnd) -> PIN {
    defer { terminal.write("\n") }
    terminal.write(prompt + " ")
    var pin: PIN
    do throws(Failure) { pin = try PIN() } catch { throw .failure(error) }
    while true {
      switch terminal.next() {
      case .ending(let number): throw .ending(number)
      case .stopped: throw .stopped
      case .lost(let number): throw .failure(Failure(.pinNotGiven, function: "pselect", number: .errno(number)))
      case .byte(let byte):
        switch byte {
        case 0x0A, 0x0D: return pin
        case 0x03: throw .failure(Failure(.cancelled))
        case 0x1B:
          // Arrow keys and the like begin with the same byte; either way it is not a PIN that is being typed.
          throw .failure(Failure(.cancelled))
        case 0x04:
          if pin.isEmpty { throw .failure(Failure(.cancelled)) }
        case 0x1A: throw .stopped
        case 0x08, 0x7F:
          if !pin.isEmpty {
            pin.removeLast()
            terminal.write("\u{8} \u{8}")
          }
        case 0x15:
          terminal.write(String(repeating: "\u{8} \u{8}", count: pin.characterCount))
          pin.wipe()
        default:
          let before = pin.characterCount
          if byte >= 0x20, pin.append(byte), pin.characterCount > before { terminal.write("*") }
        }
      }
    }
  }

  /// Asks for a word to be typed, which is shown. - Returns: whether it was that word.
  ///
  /// - Throws: as ``ask(_:on:)``.
  static func confirm(
    _ prompt: String, word: String, on terminal: borrowing QuietTerminal
  ) throws(PromptEnd) -> Bool {
    defer { terminal.write("\n") }
    terminal.write(prompt)
    var line: [UInt8] = []
    while true {
      switch terminal.next() {
      case .ending(let number): throw .ending(number)
      case .stopped: throw .stopped
      case .lost(let number): throw .failure(Failure(.pinNotGiven, function: "pselect", number: .errno(number)))
      case .byte(let byte):
        switch byte {
        case 0x0A, 0x0D: return String(decoding: line, as: UTF8.self).trimmed.lowercased() == word
        case 0x03, 0x1B: throw .failure(Failure(.cancelled))
        case 0x04:
          if line.isEmpty { throw .failure(Failure(.cancelled)) }
        case 0x1A: throw .stopped
        case 0x08, 0x7F:
          guard let last = line.last else { continue }
          while let byte = line.popLast(), byte & 0xC0 == 0x80 {}
          // What is not ASCII here is Chinese and two cells wide.
          terminal.write(last < 0x80 ? "\u{8} \u{8}" : "\u{8}\u{8}  \u{8}\u{8}")
        default:
          guard byte >= 0x20, line.count < 256 else { continue }
          line.append(byte)
          // Whole characters only: a terminal may not put together what comes in pieces.
          if let text = lastScalar(line) { terminal.write(text) }
        }
      }
    }
  }

  /// The last character of `line`, once all its bytes are there.
  private static func lastScalar(_ line: [UInt8]) -> String? {
    guard let start = line.lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return nil }
    return String(validating: line[start...], as: UTF8.self)
  }

  /// Runs a dialogue on the terminal, from the beginning again after every stop (Ctrl-Z): nothing of what was typed
  /// outlives the stop.
  static func dialogue<Answer: ~Copyable>(
    _ body: (borrowing QuietTerminal) throws(PromptEnd) -> Answer
  ) throws(Failure) -> Answer {
    while true {
      do throws(PromptEnd) {
        return try body(try open())
      } catch {
        try error.obey()
      }
    }
  }

  private static func open() throws(PromptEnd) -> QuietTerminal {
    do throws(Failure) {
      return try QuietTerminal()
    } catch {
      throw .failure(error)
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    let characters = drop { $0.isWhitespace }
    return String(characters.reversed().drop { $0.isWhitespace }.reversed())
  }
}
