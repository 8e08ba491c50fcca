internal import CNcurses
import Glibc

/// Whether the terminal is drawn in colour.
package enum ColourChoice: String, Sendable, CaseIterable {
  /// Colour when the terminal has it and `NO_COLOR` is unset or empty (no-color.org).
  case auto
  case never
}

/// How the styles look, for eyes and terminals that differ.
package enum Theme: String, Sendable, CaseIterable {
  /// For dark and light backgrounds alike, in the terminal's own colours.
  case standard = "default"
  /// Nothing faint, what is selected in reverse.
  case contrast
  /// For light backgrounds: no yellow and no cyan, which are hard to see on white.
  case light
}

/// The one place that says how a style looks.
struct Palette {
  private var looks: [(attributes: UInt32, pair: Int32)]

  private typealias Look = (attributes: UInt32, pair: Int32)

  /// For the open screen: asks curses for colour and defines the pairs.
  init(_ choice: ColourChoice, _ theme: Theme) {
    let noColour = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let isColour = choice == .auto && !noColour && has_colors() && start_color() == OK && ukey_colors() >= 8
    guard isColour else {
      looks = Style.allCases.map { Self.plain($0) }
      return
    }
    let hasDefault = use_default_colors() == OK
    let background: Int16 = hasDefault ? -1 : theme == .light ? 7 : 0
    let foreground: Int16 = hasDefault ? -1 : theme == .light ? 0 : 7
    let isRich = ukey_colors() >= 256
    // Not the grey of colour 8: some palettes (Solarized) make it the background's own.
    init_pair(1, foreground, background)
    // The first sixteen colours are the terminal's to change; those of the cube are not.
    init_pair(2, theme == .light ? (isRich ? 130 : 5) : 3, background)
    init_pair(3, theme == .light && isRich ? 124 : 1, background)
    init_pair(4, theme == .light && isRich ? 22 : 2, background)
    init_pair(5, theme == .light ? 4 : 6, background)
    init_pair(6, theme == .light ? 7 : 0, theme == .light ? 4 : 6)
    if isRich { init_pair(7, 16, 231) } else { init_pair(7, 0, 7) }
    looks = Style.allCases.map { Self.coloured($0, theme) }
  }

  private static func coloured(_ style: Style, _ theme: Theme) -> Look {
    let isContrast = theme == .contrast
    return switch style {
    case .normal: (ukey_attr_normal, 0)
    case .title: (ukey_attr_bold, 0)
    case .selected: isContrast ? (ukey_attr_bold | ukey_attr_reverse, 1) : (ukey_attr_normal, 6)
    case .dim, .border: (isContrast ? ukey_attr_normal : ukey_attr_dim, 1)
    case .warning: (ukey_attr_bold, 2)
    case .error: (isContrast ? ukey_attr_bold | ukey_attr_reverse : ukey_attr_bold, 3)
    case .ok: (isContrast ? ukey_attr_bold : ukey_attr_normal, 4)
    case .key: (isContrast ? ukey_attr_bold | ukey_attr_underline : ukey_attr_bold, 5)
    case .paper: (ukey_attr_normal, 7)
    }
  }

  private static func plain(_ style: Style) -> Look {
    switch style {
    case .normal, .dim, .ok, .border: (ukey_attr_normal, 0)
    case .title, .warning, .key: (ukey_attr_bold, 0)
    case .selected, .paper: (ukey_attr_reverse, 0)
    case .error: (ukey_attr_bold | ukey_attr_underline, 0)
    }
  }

  /// curses attributes and colour pair of a style.
  func look(_ style: Style) -> (attributes: UInt32, pair: Int32) {
    let index = Int(style.rawValue)
    return index < looks.count ? looks[index] : (ukey_attr_normal, 0)
  }
}
