import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

/// What comes of the effects of the screen.
enum RenewalReply: Sendable {
  case looked(RenewalLooked)
  case read(RenewalRead)
  case path(PathReply)
}

extension RenewalScreen {
  static func reply(in answer: ScreenReply) -> RenewalReply? {
    switch answer {
    case .renewal(let reply): reply
    case .path(let reply): .path(reply)
    default: nil
    }
  }

  mutating func take(_ reply: RenewalReply, _ world: inout World) -> Step {
    switch reply {
    case .looked(.found(let found)) where phase == .looking: take(found)
    case .looked(.refused(let failure)) where phase == .looking:
      // An order is told of whether or not its key can be reached.
      if journal != nil { phase = .stopped(failure) } else { return byPaper(failure, world) }
    case .read(let read) where phase == .reading: take(read)
    case .path(let reply) where asksForAnswer: _ = field.take(reply, &world)
    case .looked, .read, .path: break
    }
    return .stay
  }

  private func byPaper(_ failure: Failure, _ world: World) -> Step {
    switch UnlockScreen.open(world, kind, instead: failure) {
    case .ready(let form): .replace(form)
    case .unavailable: .pop
    }
  }

  private mutating func take(_ read: RenewalRead) {
    scroll = Scroll()
    switch read {
    case .checked(let answer):
      self.answer = answer
      (phase, field, parts) = (.review, TextField(""), [])
    case .incomplete(let failure, let files):
      (phase, self.failure, parts, field) = (.standing, failure, files, TextField(""))
    case .refused(let failure): (phase, self.failure) = (.standing, failure)
    }
  }

  /// An answer that nobody waits for: the key was only looked at.
  static func missed(_ reply: RenewalReply, _ world: inout World) -> [Effect] { [] }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { phase == .looking ? [.lookForRenewal(query)] : [] }

  /// What stands here is true without the key too, once something is begun; what was going to happen is not.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    guard event.takesAway(source) || event.replaces(source, keySerial: keySerial) else { return .stay }
    switch phase {
    case .looking where journal == nil, .plan where journal == nil: return .pop
    case .removing: phase = .installed
    case .looking, .plan, .standing, .reading, .review, .installed, .closed, .stopped: break
    }
    return .stay
  }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  /// Nothing secret is typed here: the PIN has a screen of its own.
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}
