import ArgumentParser
import UnlockKit

/// `ukey unlock request`.
struct UnlockRequestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Make a request for unlocking, renewal, replacement or change.",
    discussion: """
      Writes NAME.ukreq and, with --form, a form to print. No PIN is needed or written, and the key may be put away. When \
      the desk is ready: ukey unlock challenge; with --wait that follows at once.
      """)

  @Option(help: "What for: unlock, renew, reissue or change.")
  var kind: UnlockKind = .unlock

  @OptionGroup var request: RequestOptions

  func run() throws { try request.run(kind) }
}

/// `ukey renew`, `ukey reissue` and `ukey change`: the same for the other kinds of business, under the words that people
/// look for.
enum BusinessCommands {
  struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "renew", abstract: "Renew a certificate (续期): request it, bring the answer onto the key.",
      subcommands: [
        Request.self, RenewCommands.Apply.self, RenewCommands.Resume.self, RenewCommands.Status.self,
        RenewCommands.RemoveOld.self, RenewCommands.Forget.self,
      ],
      defaultSubcommand: Request.self)

    struct Request: ParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Make a request for renewal, with --form also the form to print.")

      @OptionGroup var request: RequestOptions
      @OptionGroup var onKey: OnKeyOptions

      func run() throws { try request.run(.renew, onKey: onKey) }
    }
  }

  struct Reissue: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reissue", abstract: "Ask for a new key in place of a damaged one (补办).",
      subcommands: [Request.self], defaultSubcommand: Request.self)

    struct Request: ParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Make a request for a replacement, with --form also the form to print.")

      @OptionGroup var request: RequestOptions
      @OptionGroup var onKey: OnKeyOptions

      @Option(
        help: ArgumentHelp("On a key without a certificate: ask for the name in this one.", valueName: "file"),
        completion: .file())
      var oldCert: String?

      func run() throws { try request.run(.reissue, onKey: onKey, oldCertificate: oldCert) }
    }
  }

  struct Change: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "change", abstract: "Ask for a change of what the certificate says (变更).",
      subcommands: [Request.self], defaultSubcommand: Request.self)

    struct Request: ParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Make a request for a change, with --form also the form to print.")

      @OptionGroup var request: RequestOptions
      @OptionGroup var onKey: OnKeyOptions

      func run() throws { try request.run(.change, onKey: onKey) }
    }
  }
}
