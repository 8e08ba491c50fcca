import ArgumentParser
import TokenKit
import Wording

/// What every command with a PIN takes.
struct PINOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read the PIN from this file descriptor.", valueName: "fd"))
  var pinFd: Int32?

  @Flag(help: "Go on with few tries, at most 3 (scripts; people are asked).")
  var lowTries = false

  @Flag(help: "Go on even with the last try.")
  var lastTry = false

  @Option(help: ArgumentHelp("The application on the key, when it has several.", valueName: "name"))
  var application: String?

  @Option(
    help: ArgumentHelp(
      "Use this GM/T 0017 profile whatever the key says. A wrong profile costs tries: confirmed in words.",
      valueName: "name"))
  var profile: String?

  /// What the flags agree to.
  var consent: TryConsent { lastTry ? .last : lowTries ? .low : .normal }
}
