import Base

/// Runs a repair command that the user has said yes to, on this terminal.
enum FixRunner {
  /// - Returns: its exit status, or 128 and the signal; `errno` when there is no shell.
  static func run(_ command: String) -> Int32 {
    var shell = Program(["/bin/sh", "-c", command])
    shell.input = .ours
    shell.output = .ours
    shell.errors = .ours
    do throws(SystemError) {
      return ProcessEnd.wait(for: try shell.start()).code
    } catch {
      return error.number
    }
  }
}
