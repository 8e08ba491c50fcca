import Base

/// Runs a repair that the user has said yes to.
package enum Repair {
  /// Away from the terminal. Waits for its end, at most a minute.
  ///
  /// - Returns: its exit status; 128 and the signal; 124 when it took too long; `errno` when there is no shell.
  package static func run(_ fix: Fix) -> Int32 {
    switch FinishedProgram.run(words(fix), limit: .seconds(60)).end {
    case .ended(let end): end.code
    case .tooLong: 124
    case .notStarted(let number): number
    }
  }

  /// On this terminal, where it may ask and be interrupted: it takes as long as it takes. - Returns: as ``run(_:)``.
  package static func runOnTerminal(_ fix: Fix) -> Int32 {
    var shell = Program(words(fix))
    shell.input = .ours
    shell.output = .ours
    shell.errors = .ours
    do throws(SystemError) {
      return ProcessEnd.wait(for: try shell.start()).code
    } catch {
      return error.number
    }
  }

  private static func words(_ fix: Fix) -> [String] { ["/bin/sh", "-c", fix.command] }
}
