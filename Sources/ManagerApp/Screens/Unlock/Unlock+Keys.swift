import TerminalKit

extension UnlockScreenState {
  /// The keys follow the phase.
  var screen: Screen {
    switch phase {
    case .editing: .unlockFields
    case .review: .unlockReview
    case .making, .applying: .unlockBusy
    case .waiting: made?.session == nil ? .unlockDone : .unlockWaiting
    case .confirm: .unlockConfirm
    case .ended, .closed: .unlockDone
    }
  }
}

extension Screen {
  /// No letter and no digit: those belong to the fields.
  var unlockBindings: [Binding] {
    let help = Binding("F1", [.function(1)], .help, rank: 4) { $0.help }
    let leave = Binding("Esc", [.escape], .back, rank: 1) { $0.back }
    let quit = Binding("F10", [.function(10)], .quit) { $0.quit }
    let own: [Binding] =
      switch self {
      case .unlockFields:
        [
          help, Binding("Enter", [.enter], .submit, rank: 0) { $0.submit },
          Binding("Tab ↓", [.tab, .down], .nextField, rank: 2) { $0.nextField },
          Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField }, leave,
        ]
      case .unlockReview, .unlockConfirm: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.confirm }, leave]
      case .unlockWaiting: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.submit }, leave]
      case .unlockDone: [help, Binding("Enter", [.enter], .submit, rank: 0) { $0.confirm }, leave]
      default: [help, leave]
      }
    return own + [quit] + Screen.common
  }
}
