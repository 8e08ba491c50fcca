internal import Glibc

/// Columns and rows of the terminal behind a descriptor; `nil` where it is none, or does not tell.
package func terminalSize(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
  var size = winsize()
  guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
  else {
    return nil
  }
  return (Int(size.ws_col), Int(size.ws_row))
}
