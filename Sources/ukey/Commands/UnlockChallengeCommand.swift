import ArgumentParser
import Base
import Failures
import Glibc
import UnlockKit
import Wording

/// `ukey unlock challenge`.
struct UnlockChallengeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "challenge", abstract: "When the desk is ready: make the key's challenge for a waiting request.",
    discussion: """
      Prints one line for the desk, also as a QR code and with --out as a file, and holds the key for 15 minutes: leave it \
      in. The answer is waited for (--wait), typed or pasted in, or applied from another terminal. The new PIN is asked on \
      the terminal or read from --new-pin-fd; nobody else learns a PIN.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions
  @OptionGroup var desks: DeskPinOptions

  @Argument(
    help: "The .ukreq file; by default the newest request that waits for this key.",
    completion: .file(extensions: ["ukreq"]))
  var request: String?

  @Option(help: ArgumentHelp("Write the challenge to this file as well.", valueName: "file.ukchl"))
  var out: String?

  @Option(help: ArgumentHelp("Wait until this response file is there, and apply it.", valueName: "file.ukresp"))
  var wait: String?

  @Flag(inversion: .prefixedNo, help: "Show the QR code; by default on a terminal.")
  var qr: Bool?

  @Option(help: ArgumentHelp("Read the new PIN from this file descriptor.", valueName: "fd"))
  var newPinFd: Int32?

  @Option(
    help: ArgumentHelp("Refuse it unless this is its check code, as read over the telephone.", valueName: "code"))
  var checkCode: String?

  @Flag(help: "Do not ask whether to go on.")
  var yes = false

  @Flag(help: "Overwrite existing files.")
  var force = false

  func run() throws {
    let application: ResponseApplication
    let result: ResponseApplication.Result?
    do throws(Failure) {
      let providers = try keys.selection(profile: asking.profile).providers()
      let key = try OneKey.find(keys.selection, among: providers)
      let directory = try StateDirectory.ofUser()
      application = ResponseApplication(
        key: key, directory: directory, desks: desks.certificates, asking: asking, newPinFd: newPinFd,
        isConfirmed: yes || newPinFd != nil, checkCode: checkCode, common: common)
      result = try ChallengeStep(
        key: key, providers: providers, waiting: try waiting(key, directory), application: application, file: out,
        overwrites: force || (!yes && Overwriting.isAgreed([out], force: false, common)), answer: wait,
        qr: QRDisplay(language: common.language, isWanted: qr)
      ).run()
    } catch {
      throw common.fail(error)
    }
    if let result { try application.finish(result) }
  }

  private func waiting(_ key: OneKey, _ directory: StateDirectory) throws(Failure) -> WaitingRequest {
    let requests = WaitingRequests(directory)
    if let request {
      let bytes = try Failure.mapping(.fileRead, try readFile(request, limit: SealedDocument.limit))
      let (document, digest) = try UnlockRequest.parse(bytes)
      guard document.version == UnlockRequest.version else { throw Failure(.formatRetired) }
      return try requests.find(digest.digest)
    }
    let serial = key.snapshot.device.serial.value?.text ?? ""
    guard let found = requests.newest(keySerial: serial) else {
      throw Failure(.notWaiting, context: displaySafe(serial))
    }
    return found
  }
}
