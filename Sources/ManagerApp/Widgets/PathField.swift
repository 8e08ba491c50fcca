import Base
import Failures
import Wording

/// What a path that was typed can become.
struct PathReply: Sendable, Equatable {
  /// What was typed when it was asked for.
  var typed: String
  var completion: PathCompletion

  init(for typed: String, _ completion: PathCompletion) {
    self.typed = typed
    self.completion = completion
  }
}

extension TextField {
  /// Takes a completion, unless something was typed meanwhile. Of several ways on the first few are named.
  ///
  /// - Returns: whether the field has now something to go on with; `false`: it was complete.
  mutating func take(_ reply: PathReply, _ world: inout World) -> Bool {
    guard text == reply.typed else { return true }
    let completion = reply.completion
    let isLonger = completion.text != text && !completion.text.isEmpty
    if isLonger { text = completion.text }
    if completion.choices.isEmpty { return isLonger }
    let named = completion.choices.prefix(6).map { displaySafe($0) }.joined(separator: "  ")
    world.hint(named + (completion.choices.count > 6 ? "  … (\(completion.choices.count))" : ""))
    return true
  }
}
