import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

// MARK: Opening and life

extension UnlockScreen {
  /// 解锁申请 for the selected key.
  static func open(_ world: World) -> Opening<UnlockScreen> {
    let words = UnlockWords[world.language]
    switch world.keyInHand {
    case .unavailable(let reason): return .unavailable(reason)
    case .read(let snapshot):
      guard let first = snapshot.applications.value?.first else { return .unavailable(words.noApplication) }
      let application = world.selectedEntry?.application ?? first
      let isLocked = application.userPIN.value?.isLocked == true
      return .ready(
        UnlockScreen(
          snapshot: snapshot, application: application, reason: isLocked ? words.reasonLocked : words.reasonForgotten))
    }
  }

  mutating func opened(_ world: World) -> [Effect] { [.loadApplicant] }

  /// The key is gone, or another one is in its place.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    guard event.takesAway(source) else { return .stay }
    switch phase {
    case .editing, .review: return .pop
    case .waiting, .confirm:
      guard isOpen else { return .stay }
      phase = .closed(Failure(.challengeGone, causes: [Failure(.cardRemoved)]))
      return Step(move: .stay, effects: letGo())
    case .making, .applying, .ended, .closed: return .stay
    }
  }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }

  func hold(_ world: World) -> Hold? {
    isRunning ? Hold(reason: UnlockWords[world.language].applying) : nil
  }

  /// Nothing secret is typed here: the word that confirms is not.
  mutating func wipe() {}

  func closed() -> [Effect] { made?.session.map { [.release($0)] } ?? [] }

  /// The key need not be held any more.
  mutating func letGo() -> [Effect] {
    defer { made?.session = nil }
    return closed()
  }
}

// MARK: Answers

/// What comes of the effects of the screen.
enum UnlockReply: Sendable {
  /// The 经办人 remembered by an earlier request.
  case applicant(Applicant?)
  case requested(UnlockRequested)
  case applied(UnlockApplied)
}

extension UnlockScreen {
  static func reply(in answer: ScreenReply) -> UnlockReply? {
    if case .unlock(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: UnlockReply, _ world: inout World) -> Step {
    switch reply {
    case .applicant(let applicant): if let applicant { take(applicant) }
    case .requested(.failed(let failure)) where phase == .making:
      phase = .editing
      self.failure = failure
      if failure.code == .fileExists { focus = .file }
    case .requested(.made(let made)) where phase == .making:
      self.made = made
      phase = .waiting
    case .applied(.refused(let failure)) where phase == .applying:
      self.failure = failure
      phase = failure.code == .challengeGone ? .closed(failure) : .waiting
      if failure.code == .challengeGone { return Step(move: .stay, effects: letGo()) }
    case .applied(.ended(let outcome)) where phase == .applying:
      phase = .ended(outcome)
      return Step(move: .stay, effects: letGo() + [.reread(source)])
    case .requested, .applied: return Step(move: .stay, effects: Self.missed(reply, &world))
    }
    return .stay
  }

  static func missed(_ reply: UnlockReply, _ world: inout World) -> [Effect] {
    guard case .requested(.made(let made)) = reply, let session = made.session else { return [] }
    return [.release(session)]
  }
}
