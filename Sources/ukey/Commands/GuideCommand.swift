import ArgumentParser
import Base
import Glibc
import StrictJSON
import Wording

extension Guide: ExpressibleByArgument {}

/// `ukey guide`: the pages that serve its users, out of the program itself.
struct GuideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guide",
    abstract: "Print the page for holders, the handbook for support, or how to deploy to many computers.")

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Which page.", valueName: "page"))
  var guide = Guide.holder

  @Flag(help: "As one HTML file to print on A4 paper.")
  var html = false

  func run() throws {
    let page = guide.page(common.language)
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.guide/1"), ("page", .string(guide.rawValue)),
          ("language", .string(common.language.rawValue)),
          ("markdown", .string(page.markdown)),
        ]).text)
    } else if html {
      Output.bytes(Array(page.html(common.language).utf8))
    } else {
      Output.line(page.plain(width: Self.width))
    }
  }

  /// The terminal's width, at most what is read with ease; 80 where there is none.
  private static var width: Int {
    guard let columns = terminalSize(STDOUT_FILENO)?.columns, columns >= 20 else { return 80 }
    return min(columns, 100)
  }
}
