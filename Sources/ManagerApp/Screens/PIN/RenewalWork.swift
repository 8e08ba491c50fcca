import Base
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

/// What the screen of a PIN has beyond that for a renewal: what is done once the PIN is right, and how far it is.
struct RenewalWork: Sendable {
  /// Which comes back when it has ended, or was not begun.
  var screen: RenewalScreen
  var task: RenewalTask
  var journal: RenewalJournal
  /// Steps that have begun, the last one under way.
  var begun: [RenewalStep] = []

  /// The steps of the task in their order.
  var steps: [RenewalStep] {
    let hasPair = (screen.answer?.checked.encryption ?? nil) != nil || journal.envelope != nil
    let install: [RenewalStep] =
      [.container] + (hasPair ? [.encryptionPair] : []) + [.signatureCertificate]
      + (hasPair ? [.encryptionCertificate] : []) + [.check]
    return switch task {
    case .request: [.container, .pair, .request]
    case .install: install
    // What is there already is only looked at.
    case .remove: [.check, .removal]
    }
  }

  var act: RenewalAct {
    switch task {
    case .request: .request
    case .install: .install
    case .remove: .remove
    }
  }

  /// What is told when the screen has been left meanwhile.
  static func told(_ ended: RenewalEnded, _ language: Language) -> (text: String, grade: Grade) {
    switch ended.result {
    case .pin(let outcome): (PINWords[language].text(outcome, language).title, outcome.grade)
    case .failed(let failure): (failure.line(language), .error)
    case .requested, .installed, .removed: (RenewalScreenWords[language].told(ended.journal.stage), .ok)
    }
  }
}

extension PINScreen {
  /// It is left: for the screen that came before it, where that waits.
  var left: Step { purpose.renewal.map { .replace($0.screen) } ?? .pop }

  /// What ended at the PIN is told here; all else where the order is.
  mutating func take(_ ended: RenewalEnded, _ world: World) -> Step {
    let effects = Self.reread(query, world)
    if case .pin(let outcome) = ended.result {
      phase = .ended(outcome)
      return Step(move: .stay, effects: effects)
    }
    guard let screen = purpose.renewal?.screen.after(ended) else { return Step(move: .pop, effects: effects) }
    return Step(move: .replace(screen.screen), effects: effects)
  }
}

extension PINPicture {
  private var renewalWords: RenewalScreenWords { _read { yield RenewalScreenWords[language] } }

  /// The steps, each with its mark: done, under way, to come.
  func renewalRows(_ work: RenewalWork) -> [PINRow] {
    let steps = work.steps
    let current = work.begun.last.flatMap { steps.firstIndex(of: $0) } ?? -1
    return steps.enumerated().map { index, step in
      let (symbol, style): (String, Style) =
        index < current ? (Symbol.ok.rawValue, .ok) : index == current ? ("◐", .title) : (Symbol.skipped.rawValue, .dim)
      return .pieces(label: "", [(symbol + " " + RenewalWords[language].step(step), style)])
    }
  }
}
