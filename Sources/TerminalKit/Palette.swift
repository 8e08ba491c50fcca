internal import CNcurses
import Glibc

/// Whether the terminal is drawn in colour.
package enum ColourChoice: String, Sendable, CaseIterable {
  /// Colour when the terminal has it and `NO_COLOR` is unset or empty (no-color.org).
  case auto
  case never
}

/// The one place that says how a style looks.
struct Palette {
  private var looks: [(attributes: UInt32, pair: Int32)]

  /// For the open screen: asks curses for colour and defines the pairs.
  init(_ choice: ColourChoice) {
    let noColour = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let isColour = choice == .auto && !noColour && has_colors() && start_color() == OK && ukey_colors() >= 8
    if isColour {
      let hasDefault = use_default_colors() == OK
      let background: Int16 = hasDefault ? -1 : 0
      let foreground: Int16 = hasDefault ? -1 : 7
      // Not the grey of colour 8: some palettes (Solarized) make it the background's own.
      init_pair(1, foreground, background)
      init_pair(2, 3, background)
      init_pair(3, 1, background)
      init_pair(4, 2, background)
      init_pair(5, 6, background)
      init_pair(6, 0, 6)
      // The first sixteen colours are the theme's to change; those of the cube are not.
      if ukey_colors() >= 256 { init_pair(7, 16, 231) } else { init_pair(7, 0, 7) }
      looks = Style.allCases.map { style in
        switch style {
        case .normal: (ukey_attr_normal, 0)
        case .title: (ukey_attr_bold, 0)
        case .selected: (ukey_attr_normal, 6)
        case .dim: (ukey_attr_dim, 1)
        case .warning: (ukey_attr_bold, 2)
        case .error: (ukey_attr_bold, 3)
        case .ok: (ukey_attr_normal, 4)
        case .key: (ukey_attr_bold, 5)
        case .border: (ukey_attr_dim, 1)
        case .paper: (ukey_attr_normal, 7)
        }
      }
    } else {
      looks = Style.allCases.map { style in
        switch style {
        case .normal, .dim, .ok, .border: (ukey_attr_normal, 0)
        case .title, .warning, .key: (ukey_attr_bold, 0)
        case .selected, .paper: (ukey_attr_reverse, 0)
        case .error: (ukey_attr_bold | ukey_attr_underline, 0)
        }
      }
    }
  }

  /// curses attributes and colour pair of a style.
  func look(_ style: Style) -> (attributes: UInt32, pair: Int32) {
    let index = Int(style.rawValue)
    return index < looks.count ? looks[index] : (ukey_attr_normal, 0)
  }
}
