import Base
import DiagnosisKit
import Failures
import Glibc
import KeyService

/// Starts the key service so that it goes on when this program and its terminal end: as a unit of the user's systemd
/// where it is installed as one, else as a process in a session of its own.
struct ServiceLaunch {
  var arguments: [String] = []

  /// - Returns: once it answers.
  /// - Throws: `UK-641`, `UK-614`; `UK-640` when it does not come up.
  func run() throws(Failure) {
    let files = ServiceFiles()
    if (try? ControlClient(files)) != nil { return }
    let binary = try ServiceBinary.find()
    var started: Int32?
    if !(arguments.isEmpty && Self.startUnit()) {
      var program = Program([binary] + arguments)
      program.hasOwnSession = true
      do throws(SystemError) { started = try program.start() } catch { throw Failure(.keyServiceProgram, error) }
    }
    let deadline = Instant.now + .seconds(10)
    while Instant.now < deadline {
      if (try? ControlClient(files)) != nil { return }
      if let started, let end = ProcessEnd.look(at: started) {
        throw Failure(.keyServiceAbsent, function: "exit \(end.code)", context: displaySafe(binary))
      }
      usleep(50_000)
    }
    throw Failure(.keyServiceAbsent, function: "start", context: displaySafe(binary))
  }

  /// The same as a line of the shell; `nil` where it could not work.
  var fix: Fix? {
    guard ServiceFiles.ownRuntime != nil, (try? ServiceBinary.find()) != nil, let own = ServiceBinary.ownPath else {
      return nil
    }
    return Fix(([own, "serve", "start"] + arguments).map(shellWord).joined(separator: " "), needsRoot: false)
  }

  /// - Returns: `false` where there is no such unit, or no systemd of this user.
  private static func startUnit() -> Bool {
    let systemctl = "/usr/bin/systemctl"
    guard access(systemctl, X_OK) == 0, access("/run/systemd/system", F_OK) == 0 else { return false }
    let done = FinishedProgram.run([systemctl, "--user", "start", "ukey-service.service"], limit: .seconds(10))
    return done.end == .ended(.exited(0))
  }
}
