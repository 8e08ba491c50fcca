internal import Glibc

extension PinentryPrompt.Place {
  /// The terminal that the holder registered, else the display of this process; `nil` when there is neither.
  package static func find(_ files: ServiceFiles) -> PinentryPrompt.Place? {
    if let found = RegisteredTerminal(files) {
      // Without a display pinentry takes the terminal, whichever one it is.
      return PinentryPrompt.Place(
        environment: ["TERM": found.kind, "DISPLAY": "", "WAYLAND_DISPLAY": ""], terminal: (found.path, found.kind))
    }
    func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }
    let hasDisplay = isSet("DISPLAY") || isSet("WAYLAND_DISPLAY")
    return hasDisplay ? PinentryPrompt.Place(environment: [:]) : nil
  }
}
