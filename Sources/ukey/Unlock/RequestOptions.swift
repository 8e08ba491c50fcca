import ArgumentParser
import Failures
import Glibc
import RenewalKit
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// Making a request, whatever it is for: its options and what they do.
struct RequestOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions
  @OptionGroup var certificates: CertificateCommand.Selection
  @OptionGroup var fields: ApplicantOptions
  @OptionGroup var desks: DeskPinOptions

  @Option(help: "The request file; by default SERIAL.ukreq.")
  var out: String?

  @Option(help: ArgumentHelp("Also write a form to print and stamp.", valueName: "file.html"))
  var form: String?

  @Option(
    help: ArgumentHelp(
      "The desk is ready: make the challenge too (NAME.ukchl), wait until this response file is there, and apply it.",
      valueName: "file.ukresp"))
  var wait: String?

  @Flag(help: "Do not wait for the desk: the default.")
  var noWait = false

  @Flag(inversion: .prefixedNo, help: "Show the QR code; by default on a terminal.")
  var qr: Bool?

  @Option(help: ArgumentHelp("Read the new PIN from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  @Flag(help: "Write without asking.")
  var yes = false

  @Flag(help: "Overwrite existing files.")
  var force = false

  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }
  private var isInteractive: Bool { !yes && isatty(STDIN_FILENO) == 1 }

  func validate() throws {
    guard wait == nil || !noWait else { throw ValidationError("--wait and --no-wait exclude each other") }
  }

  /// - Parameters:
  ///   - onKey: what else is to be done on the key; `nil`: nothing can be.
  ///   - oldCertificate: a file with the certificate whose name is asked for where the key has none.
  func run(_ kind: UnlockKind, onKey: OnKeyOptions? = nil, oldCertificate: String? = nil) throws {
    let ending: Ending?
    do throws(Failure) {
      ending = try request(kind, onKey?.onKey == true ? onKey : nil, oldCertificate)
    } catch {
      throw common.fail(error)
    }
    switch ending {
    case .response(let application, let result): try application.finish(result)
    case .pin(let run, let outcome): try run.finish(outcome, schema: OnKeyRequest.schema)
    case nil: break
    }
  }

  /// What the program ends with.
  private enum Ending {
    /// The result of a response applied while waiting.
    case response(ResponseApplication, ResponseApplication.Result)
    /// A PIN was not accepted.
    case pin(RenewalRun, PINOutcome)
  }

  private func request(
    _ kind: UnlockKind, _ onKey: OnKeyOptions?, _ oldCertificate: String?
  ) throws(Failure) -> Ending? {
    let providers = try keys.selection(profile: asking.profile).providers()
    let key = try OneKey.find(
      keys.selection, among: providers, retiredSlots: certificates.options.retiredSlots)
    let directory = try StateDirectory.ofUser()
    // Refused by name before anything is asked.
    let offer = onKey == nil ? nil : try key.token.renewalOffer()
    if fields.forget { directory.forgetApplicant() }
    // On paper too there is nothing to renew on a key that shows all it has and has none.
    if kind == .renew, onKey == nil, key.snapshot.hasNoCertificate { throw Failure(.certificateMissing) }
    let named = try asking.application.map { name throws(Failure) in try key.snapshot.application(name).name }
    let subject = try certificates.subject(key.snapshot, application: named, kind, common.language)
    let application = try key.snapshot.application(named: subject?.application.name ?? named).name
    var making = RequestMaking(
      kind: kind, application: application, certificate: subject?.certificate.value?.der, applicant: Applicant(),
      file: out ?? RequestMaking.fileName(keySerial: key.snapshot.device.serial.value?.text), form: form,
      overwrites: force,
      remembers: fields.remember)
    // Before anything is asked: a name that is taken is no reason to type all of it twice.
    if !yes { making.overwrites = Overwriting.isAgreed([making.file, making.form], force: force, common) }
    try making.checkNames()
    try onKey?.checkNames(making.file, overwrites: making.overwrites)
    if kind.replacesEncryptionKey, !common.json { Output.note(Symbol.warning.before(words.keyWarning)) }
    making.applicant = try fields.applicant(
      kind, remembered: directory.rememberedApplicant(),
      certificateUSCC: (subject ?? key.snapshot.mainCertificate(application: application))?.certificate.value?.uscc?
        .code,
      suggestedReason: words.suggestedReason(
        kind,
        isLocked: key.snapshot.applications.value?.first { $0.name == application }?.userPIN.value?.isLocked == true,
        isExpired: subject?.certificate.value.map {
          $0.validity.state(now: Int64(time(nil)), reminderDays: 0) == .expired
        }
          ?? false),
      interactive: isInteractive, words: words)
    let sealed = try making.seal(key.snapshot, by: key.token, now: Int64(time(nil)))
    if !common.json {
      let text = RequestText(
        request: sealed.request, checkCode: sealed.document.checkCode, language: common.language)
      Output.line(text.lines.joined(separator: "\n"))
    }
    if !yes {
      Output.note(words.willWrite(displaySafe(making.file)))
      guard LinePrompt.confirms(own.confirmWrite) else { throw Failure(.cancelled) }
    }
    let waiting = try sealed.write(keeping: directory) { UnlockForm(request: $0.request, document: $0.document).html }
    // In JSON the order is the one document, and names the request.
    if onKey == nil || !common.json { report(sealed, making, key.snapshot) }
    if let onKey, let offer {
      let work = OnKeyRequest(
        run: RenewalRun(key: key, asking: asking, common: common), offer: offer, directory: directory, csr: onKey.csr,
        isNew: onKey.new,
        overwrites: making.overwrites)
      let old = oldCertificate == nil ? subject ?? key.snapshot.mainCertificate(application: application) : nil
      let name = try oldCertificate.map { file throws(Failure) in try OnKeyOptions.subject(file) }
      let file = onKey.orderName(making.file)
      let engine = try work.begin(
        kind, application: application, old: old, subject: name, request: sealed.document.digest, file: file)
      do throws(Failure) {
        guard let outcome = try work.make(engine, file: file, request: making.file) else { return nil }
        work.noteUnfinished(engine.journal)
        return .pin(work.run, outcome)
      } catch {
        // Later than at the PIN the session itself has said how to go on.
        if error.code == .cancelled || error.code == .pinNotGiven { work.noteUnfinished(engine.journal) }
        throw error
      }
    }
    guard let waiting, let wait else { return nil }
    let step = ResponseApplication(
      key: key, directory: directory, desks: desks.certificates, asking: asking, newPinFd: newPinFd,
      isConfirmed: yes || newPinFd != nil, common: common)
    let result = try ChallengeStep(
      key: key, providers: providers, waiting: waiting, application: step, file: Self.challengeName(making.file),
      overwrites: force, answer: wait, qr: QRDisplay(language: common.language, isWanted: qr)
    ).run()
    return result.map { .response(step, $0) }
  }

  /// Beside the request, where the desk looks for it.
  private static func challengeName(_ file: String) -> String {
    (file.hasSuffix(".ukreq") ? String(file.dropLast(6)) : file) + ".ukchl"
  }

  private func report(_ sealed: SealedRequest, _ making: RequestMaking, _ key: TokenSnapshot) {
    let (request, document, compact) = (sealed.request, sealed.document, sealed.compact)
    if common.json {
      let value = JSONValue.object([
        ("schema", "ukey.unlock-request/1"), ("time", documentTime()), ("key", KeyReference(key).json),
        ("file", .string(making.file)), ("form", making.form.map { .string($0) }),
        ("digest", .string(document.digestText)), ("checkCode", .string(document.checkCode)),
        ("challenge", .bool(request.waitingKey != nil)), ("compact", .string(compact)),
      ])
      // One document a line: that of the response may follow.
      Output.line(value.line)
      return
    }
    Output.line(words.written(displaySafe(making.file)))
    if let form = making.form { Output.line(words.formWritten(displaySafe(form))) }
    Output.line(words.checkCode + "  " + document.checkCode)
    QRDisplay(language: common.language, isWanted: qr).show(compact)
    guard request.kind == .unlock else { return }
    Output.line(request.waitingKey == nil ? words.notRemote : words.putAway)
  }
}

extension TokenSnapshot {
  /// Everything on it could be listed, and no certificate is there: not one that cannot be read, or is seen after a login.
  fileprivate var hasNoCertificate: Bool {
    guard let applications = applications.value, filledPlaces.isEmpty else { return false }
    return applications.allSatisfy { $0.containers.failure == nil }
  }
}
