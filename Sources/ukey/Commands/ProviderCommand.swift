import ArgumentParser
import Base
import Failures
import StrictJSON
import TokenKit
import Wording

/// `ukey provider`: the vendor libraries, for support.
struct ProviderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "List vendor libraries (SKF, PKCS#11) and look at one closely.",
    subcommands: [List.self, Test.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "The libraries that are used by default, the plugged-in keys they are for, and p11-kit's modules. Loads nothing."
    )

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("device-root"), help: .hidden)
    var deviceRoot = ""

    func run() throws {
      let list = ProviderList(root: deviceRoot, language: common.language)
      Output.line(common.json ? list.json.text : list.text)
      if !common.json { list.mistakes.forEach { Output.note(Symbol.error.before(displaySafe($0))) } }
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Load a library in a process of its own; show what it is, its ABI, its devices and the time per call.",
      discussion: "Asks no PIN and changes nothing. Exit code: 0, or 10 when it cannot be loaded or a call failed.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "skf:PATH, pkcs11:PATH, or a path alone: both interfaces are then tried.")
    var library: String

    func run() throws {
      let inspection: LibraryInspection
      let elapsed = ElapsedLine(common.language)
      do throws(Failure) {
        inspection = try inspect()
        elapsed.end()
      } catch {
        elapsed.end()
        throw common.fail(error)
      }
      if common.json { Output.line(json(inspection).text) } else { printText(inspection) }
      if inspection.timings.contains(where: { $0.failure != nil }) { throw ExitCode(ProgramExit.serviceFault.rawValue) }
    }

    private func inspect() throws(Failure) -> LibraryInspection {
      let catalog = LibraryCatalog()
      if let file = catalog.library(library) { return try LibraryInspection.run(file) }
      guard let skf = catalog.library("skf:" + library), let module = catalog.library("pkcs11:" + library) else {
        throw Failure(.libraryNotLoaded, context: library)
      }
      do throws(Failure) {
        return try LibraryInspection.run(skf)
      } catch {
        guard error.context?.hasPrefix("no SKF_ symbols") == true else { throw error }
        do throws(Failure) {
          return try LibraryInspection.run(module)
        } catch {
          guard error.context?.hasPrefix("no C_GetFunctionList") == true else { throw error }
          // Neither interface, and both are said.
          throw Failure(
            error.code, function: error.function, number: error.number,
            context: "no SKF_ symbols, " + (error.context ?? ""), causes: error.causes)
        }
      }
    }

    private func json(_ inspection: LibraryInspection) -> JSONValue {
      .object([
        ("schema", "ukey.provider-test/1"), ("time", documentTime()),
        ("provider", .string(inspection.library.provider)),
        ("machine", .string(inspection.machine)), ("exports", .array(inspection.exports.map { .string($0) })),
        ("missing", .array(inspection.missing.map { .string($0) })), ("sandbox", sandbox(inspection)),
        ("tableOnly", .bool(inspection.isTableOnly)), ("unlocksRemotely", .bool(inspection.unlocksRemotely)),
        ("abi", .array(inspection.abi.map { .string($0) })),
        (
          "devices",
          .array(
            inspection.devices.map {
              .object([("name", .string($0.name)), ("details", .array($0.details.map { .string($0) }))])
            })
        ),
        (
          "calls",
          .array(
            inspection.timings.map { timing in
              .object([
                ("function", .string(timing.function)), ("microseconds", .int(timing.microseconds)),
                ("error", timing.failure.map { FailureReport(failure: $0, language: common.language).inner }),
              ])
            })
        ),
        ("printed", .string(inspection.printed)),
      ])
    }

    private func sandbox(_ inspection: LibraryInspection) -> JSONValue {
      let mode = inspection.library.sandbox
      func names(_ parts: Confinement) -> JSONValue {
        .array(Confinement.parts.filter { parts.contains($0.part) }.map { .string($0.name) })
      }
      return .object([
        ("mode", .string(mode.rawValue)), ("inForce", names(inspection.confinement)),
        ("missing", names(Confinement.wanted(mode).subtracting(inspection.confinement))),
      ])
    }

    private func printText(_ inspection: LibraryInspection) {
      let words = ProviderWords[common.language]
      func line(_ label: String, _ text: String) {
        Output.line(label + String(repeating: " ", count: max(2, 10 - textWidth(label))) + text)
      }
      Output.line(displaySafe(inspection.library.provider) + "  " + inspection.machine)
      let table = inspection.isTableOnly ? "  (SKF_GetFuncList)" : ""
      line(words.exports, inspection.exports.map { displaySafe($0) }.joined(separator: " ") + table)
      if !inspection.missing.isEmpty { line(words.missing, inspection.missing.joined(separator: " ")) }
      line(words.unlocking, inspection.unlocksRemotely ? words.unlocksRemotely : words.unlocksAtDesk)
      line(words.sandbox, words.confinement(inspection.library.sandbox, inspection.confinement))
      line(words.abi, inspection.abi.joined(separator: " · "))
      for device in inspection.devices {
        let details = device.details.map { displaySafe($0) }.joined(separator: " · ")
        line(words.device, displaySafe(device.name) + "  " + details)
      }
      if inspection.devices.isEmpty { line(words.device, words.noDevice) }
      for timing in inspection.timings {
        let end = timing.failure.map { "  " + Symbol.error.before($0.line(common.language)) } ?? ""
        line("\(timing.microseconds) µs", timing.function + end)
      }
      let lines = inspection.printed.split(separator: "\n").suffix(10)
      for text in lines { line(words.printed, displaySafe(String(text.prefix(200)))) }
    }
  }
}
