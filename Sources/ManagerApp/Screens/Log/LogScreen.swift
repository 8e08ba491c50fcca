import Base
import TerminalKit
import TokenKit
import Wording

/// The log: what happened since the window was opened, the newest last.
struct LogScreen: ScreenModel {
  enum Mode: CaseIterable { case list }
  enum Action: Hashable { case move(Motion) }
  typealias Reply = Never

  /// First line shown; `nil`: the newest stay in sight.
  var top: Int?

  var screen: Screen { .log(self) }
  let isCovering = true
  var mode: Mode { .list }

  func draw(_ world: World, _ frame: inout Frame) { LogPicture(log: self, world: world).draw(&frame) }

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    [.help("F1 ?", [.function(1), .character("?")], rank: 1)] + Binding.movement(Action.move) + [
      .back("Esc q", [.escape, .character("q"), .character("l"), .left, .backspace], rank: 0), .quit(),
    ] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move: .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let motion): move(motion, world)
    }
    return .stay
  }

  private mutating func move(_ motion: Motion, _ world: World) {
    let picture = LogPicture(log: self, world: world)
    let count = picture.lines.count
    var scroll = Scroll()
    scroll.top = picture.top
    scroll.move(motion, page: picture.page, count: count)
    top = scroll.top + picture.page >= count ? nil : scroll.top
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, world) }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { .stay }
  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}

/// The picture of the log.
struct LogPicture: Picture {
  let log: LogScreen
  let world: World

  private var own: LogScreenWords { LogScreenWords[language] }
  private var rect: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height - 2) }

  /// Lines in sight.
  var page: Int { max(1, rect.height - 3) }
  var top: Int { max(0, min(log.top ?? .max, lines.count - page)) }

  /// `13:05:12  text`, folded; a day of its own where it changes.
  var lines: [(text: String, style: Style)] {
    var lines: [(String, Style)] = []
    var day = ""
    for entry in world.log {
      let date = LocalTime.date(entry.time)
      if date != day {
        lines.append((date, .title))
        day = date
      }
      let time = LocalTime.time(entry.time)
      for (index, part) in wrap(entry.text, max(10, rect.width - 14)).enumerated() {
        lines.append(((index == 0 ? time : String(repeating: " ", count: textWidth(time))) + "  " + part, entry.style))
      }
    }
    return lines
  }

  func draw(_ frame: inout Frame) {
    frame.fill(rect)
    frame.box(rect)
    let end = frame.text(" " + own.title + " ", x: 2, y: 0, style: .title)
    frame.text(fit(world.tags, rect.right - end - 2), x: end, y: 0, style: .warning)
    frame.text(fit(world.log.isEmpty ? own.nothing : own.hint, rect.width - 4), x: 2, y: 1, style: .dim)
    let lines = lines
    for (index, line) in lines.dropFirst(top).prefix(page).enumerated() {
      frame.text(fit(line.text, rect.width - 4), x: 2, y: 2 + index, style: line.style)
    }
    frame.cursor = Point(x: 2, y: min(rect.bottom - 2, 1 + max(1, min(page, lines.count - top))))
    let mark = positionMark(top: top, page: page, count: lines.count)
    frame.text(mark, x: rect.right - 2 - textWidth(mark), y: rect.bottom - 1, style: .dim)
    frame.scrollBar(x: rect.right - 1, y: 2, height: page, top: top, count: lines.count)
  }
}
