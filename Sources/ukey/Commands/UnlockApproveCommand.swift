import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// `ukey unlock approve`: the desk, without any key.
struct UnlockApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Answer a request, or all requests of a directory, with the administrator PIN.",
    discussion: """
      Needs no key. The administrator PIN is asked on the terminal or read from --admin-pin-fd; the temporary user PIN \
      is random and shown once on the terminal until a key is pressed, or read from --new-pin-fd. Each decision is appended to the audit file. Exit code of a \
      directory: 0 all approved, 1 some refused.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "A .ukreq file, or a directory with such files.", completion: .file(extensions: ["ukreq"]))
  var request: String

  @Option(help: "The response file; for a directory the directory of the responses. By default beside the request.")
  var out: String?

  @Option(help: ArgumentHelp("Refuse it unless it is for the key with this serial.", valueName: "serial"))
  var serial: String?

  @Option(help: "Refuse requests older than so many hours.")
  var maxAge = 24

  @Option(help: "The response may be applied for so many hours.")
  var valid = 24

  @Option(help: ArgumentHelp("Read the administrator PIN from this file descriptor.", valueName: "fd"))
  var adminPinFd: Int32?

  @Option(
    help: ArgumentHelp(
      "Derive each key's administrator PIN from the secret read from this file descriptor.", valueName: "fd"))
  var adminMasterFd: Int32?

  @Flag(help: "Use an administrator PIN that can be found from the answer.")
  var weakAdminPin = false

  @Option(
    help: ArgumentHelp("Answer only for keys in this list (ukey unlock set-admin --issued).", valueName: "file"),
    completion: .file())
  var issued: String?

  @Option(help: "Answers that one key may have in 24 hours.")
  var perDay = 3

  @Option(
    help: ArgumentHelp("Refuse it unless this is its check code, as read over the telephone.", valueName: "code"))
  var checkCode: String?

  @Option(help: ArgumentHelp("Read the temporary user PIN from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  @Option(
    name: [.customLong("pin-out"), .customLong("pin-out-fd")],
    help: ArgumentHelp(
      "Write the random temporary PINs to this file descriptor, FILE<TAB>PIN a line, instead of showing them.",
      valueName: "fd"))
  var pinOut: Int32?

  @Option(help: "The audit file; by default unlock-audit.jsonl in the state directory.")
  var audit: String?

  @Flag(help: "Approve without asking.")
  var yes = false

  @Flag(help: "Overwrite existing responses.")
  var force = false

  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }

  func validate() throws {
    guard (1...8760).contains(maxAge), (1...8760).contains(valid) else {
      throw ValidationError("--max-age and --valid take 1 to 8760 hours")
    }
    guard !common.json || newPinFd != nil || pinOut != nil else {
      throw ValidationError("--json never holds a PIN: give --new-pin-fd or --pin-out")
    }
    guard adminPinFd == nil || adminMasterFd == nil else {
      throw ValidationError("--admin-pin-fd and --admin-master-fd exclude each other")
    }
    guard (1...1000).contains(perDay) else { throw ValidationError("--per-day takes 1 to 1000") }
    guard checkCode == nil || !isDirectory else { throw ValidationError("--check-code is for one request") }
    guard newPinFd == nil, pinOut == nil else { return }
    guard !isDirectory else {
      throw ValidationError("a directory needs --pin-out or --new-pin-fd for the temporary PINs")
    }
    guard SecretScreen.isThere else {
      throw ValidationError("no terminal to show the temporary PIN on: give --pin-out or --new-pin-fd")
    }
  }

  private var isDirectory: Bool {
    var status = stat()
    return stat(request, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  func run() throws {
    let code: ProgramExit
    do throws(Failure) {
      var policy = DeskPolicy(
        maximumAge: Int64(maxAge) * 3600, validity: Int64(valid) * 3600, answersPerDay: perDay)
      if let issued { policy.issued = try IssuanceList(file: issued) }
      let log = try AuditLog(UnlockAuditCommand.path(audit), now: Int64(time(nil)))
      code = isDirectory ? try batch(policy, log) : try single(policy, log)
    } catch {
      throw common.fail(error)
    }
    if code != .ok { throw ExitCode(code.rawValue) }
  }

  private func single(_ policy: DeskPolicy, _ log: AuditLog) throws(Failure) -> ProgramExit {
    let now = Int64(time(nil))
    let name = request.split(separator: "/").last.map(String.init) ?? request
    func record(_ checked: CheckedRequest?, _ response: [UInt8]?, _ failure: Failure?) throws(Failure) {
      log.add(
        DeskDecision(
          time: now, file: name, checked: checked, response: response, failure: failure, decidedBy: .ofProcess()
        ))
      try log.commit()
    }
    var checked: CheckedRequest?
    do throws(Failure) {
      let bytes = try Failure.mapping(.fileRead, try readFile(request, limit: SealedDocument.limit))
      let item = try policy.check(bytes, serial: serial, now: now)
      checked = item
      if let checkCode, !Digest.isCheckCode(checkCode, of: item.digest) {
        throw Failure(.unlockFileAltered, context: item.checkCode)
      }
      try policy.admit(item, log)
      let target = out ?? (request.hasSuffix(".ukreq") ? String(request.dropLast(6)) : request) + ".ukresp"
      if !common.json {
        let text = RequestText(request: item.request, checkCode: item.checkCode, language: common.language)
        Output.line(([own.concerns] + text.lines).joined(separator: "\n"))
      }
      if !yes, !LinePrompt.confirms(own.confirmApprove) { throw Failure(.cancelled) }
      let admin = try adminSecret()
      var pin = try PIN()
      if let newPinFd { pin = try PINPrompt.read(fd: newPinFd) } else { try TemporaryPIN.fill(&pin) }
      let document = try policy.answer(item, admin, new: pin, now: now)
      try record(item, document.digest, nil)
      switch writeFile(document.bytes, to: target, overwrite: force, mode: 0o600) {
      case .written(let path): try report(item, document, path, now + policy.validity, pin)
      case .exists: throw Failure(.fileExists, context: displaySafe(target))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
      return .ok
    } catch {
      if error.code != .unlockLog { try record(checked, nil, error) }
      throw error
    }
  }

  private func report(
    _ item: CheckedRequest, _ document: SealedDocument, _ path: String, _ expires: Int64, _ pin: borrowing PIN
  ) throws(Failure) {
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.unlock-approve/1"), ("response", .string(path)), ("keySerial", .string(item.keySerial)),
          ("requestCheckCode", .string(item.checkCode)), ("checkCode", .string(document.checkCode)),
          ("expires", .string(isoTime(expires))),
        ]).text)
    } else {
      Output.line(own.responseWritten(displaySafe(path)))
      Output.line(words.checkCode + "  " + document.checkCode)
      Output.line(own.validUntil(LocalTime.text(expires)))
    }
    guard newPinFd == nil else { return }
    guard let pinOut else {
      do throws(PromptEnd) {
        return try SecretScreen.show(
          [displaySafe(path)], label: own.temporaryPIN, pin, after: own.temporaryOnce + "\n" + own.anyKeyHides)
      } catch {
        takeBack(path)
        try error.obey()
        throw Failure(.cancelled)
      }
    }
    let lost = PINLine.write(before: displaySafe(path) + "\t", pin, to: pinOut)
    guard lost == 0 else {
      takeBack(path)
      throw Failure(.fileWrite, function: "writev", number: .errno(lost), context: "PIN → fd \(pinOut)")
    }
  }

  /// A response whose temporary PIN nobody was told would leave the key with a PIN that nobody knows.
  private func takeBack(_ path: String) { unlink(path) }

  private func batch(_ policy: DeskPolicy, _ log: AuditLog) throws(Failure) -> ProgramExit {
    let given: PIN? = if let newPinFd { try PINPrompt.read(fd: newPinFd) } else { nil }
    let desk = BatchDesk(
      policy: policy, admin: try adminSecret(), log: log, overwrite: force, now: { Int64(time(nil)) })
    let counts = try desk.run(directory: request, output: out ?? request, given: given) { file, result, pin in
      switch result {
      case .approved(let path, let item):
        let line = common.json ? json(file, item, path) : "ok  \(displaySafe(file))  \(displaySafe(item.keySerial))"
        Output.line(line)
        var lost: Int32 = 0
        if newPinFd == nil, let pinOut { lost = PINLine.write(before: displaySafe(file) + "\t", pin, to: pinOut) }
        if lost != 0 {
          takeBack(path)
          Output.noteLoss(lost)
        }
      case .refused(let failure):
        Output.line(
          common.json
            ? JSONValue.object([
              ("file", .string(file)), ("error", FailureReport(failure: failure, language: common.language).inner),
            ]).line
            : Symbol.error.before("  \(displaySafe(file))  ") + failure.line(common.language))
      }
    }
    if !common.json { Output.note(own.batchDone(counts.approved, counts.refused)) }
    return counts.refused == 0 ? .ok : .unexpected
  }

  private func json(_ file: String, _ item: CheckedRequest, _ path: String) -> String {
    JSONValue.object([
      ("file", .string(file)), ("response", .string(path)), ("keySerial", .string(item.keySerial)),
      ("checkCode", .string(item.checkCode)),
    ]).line
  }

  private func adminSecret() throws(Failure) -> AdminSecret {
    if let adminMasterFd { return .master(try AdminMaster(try PINPrompt.readSecret(fd: adminMasterFd))) }
    let pin = try adminPIN()
    let room = PINRoom(pin)
    if room.isWeak {
      let words = own.weakAdminPIN(room)
      guard weakAdminPin else { throw Failure(.weakAdminPIN, context: words) }
      Output.note(Symbol.warning.before(words))
    }
    return .given(try UnlockProtector(admin: pin))
  }

  /// A mistyped administrator PIN makes answers that each cost the key a try: on a terminal it is asked twice.
  private func adminPIN() throws(Failure) -> PIN {
    if let adminPinFd { return try PINPrompt.read(fd: adminPinFd) }
    return try PINPrompt.dialogue { terminal throws(PromptEnd) in
      while true {
        let pin = try PINPrompt.ask(own.deskAdminPIN, on: terminal)
        let again = try PINPrompt.ask(own.deskAdminAgain, on: terminal)
        if PIN.isEqual(pin, again) { return pin }
        terminal.write(PINWords[common.language].rule(.repeatDiffers) + "\n")
      }
    }
  }
}
