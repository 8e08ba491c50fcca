import ArgumentParser
import Failures
import Glibc
import TokenKit
import UnlockKit
import Wording

/// `ukey unlock`: request, approval, application; and unlocking at the desk with the key in hand.
struct UnlockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "Request, approve and apply the unlocking of a key.",
    subcommands: [
      UnlockRequestCommand.self, UnlockChallengeCommand.self, UnlockApproveCommand.self, UnlockApplyCommand.self,
      UnlockAdminCommand.self, UnlockSetAdminCommand.self, UnlockAuditCommand.self,
    ])
}

/// `ukey unlock apply`.
struct UnlockApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Apply a response to the key whose request is open.",
    discussion: """
      The program that made the challenge must still be waiting, so that the key keeps it. The new PIN is asked on the \
      terminal or read from --new-pin-fd; unlocking and changing the PIN are one. --pin-fd gives the temporary PIN of an \
      answer of the old format.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions
  @OptionGroup var desks: DeskPinOptions

  @Argument(help: "The .ukresp file, or its line.", completion: .file(extensions: ["ukresp"]))
  var response: String

  @Option(help: ArgumentHelp("Read the new PIN from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  @Option(
    help: ArgumentHelp("Refuse it unless this is its check code, as read over the telephone.", valueName: "code"))
  var checkCode: String?

  @Flag(help: "Do not ask whether to go on.")
  var yes = false

  @Flag(help: "Only change the temporary PIN of an answer that was applied, where that was cut off.")
  var finish = false

  func validate() throws {
    guard asking.pinFd == nil || newPinFd != nil else {
      throw ValidationError("--pin-fd and --new-pin-fd belong together")
    }
  }

  func run() throws {
    let application: ResponseApplication
    let result: ResponseApplication.Result
    do throws(Failure) {
      application = ResponseApplication(
        key: try OneKey.find(keys.selection(profile: asking.profile)),
        directory: try StateDirectory.ofUser(), desks: desks.certificates, asking: asking, newPinFd: newPinFd,
        isConfirmed: yes || newPinFd != nil, checkCode: checkCode, common: common)
      result = try finish ? application.finishChange(response) : application.run(response)
    } catch {
      throw common.fail(error)
    }
    try application.finish(result)
  }
}

/// `ukey unlock admin`.
struct UnlockAdminCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admin",
    abstract: "Unlock the key in the reader with the administrator PIN (PUK of a PIV card).",
    discussion: """
      --pin-fd gives the administrator PIN. Exit code: 0 unlocked, 7 wrong administrator PIN, 8 it is locked, \
      9 not sent, 11 outcome unknown.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions

  @Option(help: ArgumentHelp("Read the new user PIN from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  func validate() throws {
    guard (asking.pinFd == nil) == (newPinFd == nil) else {
      throw ValidationError("--pin-fd and --new-pin-fd belong together")
    }
  }

  func run() throws {
    let key: OneKey
    let outcome: PINOutcome
    do throws(Failure) {
      key = try OneKey.find(keys.selection(profile: asking.profile), .pins)
      outcome = try unlock(key)
    } catch {
      throw common.fail(error)
    }
    let text = UnlockCommandWords[common.language].text(outcome, common.language, on: key.snapshot.family)
    try common.finish(outcome, text, schema: "ukey.unlock-admin/1", key: key.snapshot)
  }

  private func unlock(_ key: OneKey) throws(Failure) -> PINOutcome {
    let words = PINWords[common.language]
    let application = try key.snapshot.application(asking.application)
    let reference = PINReference(
      application: application.name, role: .admin, keySerial: key.snapshot.device.serial.value)
    if !common.json { Output.note(UnlockCommandWords[common.language].adminTitle) }
    let session = PINSession(
      token: key.token, words: words, asking: asking, common: common, snapshot: key.snapshot)
    switch try session.begin(reference) {
    case .ended(let outcome): return outcome
    case .ready(let policy, let consent):
      let admin = try session.pin(key.snapshot.family.traits.adminIsPUK ? words.puk : words.adminPIN, policy)
      if let rule = policy.refusal(current: admin) { return .notSent(.rule(rule)) }
      switch try NewPIN(session: session, policy: policy, identities: key.identities, name: words.pin).get(fd: newPinFd)
      {
      case .refused(let rule): return .notSent(.rule(rule))
      case .ready(let new):
        PINSession.holdSignals()
        let (language, family) = (common.language, key.snapshot.family)
        let notice = WaitNotice(common, .unblock, schema: "ukey.unlock-admin/1", atPad: policy.padLimit != nil) {
          UnlockCommandWords[language].text($0, language, on: family)
        }
        defer { notice.end() }
        return key.token.unblockPIN(reference, admin: admin, new: new, consent: consent)
      }
    }
  }
}
