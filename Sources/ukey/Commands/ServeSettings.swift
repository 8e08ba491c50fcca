import ArgumentParser
import Failures
import Glibc
import KeyService
import LoginToken
import StrictJSON
import Wording

extension ServeCommand {
  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Switch an interface on: another vendor's protocol, on its ports.")

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("szca-soap, szca-socket, mtoken, xtx or ukey.", valueName: "name"))
    var name: String

    func validate() throws { try InterfaceSwitch.check(name) }

    func run() throws { try InterfaceSwitch(name: name, isOn: true, common: common).run() }
  }

  struct Disable: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Switch an interface off; its ports are closed.")

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("szca-soap, szca-socket, mtoken, xtx or ukey.", valueName: "name"))
    var name: String

    func validate() throws { try InterfaceSwitch.check(name) }

    func run() throws { try InterfaceSwitch(name: name, isOn: false, common: common).run() }
  }

  struct Origins: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the sites that were allowed, or take back what one may.",
      subcommands: [List.self, Revoke.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(abstract: "The sites that were allowed and what each may.")

      @OptionGroup var common: CommonOptions

      func run() throws {
        let grants: [Grant]
        do throws(Failure) {
          grants = try GrantBook(path: ServiceFiles().grants).all
        } catch {
          throw common.fail(error)
        }
        if common.json {
          Output.line(
            JSONValue.object([("schema", "ukey.serve-origins/1"), ("origins", .array(grants.map(\.document)))]).text)
        } else if grants.isEmpty {
          Output.line("  " + Symbol.skipped.before(ServiceWords[common.language].noSites))
        } else {
          Output.line(grants.map { ServiceReport.line($0, common.language) }.joined(separator: "\n"))
        }
      }
    }

    struct Revoke: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Take back all that a site may; it is asked about anew when it comes again.")

      @OptionGroup var common: CommonOptions

      @Argument(help: ArgumentHelp("As listed: https://portal.example", valueName: "origin"))
      var origin: String

      func validate() throws {
        guard WebOrigin(origin) != nil else { throw ValidationError("ORIGIN takes https://HOST[:PORT]") }
      }

      func run() throws {
        guard let site = WebOrigin(origin) else { return }
        let isRevoked: Bool
        do throws(Failure) {
          let files = ServiceFiles()
          if let running = try? ControlClient(files) {
            // It ends what the site has open, too.
            isRevoked = try running.carryOut(.revoke(site))
          } else {
            isRevoked = try GrantBook(path: files.grants).revoke(site)
          }
        } catch {
          throw common.fail(error)
        }
        let words = ServiceWords[common.language]
        if common.json {
          Output.line(
            JSONValue.object([
              ("schema", "ukey.serve-origins/1"), ("origin", .string(site.description)), ("revoked", .bool(isRevoked)),
            ]).text)
        } else {
          Output.line(
            isRevoked
              ? Symbol.ok.before(words.revoked(site.shown)) : Symbol.skipped.before(words.notGranted(site.shown)))
        }
      }
    }
  }

  struct TTY: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tty", abstract: "Have PINs for web pages asked on this terminal.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      guard isatty(STDIN_FILENO) == 1, let path = ttyname(STDIN_FILENO).map({ String(cString: $0) }) else {
        throw common.fail(Failure(.terminalUnsuitable, context: "stdin"))
      }
      let kind = getenv("TERM").map { String(cString: $0) } ?? ""
      guard (1...64).contains(kind.utf8.count), kind.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw common.fail(Failure(.terminalUnsuitable, context: "TERM"))
      }
      do throws(Failure) {
        try RegisteredTerminal(path: path, kind: kind).write(ServiceFiles())
      } catch {
        throw common.fail(error)
      }
      if common.json {
        Output.line(
          JSONValue.object([("schema", "ukey.serve-tty/1"), ("terminal", .string(path)), ("term", .string(kind))]).text)
      } else {
        let words = ServiceWords[common.language]
        Output.line(Symbol.ok.before(words.registered(displaySafe(path))) + "\n  " + words.manyPrompts)
      }
    }
  }
}

/// One interface switched on or off, in the file and in the service that runs.
private struct InterfaceSwitch {
  var name: String
  var isOn: Bool
  var common: CommonOptions

  static func check(_ name: String) throws {
    guard Adapters.names.contains(name) else {
      throw ValidationError("NAME takes one of: " + Adapters.names.joined(separator: ", "))
    }
  }

  func run() throws {
    let files = ServiceFiles()
    let (enabled, isRunning): ([String], Bool)
    do throws(Failure) {
      var choice = try AdapterChoice(path: files.adapters)
      choice.enabled = Adapters.names.filter { $0 == name ? isOn : choice.enabled.contains($0) }
      try files.make()
      try choice.write(files.adapters)
      enabled = choice.enabled
      let running = try? ControlClient(files)
      isRunning = try running?.carryOut(.reload) ?? false
    } catch {
      throw common.fail(error)
    }
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.serve-interfaces/1"), ("enabled", .array(enabled.map { .string($0) })),
          ("running", .bool(isRunning)),
        ]).text)
    } else {
      let words = ServiceWords[common.language]
      Output.line(Symbol.ok.before(isOn ? words.enabled(name) : words.disabled(name)))
      if !isRunning { Output.line("  " + words.nextStart) }
    }
  }
}
