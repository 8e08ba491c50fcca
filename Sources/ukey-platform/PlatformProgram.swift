import ArgumentParser

/// `ukey-platform`: the reference of a relying party's side. Docs/platform.md.
@main
struct PlatformProgram: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ukey-platform",
    abstract: "A platform where contractors register and log in with the certificate of their U-Key.",
    subcommands: [RunCommand.self, AuditCommand.self, DemoKeyCommand.self], defaultSubcommand: RunCommand.self)
}
