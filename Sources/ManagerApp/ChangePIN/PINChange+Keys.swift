import TerminalKit
import TokenKit

extension PINChangeState {
  /// The keys follow the phase.
  var screen: Screen {
    switch phase {
    case .asking, .running: .pinBusy
    case .confirming: .pinConfirm
    case .editing: .pinFields
    case .weak: .pinWeak
    case .lastTry: .pinLocked
    case .ended(.locked): role == .user ? .pinLocked : .pinDone
    case .ended: canRetry ? .pinAgain : .pinDone
    }
  }
}

extension Screen {
  /// No letter and no digit: those belong to the fields.
  var pinBindings: [Binding] {
    let help = Binding("F1", [.function(1)], .help, rank: 4) { $0.help }
    let role = Binding("F2", [.function(2)], .toggleRole, rank: 3) { $0.toggleRole }
    let leave = Binding("Esc", [.escape], .back, rank: 1) { $0.back }
    let quit = Binding("F10", [.function(10)], .quit) { $0.quit }
    let own: [Binding] =
      switch self {
      case .pinConfirm: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.confirm }, role, leave]
      case .pinFields:
        [
          help,
          Binding("Enter", [.enter], .submit, rank: 0) { $0.submit },
          Binding("Tab ↓", [.tab, .down], .nextField, rank: 2) { $0.nextField },
          Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField },
          role, Binding("Esc", [.escape], .back, rank: 1) { $0.wipeAndLeave },
        ]
      case .pinWeak: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.useAnyway }, leave]
      case .pinAgain: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.tryAgain }, role, leave]
      case .pinLocked: [help, Binding("F3", [.function(3)], .unlock, rank: 0) { $0.unlock }, role, leave]
      case .pinDone: [help, Binding("Enter Esc", [.enter, .escape], .back, rank: 0) { $0.back }]
      default: [help, leave]
      }
    return own + [quit] + Screen.common
  }
}
