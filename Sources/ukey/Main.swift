import ArgumentParser

@main
struct UKey: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ukey", subcommands: [SoftTokenCommand.self])
}
