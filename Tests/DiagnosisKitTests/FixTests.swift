import Testing

@testable import DiagnosisKit

/// Repairs are run by root after a yes: each says by its absolute path what it starts, changes no owner and goes into no folder.
struct FixTests {
  private static let all: [Fix] =
    [
      .enableSocket, .unmask, .restartSocket, .restartService, .restartAll, .setClock, .endSCDaemon,
    ] + Fix.servicePaths.map(Fix.startService)
    + PackageManager.allCases.flatMap { [.install($0.readerService, with: $0), .install($0.readerDriver, with: $0)] }
    + [Context.udevFix(0x1234, 0xABCD)]

  /// What is part of the shell.
  private static let builtins: Set<String> = ["printf", "echo", "{", "kill"]

  @Test(arguments: all.map(\.command)) func namesProgramsByAbsolutePath(_ command: String) {
    let parts = command.split(separator: " ").split { ["&&", "||", ";", "|"].contains($0) }
    #expect(!parts.isEmpty)
    for part in parts {
      guard let name = part.first else { continue }
      #expect(name.hasPrefix("/") || Self.builtins.contains(String(name)), "\(command)")
    }
  }

  @Test(arguments: all.map(\.command)) func neitherRecursesNorGivesFilesAway(_ command: String) {
    let words = command.split(separator: " ")
    for word in ["-R", "--recursive", "rm", "chown", "/bin/chown", "/usr/bin/chown", "chmod", "/usr/bin/chmod"] {
      #expect(!words.contains(Substring(word)), "\(command)")
    }
  }

  /// A store that belongs to somebody else: whoever could write there decides where a path leads, so no command is offered.
  @Test(arguments: [Cause.storeOwner, .storeShut, .storeBroken])
  func nothingIsOfferedForWhatOthersCanMove(_ cause: Cause) {
    #expect(Fix.known(cause, said: "chown -R 1000 /home/a/.mozilla") == nil)
  }
}
