import Base
import Failures
import Glibc
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// The second step of a request: a challenge of the key, told to the desk, which lives minutes; then its answer is waited for
/// and applied. The key stays connected meanwhile.
struct ChallengeStep {
  var key: OneKey
  var providers: [any TokenProvider]
  var waiting: WaitingRequest
  var application: ResponseApplication
  /// Where the challenge goes; `nil`: it is only shown.
  var file: String?
  var overwrites: Bool
  /// A response to wait for.
  var answer: String?
  var qr: QRDisplay

  private var common: CommonOptions { application.common }
  private var words: UnlockWords { _read { yield UnlockWords[common.language] } }
  private var own: UnlockCommandWords { _read { yield UnlockCommandWords[common.language] } }

  /// - Returns: `nil` when the waiting was ended.
  /// - Throws: `UK-406` when the request is of another key; what the key says; `UK-512` when its time is over, `UK-514`
  ///   when the key was taken out.
  func run() throws(Failure) -> ResponseApplication.Result? {
    let request = waiting.request
    let serial = key.snapshot.device.serial.value
    guard let serial, serial.text == request.key.serial else {
      throw Failure(.keyChanged, context: displaySafe(request.key.serial ?? ""))
    }
    let name = try key.snapshot.application(request.application).name
    let challenge = try key.token.unlockChallenge(
      PINReference(application: name, role: .admin, keySerial: serial))
    let ticket = try waiting.ticket(challenge, now: Int64(time(nil)))
    let held = try OpenChallenge(ticket).hold(in: application.directory)
    defer { withExtendedLifetime(held) {} }
    try tell(ticket)
    return try wait(until: ticket.expires)
  }

  private func tell(_ ticket: ChallengeTicket) throws(Failure) {
    let line = try ticket.text()
    if let file {
      switch writeFile(Array((line + "\n").utf8), to: file, overwrite: overwrites, mode: 0o600) {
      case .written: break
      case .exists: throw Failure(.fileExists, context: displaySafe(file))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
    }
    if common.json {
      // One document a line: that of the response follows.
      Output.line(
        JSONValue.object([
          ("schema", "ukey.unlock-challenge/1"), ("time", documentTime()), ("key", KeyReference(key.snapshot).json),
          ("line", .string(line)), ("file", file.map { .string($0) }),
          ("request", .string(waiting.document.digestText)), ("checkCode", .string(waiting.document.checkCode)),
          ("expires", .string(isoTime(ticket.expires))),
        ]).line)
      return
    }
    Output.line(words.checkCode + "  " + waiting.document.checkCode)
    Output.line(words.challengeLine)
    Output.line(line)
    if let file { Output.line(own.challengeWritten(displaySafe(file))) }
    qr.show(line)
    Output.line(words.challengeUntil(LocalTime.text(ticket.expires)))
  }

  private func wait(until end: Int64) throws(Failure) -> ResponseApplication.Result? {
    let typing = isatty(STDIN_FILENO) == 1
    let waiting = try AnswerWait(key.snapshot.source, providers: providers)
    if !common.json {
      Output.note(words.keepInserted)
      if let answer { Output.note(own.waitingForFile(displaySafe(answer))) }
    }
    while true {
      if typing, !common.json { Output.note(own.elsewhere + "\n" + own.askResponse) }
      let given: String
      switch try waiting.next(file: answer, typing: typing, until: end) {
      case .file: given = answer ?? ""
      case .typed(let line): given = line
      case .ended: return nil
      case .late: throw Failure(.responseExpired, context: LocalTime.text(end))
      case .keyGone: throw Failure(.challengeGone, causes: [Failure(.cardRemoved)])
      }
      do throws(Failure) {
        return try application.run(given)
      } catch {
        // A wrong file is no reason to give the challenge up while someone can name another one.
        guard typing, answer == nil, error.code != .challengeGone else { throw error }
        Output.note(FailureReport(failure: error, language: common.language).text)
      }
    }
  }
}
