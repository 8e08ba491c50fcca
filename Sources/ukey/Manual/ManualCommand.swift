import ArgumentParser
import Base
import Failures
import Glibc
import Wording

/// `ukey manual FOLDER`: the manual pages of every command, as `make install` wants them (`man1`, `zh_CN/man1`). Hidden:
/// people read `man ukey`.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Write the manual pages of every command.", shouldDisplay: false)

  @OptionGroup var common: CommonOptions

  @Argument(help: .hidden)
  var folder: String

  func run() throws {
    do throws(Failure) {
      for language in Language.allCases { try write(language) }
    } catch {
      throw common.fail(error)
    }
  }

  private func write(_ language: Language) throws(Failure) {
    var path = absolutePath(folder)
    for part in [""] + ManualWords[language].folders.map({ "/" + $0 }) {
      path += part
      if mkdir(path, 0o755) != 0, errno != EEXIST {
        throw Failure(.fileWrite, function: "mkdir", number: .errno(errno), context: displaySafe(path))
      }
    }
    let output = try Failure.mapping(.fileWrite, try OutputFolder(path))
    for page in ManualPage.all(language) {
      switch output.write(Array(page.roff.utf8), name: page.file, overwrite: true, mode: 0o644, durable: false) {
      case .written: continue
      case .exists: throw Failure(.fileExists, context: displaySafe(path + "/" + page.file))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
    }
  }
}
