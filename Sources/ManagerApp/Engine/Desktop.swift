import Base
import Failures
import Glibc
import Wording

/// The programs of the desktop that this terminal is on, where there are such.
enum Desktop {
  private static func has(_ variable: String) -> Bool { getenv(variable).map { $0.pointee != 0 } ?? false }

  /// Whether a file can be shown: there is a desktop, and it has the program that knows how.
  static var canOpen: Bool { (has("DISPLAY") || has("WAYLAND_DISPLAY")) && isThere("xdg-open") }

  /// Whether a form can be printed: it is a page, which the printing system itself does not understand.
  static var canPrint: Bool { isThere("lp") && converter != nil }

  /// What makes a page that printers take of the form, with the words around the two names.
  private static var converter: (program: String, arguments: (_ page: String, _ paper: String) -> [String])? {
    if isThere("weasyprint") { return ("weasyprint", { ["weasyprint", $0, $1] }) }
    if isThere("wkhtmltopdf") { return ("wkhtmltopdf", { ["wkhtmltopdf", "--quiet", $0, $1] }) }
    for browser in ["chromium", "google-chrome", "chromium-browser"] where isThere(browser) {
      return (
        browser,
        {
          [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=" + $1, "file://" + $0]
        }
      )
    }
    return nil
  }

  private static func isThere(_ program: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access($0 + "/" + program, X_OK) == 0 }
  }

  /// - Parameter path: absolute, so that it is no option.
  static func open(_ path: String) -> FileReply {
    run(["xdg-open", path], limit: .seconds(20)) ? .opened : .failed(.open)
  }

  static func print(_ path: String) -> FileReply {
    guard let converter else { return .failed(.print) }
    // In a folder of our own that nobody else may enter: the form has a name, a number and an address on it. In /tmp, which a
    // restart empties: a home may be a server's, and what a killed program leaves behind would stay there.
    var template = Array("/tmp/ukey-print-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return .failed(.print) }
    let folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    let paper = folder + "/form.pdf"
    defer {
      unlink(paper)
      rmdir(folder)
    }
    let isPrinted =
      run(converter.arguments(path, paper), limit: .seconds(60)) && run(["lp", "--", paper], limit: .seconds(20))
    return isPrinted ? .printed : .failed(.print)
  }

  private static func run(_ arguments: [String], limit: Duration) -> Bool {
    var program = Program(arguments)
    program.hasOwnSession = true
    return program.run(giving: [], limit: limit) == .exited(0)
  }
}

/// What became of a file that the desktop was given.
enum FileReply: Sendable, Equatable {
  enum What: Sendable { case open, print }
  case opened
  case printed
  case failed(What)

  /// Says so. - Returns: nothing that would have to be done.
  func told(_ world: inout World) -> [Effect] {
    let words = UnlockWords[world.language]
    switch self {
    case .opened: world.say(Grade.ok.symbol + " " + words.opened, .ok)
    case .printed: world.say(Grade.ok.symbol + " " + words.printed, .ok)
    case .failed(.open): world.say(Grade.warning.symbol + " " + words.notOpened, .warning)
    case .failed(.print): world.say(Grade.warning.symbol + " " + words.notPrinted, .warning)
    }
    return []
  }
}
