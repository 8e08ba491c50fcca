internal import CNcurses

/// The library that draws.
package enum CursesLibrary {
  /// As it calls itself: `ncurses 6.4.20221231`.
  package static var version: String { curses_version().map { String(cString: $0) } ?? "" }
}
