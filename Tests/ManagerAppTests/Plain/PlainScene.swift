import Failures
import TerminalKit
import TokenKit
import Wording

@testable import ManagerApp

/// The dialogue of plain mode in tests: answers go in, lines come out, effects are answered by the test.
struct PlainScene {
  var dialogue: PlainDialogue
  private(set) var requests: [Request] = []
  /// All that was told, questions included.
  private(set) var output: [String] = []
  /// What the last step told.
  private(set) var news: [String] = []

  init(_ scene: Scene = .one()) {
    var state = scene.state
    state.world.size = Size(width: Frame.limit, height: Frame.limit)
    dialogue = PlainDialogue(state)
    tell()
  }

  var question: PlainDialogue.Question { dialogue.question }

  private mutating func tell() {
    news = dialogue.tell()
    output += news + [dialogue.prompt]
  }

  mutating func take(_ event: Event) {
    requests = dialogue.take(event)
    tell()
  }

  mutating func send(_ events: KeyEvent...) {
    for event in events { take(.source(event)) }
  }

  /// Answers in their order, each read as the terminal gives it: a secret key by key.
  mutating func answer(_ lines: String...) {
    for line in lines {
      if case .secret = dialogue.question {
        requests = []
        for scalar in line.unicodeScalars { requests += dialogue.type(.character(scalar)) }
        requests += dialogue.type(.enter)
      } else {
        requests = dialogue.answer(line)
      }
      tell()
    }
  }

  /// Answers the effect that `body` knows an answer to.
  mutating func reply(_ body: (Effect) throws -> ScreenReply?) rethrows {
    for request in requests {
      if let reply = try body(request.effect) { return take(.answer(to: request.from, reply)) }
    }
  }

  /// F2 on a key with so many tries left, as far as the first question.
  static func pin(left: Int? = 10, isDefault: Bool? = false) throws -> PlainScene {
    var scene = PlainScene()
    scene.answer("F2")
    try scene.prepare(left: left, isDefault: isDefault)
    return scene
  }

  mutating func prepare(left: Int? = 10, isDefault: Bool? = false) throws {
    try reply { effect in
      guard case .preparePIN(let query) = effect else { return nil }
      return .pin(.prepared(query, .ready(try Scene.ready(left: left, isDefault: isDefault))))
    }
  }

  /// The number before this text where it was told last.
  func number(_ text: String) -> String {
    output.last { $0.contains(text) && $0.first?.isNumber == true }.map { String($0.prefix { $0.isNumber }) } ?? "none"
  }
}
