import ArgumentParser
import Glibc

/// The program. Alone in a terminal it opens the manager; anywhere else it prints the status.
@main
struct UKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ukey", abstract: "深圳CA管理工具 · 终端版: certificates, PIN and diagnosis of U-Keys.",
    version: "0.1.0",
    subcommands: [
      ManagerCommand.self, StatusCommand.self, CertificateCommand.self, WatchCommand.self, SoftTokenCommand.self,
    ],
    defaultSubcommand: ManagerCommand.self)
}
