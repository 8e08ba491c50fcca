import TerminalKit
import TokenKit

extension PINScreenState {
  /// The keys follow the phase.
  var screen: Screen {
    guard login != nil else { return pinScreen }
    switch pinScreen {
    case .pinConfirm: return .loginConfirm
    case .pinFields: return .loginField
    case .pinAgain: return .loginAgain
    case .pinLocked: return .loginLocked
    case .pinDone: return .loginDone
    default: return .loginBusy
    }
  }

  private var pinScreen: Screen {
    switch phase {
    case .asking, .running: .pinBusy
    case .confirming: .pinConfirm
    case .editing: .pinFields
    case .weak: .pinWeak
    // With the last try of an administrator PIN there is nothing left to unlock with.
    case .lastTry: role == .user ? .pinLocked : .pinBusy
    case .ended, .tried:
      if outcome == .locked { role == .user ? .pinLocked : .pinDone } else { canRetry ? .pinAgain : .pinDone }
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
    let diagnose = Binding("F4", [.function(4)], .diagnose, rank: 2) { $0.diagnose }
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
      case .loginConfirm: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.confirm }, leave]
      case .loginField:
        [
          help, Binding("Enter", [.enter], .submit, rank: 0) { $0.beginTest },
          Binding("Esc", [.escape], .back, rank: 1) { $0.wipeAndLeave },
        ]
      case .loginAgain: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.tryAgain }, diagnose, leave]
      case .loginLocked: [help, Binding("F3", [.function(3)], .unlock, rank: 0) { $0.unlock }, leave]
      case .loginDone:
        [help, diagnose, Binding("Enter Esc", [.enter, .escape], .back, rank: 0) { $0.back }]
      case .loginBusy: [help, leave]
      case .pinDone: [help, Binding("Enter Esc", [.enter, .escape], .back, rank: 0) { $0.back }]
      default: [help, role, leave]
      }
    return own + [quit] + Screen.common
  }
}
