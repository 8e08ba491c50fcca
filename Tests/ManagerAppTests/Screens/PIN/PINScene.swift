import Failures
import TerminalKit
import TokenKit
import Wording

@testable import ManagerApp

/// The PIN screen in tests: the key's answers are made here, the fields are real ones in locked memory.
extension Scene {
  /// The question of the last effects.
  var query: PINQuery? {
    for case .preparePIN(let query) in effects { return query }
    return nil
  }

  /// The change of the last effects.
  var changeJob: PINChangeJob? {
    for case .changePIN(let job) in effects { return job }
    return nil
  }

  static func ready(
    left: Int? = 10, max: Int? = 10, isDefault: Bool? = false, policy: PINPolicy = .gmt
  ) throws -> PINReady {
    PINReady(
      policy: policy, status: PINStatus(triesMax: max, triesLeft: left, isLocked: false, isDefault: isDefault),
      fields: try PINFields())
  }

  /// Answers the question of the last effects.
  mutating func answer(_ answer: PINAnswer) {
    guard let query else { return }
    reply(.pin(.prepared(query, answer)))
  }

  /// F2 on a key with so many tries left.
  static func pin(
    _ language: Language = .zh, width: Int = 80, height: Int = 24, left: Int? = 10, max: Int? = 10,
    isDefault: Bool? = false, policy: PINPolicy = .gmt
  ) throws -> Scene {
    var scene = one(language, width: width, height: height)
    scene.press(.function(2))
    scene.answer(.ready(try ready(left: left, max: max, isDefault: isDefault, policy: policy)))
    return scene
  }

  /// F2 on the screen, and the word that leads to the administrator PIN.
  mutating func chooseAdmin() {
    press(.function(2))
    type("管理员")
    press(.enter)
  }

  /// The three fields, Enter after each.
  mutating func enter(_ old: String, _ new: String, _ again: String? = nil) {
    for text in [old, new, again ?? new] {
      type(text)
      press(.enter)
    }
  }

  mutating func finish(_ outcome: PINOutcome) {
    guard let query = pin?.query else { return }
    reply(.pin(.changed(query, outcome)))
  }
}
