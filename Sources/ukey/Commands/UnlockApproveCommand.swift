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
      Needs no key. The challenge is what ukey unlock challenge says at the holder's: a line, a file, or NAME.ukchl beside \
      the request; it lives 15 minutes. The administrator PIN is asked on the terminal or read from --admin-pin-fd. The \
      temporary user PIN is random, or read from --new-pin-fd; it goes sealed with the answer and is told to nobody. Each \
      decision is appended to the audit file. Exit code of a directory: 0 all approved, 1 some refused.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var trusting: TrustOptions
  @OptionGroup var signing: DeskKeyOptions

  @Argument(help: "A .ukreq file, or a directory with such files.", completion: .file(extensions: ["ukreq"]))
  var request: String

  @Option(help: "The response file; for a directory the directory of the responses. By default beside the request.")
  var out: String?

  @Option(help: ArgumentHelp("Refuse it unless it is for the key with this serial.", valueName: "serial"))
  var serial: String?

  @Option(
    help: ArgumentHelp("The holder's challenge: its line, or the file that holds it.", valueName: "line"),
    completion: .file(extensions: ["ukchl"]))
  var challenge: String?

  @Option(help: "Refuse requests older than so many hours.")
  var maxAge = 720

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
      "Write the random temporary PINs to this file descriptor as well, FILE<TAB>PIN a line.",
      valueName: "fd"))
  var pinOut: Int32?

  @Option(help: "The audit file; by default unlock-audit.jsonl in the state directory.")
  var audit: String?

  @Flag(help: "Approve without asking.")
  var yes = false

  @Flag(help: "Overwrite existing responses.")
  var force = false

  @Flag(inversion: .prefixedNo, help: "Show the QR code; by default on a terminal.")
  var qr: Bool?

  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }

  func validate() throws {
    guard (1...8760).contains(maxAge) else { throw ValidationError("--max-age takes 1 to 8760 hours") }
    guard adminPinFd == nil || adminMasterFd == nil else {
      throw ValidationError("--admin-pin-fd and --admin-master-fd exclude each other")
    }
    guard (1...1000).contains(perDay) else { throw ValidationError("--per-day takes 1 to 1000") }
    guard checkCode == nil || !isDirectory else { throw ValidationError("--check-code is for one request") }
    guard challenge == nil || !isDirectory else {
      throw ValidationError("--challenge is for one request; a directory has NAME.ukchl beside NAME.ukreq")
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
        maximumAge: Int64(maxAge) * 3600, answersPerDay: perDay, trust: trusting.choice.directory)
      if let issued { policy.issued = try IssuanceList(file: issued) }
      let log = try AuditLog(UnlockAuditCommand.path(audit), now: Int64(time(nil)))
      code = isDirectory ? try batch(policy, log) : try single(policy, log)
    } catch {
      throw common.fail(error)
    }
    if code != .ok { throw ExitCode(code.rawValue) }
  }

  private func single(_ policy: DeskPolicy, _ log: AuditLog) throws(Failure) -> ProgramExit {
    let name = request.split(separator: "/").last.map(String.init) ?? request
    var checked: CheckedRequest?
    var challenge: [UInt8]?
    func record(_ response: [UInt8]?, _ failure: Failure?) throws(Failure) {
      log.add(
        DeskDecision(
          time: Int64(time(nil)), file: name, checked: checked, challenge: challenge, response: response,
          failure: failure, decidedBy: .ofProcess()))
      try log.commit()
    }
    do throws(Failure) {
      let bytes = try Failure.mapping(.fileRead, try readFile(request, limit: SealedDocument.limit))
      let item = try policy.check(bytes, serial: serial, now: Int64(time(nil)))
      checked = item
      if let checkCode, !Digest.isCheckCode(checkCode, of: item.digest) {
        throw Failure(.unlockFileAltered, context: item.checkCode)
      }
      try policy.admit(item, log)
      if !common.json {
        let text = RequestText(
          request: item.request, checkCode: item.checkCode, language: common.language, chain: .some(item.chain))
        Output.line(([own.concerns] + text.lines).joined(separator: "\n"))
      }
      let desk = try signing.key()
      let target = out ?? stem + ".ukresp"
      let overwrites = force || (!yes && Overwriting.isAgreed([target], force: false, common))
      // What takes time at the desk comes before the challenge, which lives minutes.
      if !yes, !LinePrompt.confirms(own.confirmApprove) { throw Failure(.cancelled) }
      let ticket = try policy.challenge(try challengeText(), for: item, now: Int64(time(nil)))
      challenge = try ticket.digest()
      let admin = try adminSecret()
      var pin = try PIN()
      if let newPinFd { pin = try PINPrompt.read(fd: newPinFd) } else { try TemporaryPIN.fill(&pin) }
      let response = try policy.answer(item, ticket, admin, desk, new: pin, now: Int64(time(nil)))
      try record(try response.digest(), nil)
      switch writeFile(Array((response.text + "\n").utf8), to: target, overwrite: overwrites, mode: 0o600) {
      case .written(let path): try report(item, response, path, pin)
      case .exists: throw Failure(.fileExists, context: displaySafe(target))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
      return .ok
    } catch {
      if error.code != .unlockLog { try record(nil, error) }
      throw error
    }
  }

  /// The request's name without its ending.
  private var stem: String { request.hasSuffix(".ukreq") ? String(request.dropLast(6)) : request }

  /// Named, beside the request, or asked for. - Throws: `UK-524` when there is none.
  private func challengeText() throws(Failure) -> String {
    var given = challenge
    var status = stat()
    if given == nil, stat(stem + ".ukchl", &status) == 0 { given = stem + ".ukchl" }
    if given == nil, !yes { given = LinePrompt.ask(own.askChallenge) }
    guard let given, !given.isEmpty else { throw Failure(.challengeMissing) }
    return String(decoding: try LineOrFile.bytes(given, mark: "UKCHL2"), as: UTF8.self)
  }

  private func report(
    _ item: CheckedRequest, _ response: SealedResponse, _ path: String, _ pin: borrowing PIN
  ) throws(Failure) {
    let checkCode = Digest.checkCode(try response.digest())
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.unlock-approve/1"), ("response", .string(path)), ("keySerial", .string(item.keySerial)),
          ("time", documentTime()), ("key", KeyReference(serial: item.keySerial).json),
          ("requestCheckCode", .string(item.checkCode)), ("checkCode", .string(checkCode)),
          ("expires", .string(isoTime(response.expires))), ("line", .string(response.text)),
          ("owner", item.request.owner.map { .string($0) }), ("ownerVerified", .bool(item.chain?.isTrusted == true)),
        ]).text)
    } else {
      Output.line(own.responseWritten(displaySafe(path)))
      Output.line(words.checkCode + "  " + checkCode)
      Output.line(own.validUntil(LocalTime.text(response.expires)))
      QRDisplay(language: common.language, isWanted: qr).show(response.text)
    }
    guard newPinFd == nil, let pinOut else { return }
    let lost = PINLine.write(before: displaySafe(path) + "\t", pin, to: pinOut)
    guard lost == 0 else {
      takeBack(path)
      throw Failure(.fileWrite, function: "writev", number: .errno(lost), context: "PIN → fd \(pinOut)")
    }
  }

  /// Who wanted the temporary PIN beside the answer and did not get it gets no answer.
  private func takeBack(_ path: String) { unlink(path) }

  private func batch(_ policy: DeskPolicy, _ log: AuditLog) throws(Failure) -> ProgramExit {
    let given: PIN? = if let newPinFd { try PINPrompt.read(fd: newPinFd) } else { nil }
    let desk = BatchDesk(
      policy: policy, admin: try adminSecret(), desk: try signing.key(), log: log, overwrite: force,
      now: { Int64(time(nil)) })
    let interrupt = HeldInterrupt()
    var progress = ProgressLine(total: BatchDesk.count(directory: request), common.language)
    let counts = try desk.run(
      directory: request, output: out ?? request, given: given, goesOn: { !interrupt.isThere }
    ) { file, result, pin in
      switch result {
      case .approved(let path, let item):
        let line = common.json ? json(file, item, path) : "ok  \(displaySafe(file))  \(displaySafe(item.keySerial))"
        progress.step { Output.line(line) }
        var lost: Int32 = 0
        if newPinFd == nil, let pinOut { lost = PINLine.write(before: displaySafe(file) + "\t", pin, to: pinOut) }
        if lost != 0 {
          takeBack(path)
          Output.noteLoss(lost)
        }
      case .refused(let failure):
        let line =
          common.json
          ? JSONValue.object([
            ("schema", "ukey.unlock-approve-batch/1"), ("file", .string(file)),
            ("error", FailureReport(failure: failure, language: common.language).inner),
          ]).line : Symbol.error.before("  \(displaySafe(file))  ") + failure.line(common.language)
        progress.step { Output.line(line) }
      }
    }
    progress.clear()
    let isInterrupted = interrupt.isThere
    interrupt.end()
    if !common.json { Output.note(own.batchDone(counts.approved, counts.refused)) }
    if isInterrupted {
      Output.note(ProgressWords[common.language].interrupted(progress.done, max(progress.done, progress.total)))
      return .interrupted
    }
    return counts.refused == 0 ? .ok : .unexpected
  }

  private func json(_ file: String, _ item: CheckedRequest, _ path: String) -> String {
    JSONValue.object([
      ("schema", "ukey.unlock-approve-batch/1"), ("key", KeyReference(serial: item.keySerial).json),
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
