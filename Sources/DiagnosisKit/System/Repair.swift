import Base

/// Runs a repair that the user has said yes to, away from the terminal.
package enum Repair {
  /// Waits for its end, at most a minute. - Returns: its exit status; 128 and the signal; 124 when it took too long.
  package static func run(_ fix: Fix) -> Int32 {
    switch FinishedProgram.run(["/bin/sh", "-c", fix.command], limit: .seconds(60)).end {
    case .ended(let end): end.code
    case .tooLong: 124
    case .notStarted(let number): number
    }
  }
}
