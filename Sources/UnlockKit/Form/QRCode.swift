internal import CQRencode

/// A QR code (ISO/IEC 18004) as its modules, without quiet zone.
package struct QRCode: Sendable, Equatable {
  /// Light modules that must surround it on each side.
  package static let quietZone = 4

  /// Modules on each side.
  package let size: Int
  private let modules: [Bool]

  /// The smallest code of error correction level L that holds the text; `nil` when none does.
  package init?(_ text: String) {
    guard !text.isEmpty, !text.utf8.contains(0), text.utf8.count <= 2000,
      let code = text.withCString({ QRcode_encodeString($0, 0, QR_ECLEVEL_L, QR_MODE_8, 1) })
    else { return nil }
    defer { QRcode_free(code) }
    let size = Int(code.pointee.width)
    guard size > 0, size <= 177, let data = code.pointee.data else { return nil }
    self.size = size
    modules = (0..<size * size).map { data[$0] & 1 == 1 }
  }

  /// Whether the module is dark; everything outside the code is light.
  package func isDark(_ x: Int, _ y: Int) -> Bool {
    (0..<size).contains(x) && (0..<size).contains(y) && modules[y * size + x]
  }

  /// Columns and rows of a terminal that ``halfBlocks()`` needs.
  package var cells: (width: Int, height: Int) {
    let side = size + 2 * Self.quietZone
    return (side, (side + 1) / 2)
  }

  /// Two modules a cell with `▀`, `▄`, `█` and blanks: drawn character means light, blank means dark, so that with
  /// light text on a dark ground it is right without colours. On a dark text on light ground the caller must set the
  /// colours, or use ``halfBlocks(inverted:)``.
  ///
  /// - Parameter inverted: drawn character means dark.
  package func halfBlocks(inverted: Bool = false) -> [String] {
    let zone = Self.quietZone
    return stride(from: -zone, to: size + zone, by: 2).map { y in
      var line = ""
      for x in -zone..<size + zone {
        let upper = isDark(x, y) == inverted
        // Below the last row of an odd number there is nothing to draw: light, as the zone.
        let lower = (y + 1 < size + zone ? isDark(x, y + 1) : false) == inverted
        line += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
      }
      return line
    }
  }

  /// The same with colours of its own: black on white whatever the terminal's theme, so that it can be scanned in light
  /// and in dark ones. Each line begins and ends with the escape sequences (ECMA-48 SGR).
  package func colouredHalfBlocks() -> [String] {
    halfBlocks(inverted: true).map { "\u{1B}[38;5;16;48;5;231m" + $0 + "\u{1B}[0m" }
  }

  /// One `<svg>` element of `side` millimetres with quiet zone, for printing.
  package func svg(side: Int) -> String {
    let zone = Self.quietZone
    let total = size + 2 * zone
    var path = ""
    for y in 0..<size {
      var x = 0
      while x < size {
        guard isDark(x, y) else {
          x += 1
          continue
        }
        let start = x
        while x < size, isDark(x, y) { x += 1 }
        path += "M\(start + zone) \(y + zone)h\(x - start)v1h-\(x - start)z"
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR" width="\(side)mm" height="\(side)mm" \
      viewBox="0 0 \(total) \(total)" shape-rendering="crispEdges"><rect width="\(total)" height="\(total)" \
      fill="#fff"/><path d="\(path)" fill="#000"/></svg>
      """
  }
}
