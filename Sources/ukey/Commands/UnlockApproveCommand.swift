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
      is random and shown once, or read from --new-pin-fd. Each decision is appended to the audit file. Exit code of a \
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

  @Option(help: ArgumentHelp("Read the temporary user PIN from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  @Option(
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
  }

  func run() throws {
    let code: ProgramExit
    do throws(Failure) {
      let policy = DeskPolicy(maximumAge: Int64(maxAge) * 3600, validity: Int64(valid) * 3600)
      let log = try AuditLog(auditPath())
      var status = stat()
      let isDirectory = stat(request, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      code = isDirectory ? try batch(policy, log) : try single(policy, log)
    } catch {
      throw common.fail(error)
    }
    if code != .ok { throw ExitCode(code.rawValue) }
  }

  private func auditPath() throws(Failure) -> String {
    if let audit { return audit }
    let directory = try StateDirectory.ofUser()
    try directory.prepare()
    return directory.path + "/unlock-audit.jsonl"
  }

  private func single(_ policy: DeskPolicy, _ log: AuditLog) throws(Failure) -> ProgramExit {
    let now = Int64(time(nil))
    let name = request.split(separator: "/").last.map(String.init) ?? request
    func record(_ checked: CheckedRequest?, _ response: [UInt8]?, _ failure: Failure?) throws(Failure) {
      log.add(
        DeskDecision(
          time: now, file: name, checked: checked, response: response, failure: failure, operatorID: getuid()
        ))
      try log.commit()
    }
    var checked: CheckedRequest?
    do throws(Failure) {
      let bytes = try Failure.mapping(.fileRead, try readFile(request, limit: SealedDocument.limit))
      let item = try policy.check(bytes, serial: serial, now: now)
      checked = item
      let target = out ?? (request.hasSuffix(".ukreq") ? String(request.dropLast(6)) : request) + ".ukresp"
      if !common.json {
        let text = RequestText(request: item.request, checkCode: item.checkCode, language: common.language)
        Output.line(([own.concerns] + text.lines).joined(separator: "\n"))
      }
      if !yes, !LinePrompt.confirms(own.confirmApprove) { throw Failure(.cancelled) }
      let protector = try protector()
      var pin = try PIN()
      if let newPinFd { pin = try PINPrompt.read(fd: newPinFd) } else { try TemporaryPIN.fill(&pin) }
      let document = try policy.answer(item, protector, new: pin, now: now)
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
    let before = pinOut == nil ? own.temporaryPIN : path + "\t"
    let lost = PINLine.write(before: before, pin, to: pinOut ?? STDOUT_FILENO)
    guard lost == 0 else {
      takeBack(path)
      throw Failure(
        .fileWrite, function: "writev", number: .errno(lost), context: "PIN → fd \(pinOut ?? STDOUT_FILENO)")
    }
    if pinOut == nil { Output.note(own.temporaryOnce) }
  }

  /// A response whose temporary PIN nobody was told would leave the key with a PIN that nobody knows.
  private func takeBack(_ path: String) { unlink(path) }

  private func batch(_ policy: DeskPolicy, _ log: AuditLog) throws(Failure) -> ProgramExit {
    let given: PIN? = if let newPinFd { try PINPrompt.read(fd: newPinFd) } else { nil }
    let desk = BatchDesk(
      policy: policy, protector: try protector(), log: log, overwrite: force, now: { Int64(time(nil)) })
    let counts = try desk.run(directory: request, output: out ?? request, given: given) { file, result, pin in
      switch result {
      case .approved(let path, let item):
        let line = common.json ? json(file, item, path) : "ok  \(displaySafe(file))  \(displaySafe(item.keySerial))"
        let lost: Int32
        if newPinFd == nil, pinOut == nil {
          lost = PINLine.write(before: line + "  ", pin, to: STDOUT_FILENO)
        } else {
          Output.line(line)
          lost = if newPinFd == nil, let pinOut { PINLine.write(before: file + "\t", pin, to: pinOut) } else { 0 }
        }
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

  /// A mistyped administrator PIN makes answers that each cost the key a try: on a terminal it is asked twice.
  private func protector() throws(Failure) -> UnlockProtector {
    if let adminPinFd { return try UnlockProtector(admin: try PINPrompt.read(fd: adminPinFd)) }
    let pin = try PINPrompt.dialogue { terminal throws(PromptEnd) in
      while true {
        let pin = try PINPrompt.ask(own.deskAdminPIN, on: terminal)
        let again = try PINPrompt.ask(own.deskAdminAgain, on: terminal)
        if PIN.isEqual(pin, again) { return pin }
        terminal.write(PINWords[common.language].rule(.repeatDiffers) + "\n")
      }
    }
    return try UnlockProtector(admin: pin)
  }
}

/// A line that ends with a PIN, written from the PIN's own memory: it is never part of a string.
enum PINLine {
  /// - Returns: 0, or the `errno` with which it was not written, or not whole.
  static func write(before: String, _ pin: borrowing PIN, to descriptor: Int32) -> Int32 {
    var text = before
    return text.withUTF8 { head in
      pin.withBytes { secret in
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { end in
          end[0] = 0x0A
          var parts = [
            iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: secret.baseAddress), iov_len: secret.count),
            iovec(iov_base: end.baseAddress, iov_len: 1),
          ]
          let count = writev(descriptor, &parts, 3)
          return count < 0 ? errno : count == head.count + secret.count + 1 ? 0 : ENOSPC
        }
      }
    }
  }
}
