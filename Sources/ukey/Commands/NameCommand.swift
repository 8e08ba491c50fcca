import ArgumentParser
import Failures
import StrictJSON
import TokenKit
import Wording

/// `ukey name`: the user's own names for keys.
struct NameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "name", abstract: "Give a key a name of your own, take it away, or list the names.",
    discussion: """
      The name is kept on this computer, by the key's serial number; nothing is written to the key. It is shown with the key, \
      and --key takes it.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Argument(help: "The name; without it the names are listed.")
  var name: String?

  @Flag(help: "Take the name away.")
  var remove = false

  @Option(
    help: ArgumentHelp("The whole serial number of a key that need not be plugged in.", valueName: "serial"))
  var serial: String?

  func validate() throws {
    if let name {
      if remove { throw ValidationError("--remove takes no name") }
      guard KeyNames.isName(name) else { throw ValidationError("NAME takes 1 to 40 characters that show") }
    }
    if serial != nil, name == nil, !remove { throw ValidationError("--serial takes a name, or --remove") }
  }

  func run() throws {
    do throws(Failure) {
      if name == nil, !remove { try list() } else { try write() }
    } catch {
      throw common.fail(error)
    }
  }

  private func list() throws(Failure) {
    let names = try KeyNames.load()
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.name/1"), ("time", documentTime()), ("file", KeyNames.file.map { .string($0) }),
          (
            "names",
            .array(names.all.map { .object([("serial", .string($0.serial)), ("name", .string($0.name))]) })
          ),
        ]).text)
      return
    }
    if names.all.isEmpty { Output.note(NameWords[common.language].none) }
    for (serial, name) in names.all { Output.line(displaySafe(serial) + "  " + name) }
  }

  private func write() throws(Failure) {
    let reference = try reference()
    guard let number = reference.serial, !number.isEmpty else { throw Failure(.notSupported, context: "serial") }
    let isChanged = try KeyNames.write(name, for: number)
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.name/1"), ("time", documentTime()), ("file", KeyNames.file.map { .string($0) }),
          ("key", reference.json), ("changed", .bool(isChanged)),
        ]).text)
      return
    }
    let words = NameWords[common.language]
    let shown = displaySafe(number)
    if let name {
      Output.line(Symbol.ok.before(words.named(shown, name)))
    } else {
      Output.line(isChanged ? Symbol.ok.before(words.removed(shown)) : Symbol.skipped.before(words.hadNone(shown)))
    }
  }

  private func reference() throws(Failure) -> KeyReference {
    if let serial { return KeyReference(serial: serial) }
    return KeyReference(try OneKey.find(keys.selection, .userPIN).snapshot)
  }
}
