import Failures
import Glibc
import Wording

/// Asks for one line of ordinary text on the terminal, with echo.
enum LinePrompt {
  /// - Returns: the line without its line feed, `nil` without a terminal or at end of input.
  static func ask(_ prompt: String) -> String? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    let bytes = Array(prompt.utf8)
    _ = write(terminal, bytes, bytes.count)
    return line(terminal)
  }

  /// One line of at most 4096 bytes from a descriptor, as much as a terminal takes in one; `nil` at the end of input.
  static func line(_ descriptor: Int32) -> String? {
    var line: [UInt8] = []
    while line.count < 4096 {
      var byte: UInt8 = 0
      let count = read(descriptor, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      if count != 1 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == 0x0A { break }
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// Whether the answer is yes.
  static func confirms(_ prompt: String) -> Bool {
    guard let answer = ask(prompt) else { return false }
    return Answer.isYes(answer)
  }
}
