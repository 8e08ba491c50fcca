import ArgumentParser
import Base
import Failures
import Glibc
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// Applying a response from the shell: check, say what will happen, take the holder's own PIN, then unlock and change in one.
struct ResponseApplication {
  var key: OneKey
  var directory: StateDirectory
  var desks: DeskCertificates
  var asking: PINOptions
  var newPinFd: Int32?
  /// Do not ask whether to go on.
  var isConfirmed: Bool
  /// As the desk reads it out; `nil` leaves the comparison to the eye.
  var checkCode: String?
  var common: CommonOptions

  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }

  /// What came of it: of unlocking, `nil` when that was done before; and of changing the PIN when it got so far.
  struct Result {
    var unlock: PINOutcome?
    var change: PINOutcome?
  }

  /// - Parameter given: a file, or the line itself.
  /// - Throws: why the response was refused; nothing was sent then.
  func run(_ given: String) throws(Failure) -> Result {
    let bytes = try LineOrFile.bytes(given, mark: "UKRSP2")
    let serial = try serial()
    let checked = try ResponseCheck(directory: directory, desks: desks).check(
      bytes, keySerial: serial.text, now: Int64(time(nil)))
    if let checkCode, !Digest.isCheckCode(checkCode, of: checked.digest) {
      throw Failure(.unlockFileAltered, context: checked.checkCode)
    }
    // The response holds text; the key is asked by its own bytes.
    let application = try key.snapshot.application(checked.challenge.application).name
    let admin = PINReference(application: application, role: .admin, keySerial: serial)
    let status = try key.token.pinStatus(admin)
    if status.isLocked { return Result(unlock: .locked) }
    if !common.json {
      Output.note(words.checkCode + "  " + checked.checkCode)
      if let desk = checked.desk { Output.note(Symbol.ok.before(words.signedBy(displaySafe(desk.owner)))) }
      Output.note(words.willApply(displaySafe(serial), status.triesLeft))
    }
    guard let consent = try consent(status) else { return Result(unlock: .notSent(.tries(status.triesLeft))) }
    if !isConfirmed, !LinePrompt.confirms(own.confirmApply) { throw Failure(.cancelled) }
    guard case .supported(_, _, let policy) = try key.token.pinSupport() else {
      return Result(unlock: .notSent(.noProfile))
    }
    let session = PINSession(token: key.token, words: PINWords[common.language], asking: asking, common: common)
    let told = try checked.tellsPIN ? PIN() : session.pin(own.temporaryPIN, policy)
    switch try new(session, policy).get(fd: newPinFd) {
    case .refused(let rule): return Result(unlock: .notSent(.rule(rule)))
    case .ready(let pin):
      PINSession.holdSignals()
      defer { PINSession.releaseSignals() }
      let language = common.language
      let notice = WaitNotice(common, .unblock, schema: "ukey.unlock-apply/1") {
        UnlockWords[language].text($0, language)
      }
      defer { notice.end() }
      let outcome = try checked.apply(
        to: key.token, admin, directory: directory, consent: consent, told: told, own: pin)
      return Result(unlock: outcome.unlock, change: outcome.change)
    }
  }

  /// The key was unlocked, and the change that belongs to it was cut off: only that.
  func finishChange(_ given: String) throws(Failure) -> Result {
    let bytes = try LineOrFile.bytes(given, mark: "UKRSP2")
    let serial = try serial()
    let checked = try ResponseCheck(directory: directory, desks: desks).reopen(
      bytes, keySerial: serial.text, now: Int64(time(nil)))
    let request = try WaitingRequests(directory).find(checked.request).request
    let user = PINReference(
      application: try key.snapshot.application(request.application).name, role: .user, keySerial: serial)
    let session = PINSession(token: key.token, words: PINWords[common.language], asking: asking, common: common)
    switch try session.begin(user) {
    case .ended(let outcome): return Result(change: outcome)
    case .ready(let policy, let consent):
      switch try new(session, policy).get(fd: newPinFd) {
      case .refused(let rule): return Result(change: .notSent(.rule(rule)))
      case .ready(let pin):
        PINSession.holdSignals()
        defer { PINSession.releaseSignals() }
        let language = common.language
        let notice = WaitNotice(common, .change, schema: "ukey.pin-change/1") { PINWords[language].text($0, language) }
        defer { notice.end() }
        return Result(
          change: checked.finish(key.token, user, directory: directory, consent: consent, own: pin))
      }
    }
  }

  private func serial() throws(Failure) -> TokenName {
    guard let serial = key.snapshot.device.serial.value, !serial.isEmpty else { throw Failure(.unlockNotRemote) }
    return serial
  }

  private func new(_ session: PINSession, _ policy: PINPolicy) -> NewPIN {
    if !common.json, newPinFd == nil { Output.note(own.ownPINFirst) }
    return NewPIN(
      session: session, policy: policy, identities: key.identities, name: PINWords[common.language].pin)
  }

  /// What the user agrees to for the administrator PIN's tries; `nil` when it is not enough.
  private func consent(_ status: PINStatus) throws(Failure) -> TryConsent? {
    let needed = status.consentNeeded
    if asking.consent >= needed { return asking.consent }
    let pinWords = PINWords[common.language]
    guard needed == .low, newPinFd == nil else { return nil }
    let session = PINSession(token: key.token, words: pinWords, asking: asking, common: common)
    guard try session.confirmed(words.adminPIN + ": " + pinWords.confirmLow(status.triesLeft)) else {
      throw Failure(.cancelled)
    }
    return .low
  }

  /// Prints the result and ends the program with its exit code.
  func finish(_ result: Result) throws {
    let language = common.language
    let change = result.change.map { ($0, PINWords[language].text($0, language)) }
    guard let unlock = result.unlock else {
      guard let change else { return }
      return try common.finish(change.0, change.1, schema: "ukey.pin-change/1", key: key.snapshot)
    }
    let code = ProgramExit(result.change ?? unlock)
    let text = words.text(unlock, language)
    guard common.json, case .object(let members) = unlock.json(schema: "ukey.unlock-apply/1", text, key: key.snapshot)
    else {
      let isHalf = unlock == .unblocked && result.change != .changed
      return try common.finish(code, (change?.1 ?? text).lines + (isHalf ? "\n" + words.finishLater : ""))
    }
    let changed = change.map { $0.json(schema: "ukey.pin-change/1", $1) }
    try common.finish(code, JSONValue.object(members + [("change", changed)]).text)
  }
}
