import Failures
import TerminalKit
import TokenKit
import Wording

/// A screen together with the world, while it is drawn.
protocol Picture {
  var world: World { get }
}

extension Picture {
  var language: Language { world.language }
  var words: Words { _read { yield Words[world.language] } }
  var size: Size { world.size }
  var now: Int64 { world.now }

  func text(_ failure: Failure) -> String { world.text(failure) }

  /// Empties the place of a dialog of this size.
  func dialog(width: Int, height: Int, _ frame: inout Frame) -> Rect {
    let rect = dialogRect(width: width, height: height)
    // Beside one that leaves but a few columns no sliver of what is under it is left.
    if rect.x > 0, rect.x <= 5 { frame.fill(Rect(x: 1, y: rect.y, width: size.width - 2, height: rect.height)) }
    frame.fill(rect)
    frame.cursor = nil
    frame.secrets = []
    frame.box(rect, style: .normal)
    return rect
  }

  /// Where a dialog of this size stands; where it would leave but a rim of the window it takes the whole.
  func dialogRect(width: Int, height: Int) -> Rect {
    let area = Rect(x: 0, y: 0, width: size.width, height: size.height - 2)
    let leavesRim = width >= area.width - 4 && height >= area.height - 2
    return leavesRim || height >= area.height ? area : area.centred(width: width, height: height)
  }
}
