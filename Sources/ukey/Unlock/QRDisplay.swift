import Base
import Glibc
import UnlockKit
import Wording

/// A line as a QR code on the terminal, or as it is where there is no room.
struct QRDisplay {
  var language: Language
  /// `nil`: on a terminal only.
  var isWanted: Bool?

  func show(_ text: String) {
    guard isWanted ?? (isatty(STDOUT_FILENO) == 1) else { return }
    let words = UnlockCommandWords[language]
    let size = terminalSize(STDOUT_FILENO)
    let isTerminal = size != nil
    if let code = QRCode(text), size.map({ code.cells.width <= $0.columns && code.cells.height < $0.rows }) ?? true {
      Output.line(words.scan)
      // A terminal's theme is not known: with colours of its own the code is right in light and dark ones.
      let hasColour = isTerminal && getenv("NO_COLOR") == nil && getenv("TERM").map { String(cString: $0) } != "dumb"
      Output.line((hasColour ? code.colouredHalfBlocks() : code.halfBlocks()).joined(separator: "\n"))
    } else {
      Output.line(words.noRoomForQR)
      Output.line(text)
    }
  }
}
