import ArgumentParser
import Failures
import Glibc
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// `ukey unlock request`.
struct UnlockRequestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Make a request for unlocking, renewal, replacement or change.",
    discussion: """
      Writes NAME.ukreq and, with --form, a form to print. For a key that can be unlocked by file it then holds the key \
      and waits for the response: leave the key in. No PIN is needed or written.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions
  @OptionGroup var fields: ApplicantOptions

  @Option(help: "What for: unlock, renew, reissue or change.")
  var kind: UnlockKind = .unlock

  @Option(help: "The request file; by default SERIAL.ukreq.")
  var out: String?

  @Option(help: ArgumentHelp("Also write a form to print and stamp.", valueName: "file.html"))
  var form: String?

  @Option(help: ArgumentHelp("Wait until this response file is there, and apply it.", valueName: "file.ukresp"))
  var wait: String?

  @Flag(help: "Do not wait for the response: it can then not be applied to keys that need a challenge.")
  var noWait = false

  @Flag(inversion: .prefixedNo, help: "Show the QR code; by default on a terminal.")
  var qr: Bool?

  @Option(help: ArgumentHelp("Read the PIN to set after unlocking from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  @Flag(help: "Write without asking.")
  var yes = false

  @Flag(help: "Overwrite existing files.")
  var force = false

  @Flag(help: "Leave the temporary PIN after applying.")
  var noChange = false

  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }
  private var isInteractive: Bool { !yes && isatty(STDIN_FILENO) == 1 }

  func run() throws {
    let ending: Ending?
    do throws(Failure) {
      ending = try request()
    } catch {
      throw common.fail(error)
    }
    if let ending { try ending.application.finish(ending.result) }
  }

  /// The result of a response applied while waiting; `run` ends the program with it.
  private struct Ending {
    var application: ResponseApplication
    var result: ResponseApplication.Result
  }

  private func request() throws(Failure) -> Ending? {
    let providers = try keys.selection(profile: asking.profile).providers()
    let key = try OneKey.find(keys.selection, among: providers)
    let directory = try StateDirectory.ofUser()
    if fields.forget { directory.forgetApplicant() }
    let application = try key.snapshot.application(asking.application).name
    var making = RequestMaking(
      kind: kind, application: application, applicant: Applicant(),
      file: out ?? RequestMaking.fileName(keySerial: key.snapshot.device.serial.value?.text), form: form,
      overwrites: force,
      remembers: fields.remember)
    // Before anything is asked: a name that is taken is no reason to type all of it twice.
    try making.checkNames()
    if kind.replacesEncryptionKey, !common.json { Output.note(Symbol.warning.before(words.keyWarning)) }
    making.applicant = try fields.applicant(
      remembered: directory.rememberedApplicant(),
      certificateUSCC: key.snapshot.mainCertificate(application: application)?.certificate.value?.uscc?.code,
      interactive: isInteractive, words: words)
    // The challenge last: everything that takes time is done.
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
    let held = try sealed.write(keeping: directory) { UnlockForm(request: $0.request, document: $0.document).html }
    report(sealed, making)
    guard let held, !noWait else { return nil }
    defer { withExtendedLifetime(held) {} }
    return try waitForAnswer(key, providers, directory)
  }

  private func report(_ sealed: SealedRequest, _ making: RequestMaking) {
    let (request, document, compact) = (sealed.request, sealed.document, sealed.compact)
    if common.json {
      let value = JSONValue.object([
        ("schema", "ukey.unlock-request/1"), ("file", .string(making.file)), ("form", making.form.map { .string($0) }),
        ("digest", .string(document.digestText)), ("checkCode", .string(document.checkCode)),
        ("challenge", .bool(request.challenge != nil)), ("compact", .string(compact)),
      ])
      // One document a line: that of the response may follow.
      Output.line(value.line)
      return
    }
    Output.line(words.written(displaySafe(making.file)))
    if let form = making.form { Output.line(words.formWritten(displaySafe(form))) }
    Output.line(words.checkCode + "  " + document.checkCode)
    if qr ?? (isatty(STDOUT_FILENO) == 1) { showQR(compact) }
    if request.kind == .unlock, request.challenge == nil { Output.line(words.notRemote) }
  }

  private func showQR(_ text: String) {
    var size = winsize()
    let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    if let code = QRCode(text), !isTerminal || (code.cells.width <= size.ws_col && code.cells.height < size.ws_row) {
      Output.line(own.scan)
      // A terminal's theme is not known: with colours of its own the code is right in light and dark ones.
      let hasColour = isTerminal && getenv("NO_COLOR") == nil && getenv("TERM").map { String(cString: $0) } != "dumb"
      Output.line((hasColour ? code.colouredHalfBlocks() : code.halfBlocks()).joined(separator: "\n"))
    } else {
      Output.line(own.noRoomForQR)
      Output.line(text)
    }
  }

  /// Holds the key until a response has been sent, or the waiting is ended.
  private func waitForAnswer(
    _ key: OneKey, _ providers: [any TokenProvider], _ directory: StateDirectory
  ) throws(Failure) -> Ending? {
    let typing = isatty(STDIN_FILENO) == 1
    guard wait != nil || typing else { return nil }
    let waiting = try AnswerWait(key.snapshot.source, providers: providers)
    let application = ResponseApplication(
      key: key, directory: directory, asking: asking, newPinFd: newPinFd, isConfirmed: yes || asking.pinFd != nil,
      changesPIN: !noChange, common: common)
    if !common.json {
      Output.note(words.keepInserted)
      Output.note(words.invalidates)
      if let wait { Output.note(own.waitingForFile(displaySafe(wait))) }
    }
    while true {
      if typing, !common.json { Output.note(own.elsewhere + "\n" + own.askResponse) }
      let path: String
      switch try waiting.next(file: wait, typing: typing) {
      case .file: path = wait ?? ""
      case .typed(let line): path = line
      case .ended: return nil
      case .keyGone: throw Failure(.challengeGone, causes: [Failure(.cardRemoved)])
      }
      do throws(Failure) {
        return Ending(application: application, result: try application.run(path))
      } catch {
        // A wrong file is no reason to give the challenge up while someone can name another one.
        guard typing, wait == nil, error.code != .challengeGone else { throw error }
        Output.note(FailureReport(failure: error, language: common.language).text)
      }
    }
  }
}
