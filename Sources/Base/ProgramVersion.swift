/// What this program calls itself, in `--version`, in requests and in reports.
package enum ProgramVersion {
  package static let number = "0.1.0"
  /// `ukey 0.1.0`.
  package static let text = "ukey " + number
}
