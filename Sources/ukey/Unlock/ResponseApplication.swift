import ArgumentParser
import Base
import Failures
import Glibc
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// Applying a response from the shell: check, say what will happen, send once, then change the temporary PIN.
struct ResponseApplication {
  var key: OneKey
  var directory: StateDirectory
  var asking: PINOptions
  var newPinFd: Int32?
  /// Do not ask whether to go on.
  var isConfirmed: Bool
  var changesPIN: Bool
  var common: CommonOptions

  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }

  /// What came of it: of unlocking, and of changing the PIN when it got so far.
  struct Result {
    var unlock: PINOutcome
    var change: PINOutcome?
  }

  /// - Throws: why the response was refused; nothing was sent then.
  func run(_ path: String) throws(Failure) -> Result {
    let bytes = try Failure.mapping(.fileRead, try readFile(path, limit: SealedDocument.limit))
    guard let serial = key.snapshot.device.serial.value, !serial.isEmpty else { throw Failure(.unlockNotRemote) }
    let checked = try ResponseCheck(directory: directory).check(
      bytes, keySerial: serial.text, now: Int64(time(nil)))
    // The response holds text; the key is asked by its own bytes.
    let application = try key.snapshot.application(checked.response.challenge.application).name
    let admin = PINReference(application: application, role: .admin, keySerial: serial)
    let status = try key.token.pinStatus(admin)
    if status.isLocked { return Result(unlock: .locked) }
    if !common.json {
      Output.note(words.checkCode + "  " + checked.checkCode)
      Output.note(words.willApply(displaySafe(serial), status.triesLeft))
    }
    let consent = try consent(status)
    guard let consent else { return Result(unlock: .notSent(.tries(status.triesLeft))) }
    if !isConfirmed, !LinePrompt.confirms(own.confirmApply) { throw Failure(.cancelled) }
    let outcome = try checked.apply(to: key.token, admin, directory: directory, consent: consent)
    guard outcome == .unblocked, changesPIN else { return Result(unlock: outcome) }
    if !common.json { Output.note(words.nowChange) }
    let change = try PINChange(key: key, asking: asking, newPinFd: newPinFd, common: common)
      .run(PINReference(application: application, role: .user, keySerial: serial))
    return Result(unlock: outcome, change: change)
  }

  /// What the user agrees to for the administrator PIN's tries; `nil` when it is not enough.
  private func consent(_ status: PINStatus) throws(Failure) -> TryConsent? {
    let needed = status.consentNeeded
    if asking.consent >= needed { return asking.consent }
    let pinWords = PINWords[common.language]
    guard needed == .low, asking.pinFd == nil else { return nil }
    let session = PINSession(token: key.token, words: pinWords, asking: asking, common: common)
    guard try session.confirmed(words.adminPIN + ": " + pinWords.confirmLow(status.triesLeft)) else {
      throw Failure(.cancelled)
    }
    return .low
  }

  /// Prints the result and ends the program with its exit code.
  func finish(_ result: Result) throws {
    let code = ProgramExit(result.change ?? result.unlock)
    let text = words.text(result.unlock, common.language)
    let change = result.change.map { ($0, PINWords[common.language].text($0, common.language)) }
    guard common.json, case .object(let members) = result.unlock.json(schema: "ukey.unlock-apply/1", text) else {
      return try common.finish(code, (change?.1 ?? text).lines)
    }
    let changed = change.map { $0.json(schema: "ukey.pin-change/1", $1) }
    try common.finish(code, JSONValue.object(members + [("change", changed)]).text)
  }
}
