import ArgumentParser
import Base
import Failures
import Glibc
import TokenKit
import UnlockKit
import Wording

/// `ukey unlock set-admin`: at issuing, the administrator PIN that the desk can derive again.
struct UnlockSetAdminCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-admin",
    abstract: "At issuing: set the administrator PIN that the desk derives for this key.",
    discussion: """
      For the certificate authority. The new PIN is derived from the secret of --admin-master-fd, the key's issuer and its \
      serial, and never shown; approve --admin-master-fd derives it again. --pin-fd gives the present administrator \
      PIN. Exit code: 0 set, 7 wrong administrator PIN, 8 it is locked, 9 not sent, 11 outcome unknown.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions

  @Option(
    help: ArgumentHelp(
      "Derive each key's administrator PIN from the secret read from this file descriptor.", valueName: "fd"))
  var adminMasterFd: Int32

  @Option(
    help: ArgumentHelp("Add the key to this list of issued keys first.", valueName: "file"), completion: .file())
  var issued: String?

  func run() throws {
    let outcome: PINOutcome
    do throws(Failure) {
      outcome = try set()
    } catch {
      throw common.fail(error)
    }
    let text = PINWords[common.language].text(outcome, common.language, of: .admin)
    try common.finish(outcome, text, schema: "ukey.unlock-set-admin/1")
  }

  private func set() throws(Failure) -> PINOutcome {
    let words = PINWords[common.language]
    let master = try AdminMaster(try PINPrompt.readSecret(fd: adminMasterFd))
    let key = try OneKey.find(keys.selection(profile: asking.profile))
    let device = key.snapshot.device
    // A request must be able to hold both as they are.
    guard !key.snapshot.family.traits.adminIsPUK, let serial = device.serial.value, !serial.text.isEmpty,
      serial.text.utf8.count <= 128, (device.issuer.value?.text ?? "").utf8.count <= 256
    else { throw Failure(.notSupported, function: "set-admin") }
    let new = try master.pin(issuer: device.issuer.value?.text ?? "", serial: serial.text)
    let reference = try key.reference(asking.application, admin: true)
    if !common.json { Output.note(UnlockCommandWords[common.language].setAdminTitle) }
    let session = PINSession(token: key.token, words: words, asking: asking, common: common)
    switch try session.begin(reference) {
    case .ended(let outcome): return outcome
    case .ready(let policy, let consent):
      let old = try session.pin(words.adminPIN, policy)
      if let rule = policy.refusal(current: old) ?? policy.refusal(new: new) { return .notSent(.rule(rule)) }
      if PIN.isEqual(old, new) { return .notSent(.rule(.sameAsOld)) }
      if let issued { try add(key, serial: serial.text, to: issued) }
      PINSession.holdSignals()
      let (language, name, family) = (common.language, PINName(.admin, on: key.snapshot.family), key.snapshot.family)
      let notice = WaitNotice(common, .change, schema: "ukey.unlock-set-admin/1") {
        PINWords[language].text($0, language, of: name, on: family)
      }
      defer { notice.end() }
      return key.token.changePIN(reference, from: old, to: new, consent: consent)
    }
  }

  /// Before the PIN is set: an entry too many does no harm, a key without one gets no answer.
  private func add(_ key: OneKey, serial: String, to file: String) throws(Failure) {
    let entries = key.snapshot.places.filter { $0.role == .signature }.compactMap { place in
      place.certificate.value.map {
        IssuanceList.Entry(keySerial: serial, certificateSerial: lowerHexText($0.serial), owner: $0.owner)
      }
    }
    guard !entries.isEmpty else { throw Failure(.certificateMissing) }
    try IssuanceList.append(entries, to: file)
  }
}
