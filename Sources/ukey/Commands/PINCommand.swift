import ArgumentParser
import Failures
import Glibc
import StrictJSON
import TokenKit
import Wording

/// `ukey pin`: the PIN's state, and changing it.
struct PINCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin", abstract: "Show the PIN's state, check or change the PIN.",
    subcommands: [Status.self, Verify.self, Change.self])

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tries left and whether it is locked or still the default. Costs no try.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions

    func run() throws {
      let reports: [ReaderReport]
      do throws(Failure) {
        reports = try keys.selection.collect(ReadOptions(extent: .pins))
      } catch {
        throw common.fail(error)
      }
      let snapshots = reports.compactMap(\.snapshot)
      if snapshots.isEmpty { throw common.fail(reports.compactMap(\.failure).first ?? Failure(.noCard)) }
      if common.json {
        let json = StatusJSON(now: 0, reminderDays: 0, language: common.language)
        Output.line(
          JSONValue.object([
            ("schema", "ukey.pin-status/1"), ("time", documentTime()),
            (
              "pins",
              .array(
                snapshots.flatMap { snapshot in
                  (snapshot.applications.value ?? []).map { application in
                    .object([
                      ("key", KeyReference(snapshot).json), ("reader", .string(snapshot.source.reader)),
                      ("keySerial", snapshot.device.serial.value.map { .string($0.text) }),
                      ("application", .string(application.name.text)),
                      ("profile", snapshot.profile.map { .string($0) }),
                      ("userPin", json.pin(application.userPIN)), ("adminPin", json.pin(application.adminPIN)),
                      ("user", json.pin(application.userPIN)), ("admin", json.pin(application.adminPIN)),
                    ])
                  }
                })
            ),
          ]).text)
      } else {
        let text = StatusText(now: 0, reminderDays: 0, language: common.language)
        Output.line(snapshots.map(text.pins).joined(separator: "\n\n"))
      }
      if snapshots.contains(where: \.isUserPINLocked) { throw ExitCode(ProgramExit.pinLocked.rawValue) }
    }
  }
}

extension PINCommand {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell whether this is the PIN. A wrong one costs a try.",
      discussion: """
        The PIN is asked on the terminal, or read from a file descriptor. The key is left not logged in. Exit code: 0 \
        right, 7 wrong PIN, 8 locked, 9 not sent, 11 outcome unknown.
        """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions

    @Flag(help: "The administrator PIN instead of the user PIN. A PIV card cannot check its PUK alone.")
    var admin = false

    func run() throws {
      let end: PINEnd
      do throws(Failure) {
        end = try verify()
      } catch {
        throw common.fail(error)
      }
      try common.finish(end, schema: "ukey.pin-verify/1")
    }

    private func verify() throws(Failure) -> PINEnd {
      let words = PINWords[common.language]
      let key = try OneKey.find(keys.selection(profile: asking.profile), admin ? .pins : .userPIN)
      // Not to be found out after a question about tries.
      if admin, !key.snapshot.family.traits.verifiesAdmin {
        throw Failure(.notSupported, function: "VERIFY", context: "PUK")
      }
      let reference = try key.reference(asking.application, admin: admin)
      let session = PINSession(
        token: key.token, words: words, asking: asking, common: common, snapshot: key.snapshot)
      func ended(_ outcome: PINOutcome) -> PINEnd {
        PINEnd(outcome: outcome, role: reference.role, key: key.snapshot)
      }
      switch try session.begin(reference) {
      case .ended(let outcome): return ended(outcome)
      case .ready(let policy, let consent):
        let pin = try session.pin(admin ? words.adminPIN : words.pin, policy)
        if let rule = policy.refusal(current: pin) { return ended(.notSent(.rule(rule))) }
        PINSession.holdSignals()
        let (language, name, family) = (
          common.language, PINName(reference.role, on: key.snapshot.family), key.snapshot.family
        )
        let notice = WaitNotice(common, .verify, schema: "ukey.pin-verify/1", atPad: policy.padLimit != nil) {
          PINWords[language].text($0, language, of: name, on: family)
        }
        defer { notice.end() }
        return ended(key.token.verify(pin, reference, consent: consent))
      }
    }
  }

  struct Change: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Change the PIN.",
      discussion: """
        The PIN is asked on the terminal, or read from file descriptors; never from arguments or the environment. Both \
        descriptors may be the same: old PIN and new PIN on a line each. Exit code: 0 changed, 7 wrong PIN, 8 locked, \
        9 not sent, 11 outcome unknown.
        """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions

    @Option(help: ArgumentHelp("Read the new PIN from this file descriptor.", valueName: "fd"))
    var newPinFd: Int32?

    @Flag(help: "The administrator PIN (PUK) instead of the user PIN.")
    var admin = false

    func validate() throws {
      guard (asking.pinFd == nil) == (newPinFd == nil) else {
        throw ValidationError("--pin-fd and --new-pin-fd belong together")
      }
    }

    func run() throws {
      let end: PINEnd
      do throws(Failure) {
        end = try change()
      } catch {
        throw common.fail(error)
      }
      try common.finish(end, schema: "ukey.pin-change/1")
    }

    private func change() throws(Failure) -> PINEnd {
      let key = try OneKey.find(keys.selection(profile: asking.profile), admin ? .pins : .userPIN)
      let reference = try key.reference(asking.application, admin: admin)
      let outcome = try PINChange(
        key: key, asking: asking, newPinFd: newPinFd, common: common, snapshot: key.snapshot
      ).run(reference)
      return PINEnd(outcome: outcome, role: reference.role, key: key.snapshot)
    }
  }
}
