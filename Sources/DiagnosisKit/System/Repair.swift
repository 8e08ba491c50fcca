/// Runs a repair that the user has said yes to, away from the terminal.
package enum Repair {
  /// Waits for its end, at most a minute. - Returns: its exit status; 128 and the signal; 124 when it took too long.
  package static func run(_ fix: Fix) -> Int32 {
    switch ChildProcess.run(["/bin/sh", "-c", fix.command], limit: 60_000_000_000).end {
    case .exited(let code): code
    case .signalled(let signal): 128 + signal
    case .tooLong: 124
    case .notStarted(let number): number
    }
  }
}
