import ArgumentParser

/// `ukey serve`: the service that web pages speak to, and what its holder decides about it.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "The service on this computer that the login button of web pages calls.",
    subcommands: [Trust.self, Untrust.self])
}
