import Base
import TerminalKit
import Wording

/// The picture of a state. Pure; always of the state's size (up to ``Frame/limit``).
func draw(_ state: State) -> Frame {
  var frame = Frame(size: state.world.size)
  if state.world.isTooSmall {
    state.world.drawTooSmall(&frame)
    return frame
  }
  // A screen that takes the whole window hides what is under it.
  let covering = state.stack.lastIndex { $0.screen.model.isCovering } ?? 0
  for (index, open) in state.stack.enumerated().dropFirst(covering) {
    var world = state.world
    world.isCovered = index < state.stack.count - 1
    open.screen.model.draw(world, &frame)
  }
  state.drawFooter(&frame)
  return frame
}

extension World {
  fileprivate func drawTooSmall(_ frame: inout Frame) {
    let minimum = World.minimum
    let lines = words.tooSmall(
      "\(minimum.width)×\(minimum.height)", "\(size.width)×\(size.height)")
    for (index, line) in lines.enumerated() {
      let y = max(0, (size.height - lines.count) / 2) + index
      let x = max(0, (size.width - textWidth(line)) / 2)
      frame.text(fit(line, size.width), x: x, y: y, style: index == 1 ? .warning : .normal)
    }
  }
}

extension State {
  fileprivate func drawFooter(_ frame: inout Frame) {
    let (size, y) = (world.size, world.size.height - 2)
    if let message = world.message {
      frame.text(fit(message.text, size.width - 2), x: 1, y: y, style: message.style)
    }
    for item in hints {
      let x = frame.text(item.label, x: item.x, y: size.height - 1, style: item.isAvailable ? .key : .dim)
      frame.text(" " + item.word, x: x, y: size.height - 1, style: item.isAvailable ? .normal : .dim)
    }
  }

  /// The hint bar of the screen on top: folded to the width, the important ones staying.
  private var hints: [Hint] {
    let top = top
    let candidates = top.screen.model.keyTable.filter { $0.rank != nil }.map { binding in
      let isAvailable = availability(binding.command, top) == .available
      let word = binding.word(world.words)
      let label = binding.label.split(separator: " ").first.map(String.init) ?? binding.label
      return (
        rank: binding.rank ?? 0,
        hint: Hint(
          x: 0, label: label, word: isAvailable ? word : "(" + word + ")", isAvailable: isAvailable, binding: binding)
      )
    }
    var kept = candidates
    func width() -> Int { kept.reduce(1) { $0 + $1.hint.width + 2 } }
    // What cannot be used now gives way first: the key that helps must not be pushed out by those that do not.
    func order(_ candidate: (rank: Int, hint: Hint)) -> Int { candidate.rank + (candidate.hint.isAvailable ? 0 : 100) }
    while width() > world.size.width, let worst = kept.map(order).max() { kept.removeAll { order($0) == worst } }
    var x = 1
    return kept.map { candidate in
      var hint = candidate.hint
      hint.x = x
      x += hint.width + 2
      return hint
    }
  }

  /// What a click there means.
  func hint(at point: Point) -> Binding<Int>? {
    guard point.y == world.size.height - 1 else { return nil }
    return hints.first { point.x >= $0.x && point.x < $0.x + $0.width }?.binding
  }
}

/// One key in the hint bar.
private struct Hint {
  var x: Int
  var label: String
  var word: String
  var isAvailable: Bool
  var binding: Binding<Int>

  var width: Int { textWidth(label) + 1 + textWidth(word) }
}
