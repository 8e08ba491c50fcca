/// What a piece of text means. How that looks (colour or attributes) is decided in one place, `Palette`.
///
/// A style never carries a meaning alone: a symbol or a word stands beside it.
package enum Style: UInt8, Sendable, CaseIterable {
  case normal
  case title
  case selected
  case dim
  case warning
  case error
  case ok
  case key
  case border
  /// Black on white whatever the terminal's theme: what a camera reads.
  case paper
}
