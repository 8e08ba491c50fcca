import DiagnosisKit
import Failures
import TerminalKit
import TokenKit
import Wording

@testable import ManagerApp

/// The screen 登录自检 in tests: as that of a PIN, and the login is tried on a key whose answers the test makes.
extension Scene {
  /// The question of the last effects.
  var loginQuestion: (query: PINQuery, test: LoginSelfTest)? {
    for case .prepareLogin(let query, .certificate(let test)) in effects { return (query, test) }
    return nil
  }

  var loginJob: LoginJob? {
    for case .tryLogin(let job) in effects { return job }
    return nil
  }

  /// Answers the question of the last effects.
  mutating func answerLogin(_ answer: PINAnswer) {
    for case .prepareLogin(let query, _) in effects { return reply(.pin(.prepared(query, answer))) }
  }

  /// F5 on a key with so many tries left.
  static func login(
    _ language: Language = .zh, width: Int = 80, height: Int = 24, left: Int? = 10
  ) throws -> Scene {
    var scene = one(language, width: width, height: height)
    scene.press(.function(5))
    scene.answerLogin(.ready(try ready(left: left)))
    return scene
  }

  /// Tries the login of the last effects on `token`, event by event up to `stop` of them.
  mutating func tryLogin(_ operations: some KeyOperations, stop: Int = .max) {
    guard let job = loginJob else { return }
    var events: [LoginEvent] = []
    let trial = operations.tryLogin(job, chosen: { reply(.pin(.chosen(job.query, $0))) }) { events.append($0) }
    for event in events.prefix(stop) { reply(.pin(.login(job.query, event))) }
    if stop == .max { reply(.pin(.tried(job.query, trial))) }
  }
}
