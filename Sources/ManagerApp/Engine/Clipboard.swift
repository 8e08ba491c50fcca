import Base
import Glibc

/// The clipboard of the desktop that this terminal is on, through the tool for it.
enum Clipboard {
  private static func has(_ variable: String) -> Bool { getenv(variable).map { $0.pointee != 0 } ?? false }

  /// The terminal's own clipboard is at the other end of a connection.
  static var isRemote: Bool { has("SSH_CONNECTION") || has("SSH_TTY") }

  /// Tools for the desktop, in the order in which they are tried.
  private static var tools: [[String]] {
    if isRemote { return [] }
    return (has("WAYLAND_DISPLAY") ? [["wl-copy"]] : [])
      + (has("DISPLAY") ? [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]] : [])
  }

  /// There is a desktop whose clipboard can be written.
  static var isThere: Bool { !tools.isEmpty }

  /// Gives the text to the first tool that is there. The terminal was told too; where there is no tool that is all.
  ///
  /// The tools go on in the background as long as the selection is theirs; the process that was started ends at once.
  static func copy(_ text: String) {
    for tool in tools {
      var program = Program(tool)
      program.hasOwnSession = true
      if program.run(giving: Array(text.utf8), limit: .seconds(2)) == .exited(0) { return }
    }
  }
}
