import TerminalKit
import Wording

/// What a key can do.
enum Action: Sendable, Hashable {
  case up, down, pageUp, pageDown, first, last
  case help, detail, export, reread, redraw
  case back, quit, interrupt, suspend
  case changePIN, toggleRole, submit, unlock, login
  case nextField, previousField, toggleFormat, save, overwrite
  case diagnose, checkAgain, previewReport, saveReport, askRepair, repair
}

/// Which keys mean what on a screen: the one table from which keys are handled, the hint bar is folded and the help
/// is listed.
struct Binding: Sendable {
  var keys: [Key]
  /// How the keys are written, for example `↑ k`.
  var label: String
  var action: Action
  var word: @Sendable (Words) -> String
  /// Whether it stands in the hint bar; smaller ranks stay longer when the bar is folded. `nil`: only in the help.
  var rank: Int?

  init(
    _ label: String, _ keys: [Key], _ action: Action, rank: Int? = nil, _ word: @escaping @Sendable (Words) -> String
  ) {
    self.keys = keys
    self.label = label
    self.action = action
    self.word = word
    self.rank = rank
  }
}

/// Whether an action can be taken now. A disabled one stays visible and says why.
enum Availability: Equatable {
  case available
  case unavailable(String)
}

/// The screens that have keys of their own.
enum Screen: Sendable {
  case main, detail, help, export, overwrite
  case diagnosis, diagnosisPreview, diagnosisRepair
  case pinBusy, pinConfirm, pinFields, pinWeak, pinAgain, pinDone, pinLocked
  case loginBusy, loginConfirm, loginField, loginAgain, loginDone, loginLocked
  case unlockFields, unlockReview, unlockBusy, unlockWaiting, unlockConfirm, unlockDone

  var bindings: [Binding] {
    switch self {
    case .main:
      [
        Binding("F1 ?", [.function(1), .character("?")], .help, rank: 0) { $0.help },
        Binding("F2", [.function(2)], .changePIN, rank: 2) { $0.changePIN },
        Binding("F3", [.function(3)], .unlock, rank: 3) { $0.unlock },
        Binding("F4", [.function(4)], .diagnose, rank: 4) { $0.diagnose },
        Binding("F5", [.function(5)], .login, rank: 5) { $0.login },
        Binding("F6 e", [.function(6), .character("e")], .export, rank: 6) { $0.export },
        Binding("Enter", [.enter], .detail, rank: 8) { $0.detail },
        Binding("r", [.character("r")], .reread, rank: 7) { $0.reread },
      ] + Screen.movement + [
        Binding("q F10", [.character("q"), .function(10)], .quit, rank: 1) { $0.quit }
      ] + Screen.common
    case .detail:
      [
        Binding("F1 ?", [.function(1), .character("?")], .help, rank: 0) { $0.help },
        Binding("F6 e", [.function(6), .character("e")], .export, rank: 2) { $0.export },
      ] + Screen.movement + [
        Binding("Esc q", [.escape, .character("q"), .left, .backspace], .back, rank: 1) { $0.back },
        Binding("F10", [.function(10)], .quit) { $0.quit },
      ] + Screen.common
    case .help:
      Screen.movement + [
        Binding(
          "Esc q", [.escape, .character("q"), .enter, .function(1), .character("?")], .back, rank: 0
        ) { $0.back },
        Binding("F10", [.function(10)], .quit) { $0.quit },
      ] + Screen.common
    case .export:
      [
        Binding("F1", [.function(1)], .help, rank: 3) { $0.help },
        Binding("Enter", [.enter], .save, rank: 0) { $0.save },
        Binding("Tab ↓", [.tab, .down], .nextField, rank: 2) { $0.nextField },
        Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField },
        Binding("F2", [.function(2)], .toggleFormat, rank: 4) { $0.toggleFormat },
        Binding("Esc", [.escape], .back, rank: 1) { $0.cancel },
        Binding("F10", [.function(10)], .quit) { $0.quit },
      ] + Screen.common
    case .overwrite:
      [
        Binding("y", [.character("y"), .character("Y")], .overwrite, rank: 0) { $0.overwrite },
        Binding("Esc n", [.escape, .character("n"), .character("N")], .back, rank: 1) { $0.back },
        Binding("F10", [.function(10)], .quit) { $0.quit },
      ] + Screen.common
    case .diagnosis, .diagnosisPreview, .diagnosisRepair: diagnosisBindings
    case .pinBusy, .pinConfirm, .pinFields, .pinWeak, .pinAgain, .pinDone, .pinLocked: pinBindings
    case .loginBusy, .loginConfirm, .loginField, .loginAgain, .loginDone, .loginLocked: pinBindings
    case .unlockFields, .unlockReview, .unlockBusy, .unlockWaiting, .unlockConfirm, .unlockDone: unlockBindings
    }
  }

  static let movement = [
    Binding("↑ k", [.up, .character("k")], .up) { $0.up },
    Binding("↓ j", [.down, .character("j")], .down) { $0.down },
    Binding("PgUp", [.pageUp], .pageUp) { $0.pageUp },
    Binding("PgDn", [.pageDown, .character(" ")], .pageDown) { $0.pageDown },
    Binding("Home g", [.home, .character("g")], .first) { $0.first },
    Binding("End G", [.end, .character("G")], .last) { $0.last },
  ]

  static let common = [
    Binding("Ctrl-L", [.control("l")], .redraw) { $0.redraw },
    Binding("Ctrl-Z", [.control("z")], .suspend) { $0.suspend },
    Binding("Ctrl-C", [.control("c")], .interrupt) { $0.interrupt },
  ]
}

extension State {
  /// The screen that takes the keys.
  var screen: Screen {
    switch overlays.last {
    case nil: .main
    case .help: .help
    case .detail: .detail
    case .export(let export): export.isAskingToOverwrite ? .overwrite : .export
    case .pin(let pin): pin.screen
    case .unlock(let unlock): unlock.screen
    case .diagnosis(let diagnosis): diagnosis.screen
    }
  }

  func availability(_ action: Action) -> Availability {
    switch action {
    case .detail:
      if selectedCertificate != nil { return .available }
      if selectedEntry?.entry.certificate.failure != nil || selectedSlot.map({ !$0.isEmpty }) == true {
        return .unavailable(words.noCertificateSelected)
      }
      return .unavailable(words.noKeySelected)
    case .export:
      if screen == .detail || selectedCertificate != nil { return .available }
      return .unavailable(
        selectedSlot.map { !$0.isEmpty } == true ? words.noCertificateSelected : words.noKeySelected)
    case .reread:
      // With no service this looks for it again: one that refused does not say when it would no longer.
      if case .down = service { return .available }
      return selectedSlot.map { !$0.isEmpty } == true ? .available : .unavailable(words.noKeySelected)
    case .save, .nextField, .previousField, .toggleFormat:
      if case .export(let export) = overlays.last, export.phase == .writing { return .unavailable(words.writing) }
      return .available
    case .changePIN: return pinAvailability()
    case .unlock: return unlockAvailability()
    case .login: return loginAvailability()
    case .previewReport, .askRepair: return diagnosisAvailability(action)
    case .toggleRole:
      guard let pin = pinScreen else { return .available }
      if pin.isRunning { return .unavailable(pinWords.running) }
      return pin.hasAdmin ? .available : .unavailable(pinWords.noAdminPIN)
    case .back, .quit, .suspend:
      if action == .back, pinScreen?.isSlow == true { return .available }
      if unlockScreen?.isRunning == true, screen != .help || action != .back {
        return .unavailable(unlockWords.applying)
      }
      if pinScreen?.isRunning == true, screen != .help || action != .back { return .unavailable(pinWords.running) }
      return .available
    default: return .available
    }
  }
}
