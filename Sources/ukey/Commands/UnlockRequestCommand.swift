import ArgumentParser
import Base
import Failures
import Glibc
import ManagerApp
import StrictJSON
import TokenKit
import UnlockKit

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
  private var isInteractive: Bool { !yes && isatty(STDIN_FILENO) == 1 }

  func run() throws {
    do throws(Failure) {
      try request()
    } catch {
      throw common.fail(error)
    }
    guard let pending = Self.pending else { return }
    try pending.application.finish(pending.result)
  }

  /// The result of a response applied while waiting; `run` ends the program with it.
  private struct Pending {
    var application: ResponseApplication
    var result: ResponseApplication.Result
  }
  nonisolated(unsafe) private static var pending: Pending?

  private func request() throws(Failure) {
    let providers = try keys.selection(profile: asking.profile).providers()
    let key = try OneKey.find(keys.selection, among: providers)
    let directory = try StateDirectory.ofUser()
    if fields.forget { directory.forgetApplicant() }
    let application = try key.application(asking.application)
    let serial = key.snapshot.device.serial.value
    if kind.replacesEncryptionKey, !common.json { Output.note("⚠ " + words.keyWarning) }
    let draft = try UnlockRequest(
      kind: kind, snapshot: key.snapshot, application: application.name, challenge: nil, applicant: Applicant(),
      program: program, now: Int64(time(nil)))
    let applicant = try fields.applicant(
      remembered: directory.rememberedApplicant(), certificateUSCC: draft.mainCertificate?.uscc,
      interactive: isInteractive, words: words)
    // The challenge last: everything that takes time is done.
    let challenge = kind == .unlock ? try challenge(key, application.name, serial) : nil
    let request = try UnlockRequest(
      kind: kind, snapshot: key.snapshot, application: application.name, challenge: challenge, applicant: applicant,
      program: program, now: Int64(time(nil)))
    let document = try request.sealed()
    let file = absolutePath(out ?? fileName(serial))
    if !common.json {
      let text = RequestText(request: request, checkCode: document.checkCode, language: common.language)
      Output.line(text.lines.joined(separator: "\n"))
    }
    if !yes {
      Output.note(words.willWrite(displaySafe(file)))
      guard LinePrompt.confirms(words.confirmWrite) else { throw Failure(.cancelled) }
    }
    var held: HeldChallenge?
    if let challenge, let serial {
      held = try OpenChallenge(
        request: document.digest, keySerial: serial, challenge: challenge, created: request.created
      ).hold(in: directory)
    }
    try write(document.bytes, file)
    if let form { try write(Array(UnlockForm(request: request, document: document).html.utf8), form) }
    if fields.remember { try directory.remember(applicant) }
    report(request, document, file)
    if let held {
      if !noWait { try waitForAnswer(key, providers, directory) }
      withExtendedLifetime(held) {}
    }
  }

  private var program: String { "ukey " + UKey.configuration.version }

  private func challenge(_ key: OneKey, _ application: String, _ serial: String?) throws(Failure) -> UnlockChallenge? {
    do throws(Failure) {
      return try key.token.unlockChallenge(application: application, keySerial: serial)
    } catch {
      guard error.code == .unlockNotRemote else { throw error }
      return nil
    }
  }

  private func fileName(_ serial: String?) -> String {
    let safe = (serial ?? "key").unicodeScalars.filter { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: safe.prefix(64))
    return (view.isEmpty ? "key" : String(view)) + ".ukreq"
  }

  private func write(_ bytes: [UInt8], _ path: String) throws(Failure) {
    switch writeFile(bytes, to: path, overwrite: force, mode: 0o600) {
    case .written: return
    case .exists: throw Failure(.fileExists, context: displaySafe(path))
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }

  private func report(_ request: UnlockRequest, _ document: SealedDocument, _ file: String) {
    let compact = CompactRequest(request, digest: document.digest).text
    if common.json {
      let value = JSONValue.object([
        ("schema", "ukey.unlock-request/1"), ("file", .string(file)), ("form", form.map { .string(absolutePath($0)) }),
        ("digest", .string(document.digestText)), ("checkCode", .string(document.checkCode)),
        ("challenge", .bool(request.challenge != nil)), ("compact", .string(compact)),
      ])
      // One document a line: that of the response may follow.
      Output.line(value.line)
      return
    }
    Output.line(words.written(displaySafe(file)))
    if let form { Output.line(words.formWritten(displaySafe(absolutePath(form)))) }
    Output.line(words.checkCode + "  " + document.checkCode)
    if qr ?? (isatty(STDOUT_FILENO) == 1) { showQR(compact) }
    if request.kind == .unlock, request.challenge == nil { Output.line(words.notRemote) }
  }

  private func showQR(_ text: String) {
    var size = winsize()
    let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    if let code = QRCode(text), !isTerminal || (code.cells.width <= size.ws_col && code.cells.height < size.ws_row) {
      Output.line(words.scan)
      // A terminal's theme is not known: with colours of its own the code is right in light and dark ones.
      let hasColour = isTerminal && getenv("NO_COLOR") == nil && getenv("TERM").map { String(cString: $0) } != "dumb"
      Output.line((hasColour ? code.colouredHalfBlocks() : code.halfBlocks()).joined(separator: "\n"))
    } else {
      Output.line(words.noRoomForQR)
      Output.line(text)
    }
  }

  /// Holds the key until a response has been sent, or the waiting is ended.
  private func waitForAnswer(
    _ key: OneKey, _ providers: [any TokenProvider], _ directory: StateDirectory
  ) throws(Failure) {
    let typing = isatty(STDIN_FILENO) == 1
    guard wait != nil || typing else { return }
    let waiting = try AnswerWait(key.snapshot.source, providers: providers)
    let application = ResponseApplication(
      key: key, directory: directory, asking: asking, newPinFd: newPinFd, isConfirmed: yes || asking.pinFd != nil,
      changesPIN: !noChange, common: common)
    if !common.json {
      Output.note(words.keepInserted)
      Output.note(words.invalidates)
      if let wait { Output.note(words.waitingForFile(displaySafe(wait))) }
    }
    while true {
      if typing, !common.json { Output.note(words.elsewhere + "\n" + words.askResponse) }
      let path: String
      switch try waiting.next(file: wait, typing: typing) {
      case .file: path = wait ?? ""
      case .typed(let line): path = line
      case .ended: return
      case .keyGone: throw Failure(.challengeGone, causes: [Failure(.cardRemoved)])
      }
      do throws(Failure) {
        Self.pending = Pending(application: application, result: try application.run(path))
        return
      } catch {
        // A wrong file is no reason to give the challenge up while someone can name another one.
        guard typing, wait == nil, error.code != .challengeGone else { throw error }
        Output.note(FailureReport(failure: error, language: common.language).text)
      }
    }
  }
}
