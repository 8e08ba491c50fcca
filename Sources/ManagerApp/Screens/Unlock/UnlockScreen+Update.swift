import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

// MARK: Opening and life

extension UnlockScreen {
  /// A request for the selected key, about the selected certificate.
  static func open(_ world: World, _ kind: UnlockKind = .unlock) -> Opening<UnlockScreen> {
    let words = UnlockWords[world.language]
    switch world.keyInHand {
    case .unavailable(let reason): return .unavailable(reason)
    case .read(let snapshot):
      guard let first = snapshot.applications.value?.first else { return .unavailable(words.noApplication) }
      let entry = world.selectedEntry
      return .ready(
        UnlockScreen(
          snapshot: snapshot, application: entry?.application ?? first, entry: entry, kind: kind, world))
    }
  }

  /// The same by paper, and why nothing can be done on the key.
  static func open(_ world: World, _ kind: UnlockKind, instead obstacle: Failure?) -> Opening<UnlockScreen> {
    guard case .ready(var screen) = open(world, kind) else { return open(world, kind) }
    screen.obstacle = obstacle
    return .ready(screen)
  }

  mutating func opened(_ world: World) -> [Effect] {
    [.loadApplicant(keySerial: keySerial?.text ?? "", onKey: renewal != nil)]
  }

  /// The key is gone, or another one is in its place.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    guard event.takesAway(source) else { return .stay }
    switch phase {
    case .editing, .review, .taken, .made: return .pop
    case .waiting, .checking:
      guard isOpen else { return .stay }
      phase = .closed(Failure(.challengeGone, causes: [Failure(.cardRemoved)]))
      return Step(move: .stay, effects: letGo())
    case .making, .challenging, .closed, .doneElsewhere: return .stay
    }
  }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }

  func hold(_ world: World) -> Hold? {
    isRunning ? Hold(reason: UnlockWords[world.language].applying) : nil
  }

  /// Nothing secret is typed here: the PIN has a screen of its own.
  mutating func wipe() {}

  func closed() -> [Effect] { open.map { [.release($0.session)] } ?? [] }

  /// The key need not be held any more.
  mutating func letGo() -> [Effect] {
    defer { open = nil }
    return closed()
  }
}

// MARK: Answers

/// What comes of the effects of the screen.
enum UnlockReply: Sendable {
  case found(UnlockFound)
  case requested(UnlockRequested)
  case challenged(UnlockChallenged)
  case checked(UnlockChecked)
  /// Something about the open challenge came from outside.
  case seen(UnlockSeen)
  case path(PathReply)
}

extension UnlockScreen {
  static func reply(in answer: ScreenReply) -> UnlockReply? {
    switch answer {
    case .unlock(let reply): reply
    case .path(let reply): .path(reply)
    default: nil
    }
  }

  mutating func take(_ reply: UnlockReply, _ world: inout World) -> Step {
    switch reply {
    case .found(let found): take(found)
    case .requested(.failed(let failure)) where phase == .making:
      phase = .editing
      self.failure = failure
      if failure.code == .fileExists { focus = .file }
    case .requested(.taken(let failure, let free)) where phase == .making:
      freeName = free
      phase = .taken(failure)
    case .requested(.made(let made)) where phase == .making:
      if let order = made.order, var renewal = onKey {
        (renewal.canOpen, renewal.canPrint) = (canOpen, canPrint)
        return renewal.askPIN(for: order, made)
      }
      self.made = made
      phase = .made
    case .challenged(.failed(let failure)) where phase == .challenging:
      self.failure = failure
      phase = .made
    case .challenged(.open(let open)) where phase == .challenging:
      self.open = open
      phase = .waiting
      (noticed, arrived) = (nil, nil)
      guard let made else { return .stay }
      return .ask(.watchResponse(open.session, request: made.digest, file: made.file, expires: open.expires))
    case .seen(let seen): return take(seen, &world)
    case .path(let reply): take(reply, &world)
    case .checked(.refused(let failure)) where phase == .checking:
      self.failure = failure
      phase = failure.code == .challengeGone ? .closed(failure) : .waiting
      if failure.code == .challengeGone { return Step(move: .stay, effects: letGo()) }
    case .checked(.good) where phase == .checking: return askPIN(world)
    case .requested, .challenged, .checked: return Step(move: .stay, effects: Self.missed(reply, &world))
    }
    return .stay
  }

  private mutating func take(_ seen: UnlockSeen, _ world: inout World) -> Step {
    guard phase == .waiting || phase == .checking else { return .stay }
    switch seen {
    case .response(let path):
      // What the person is typing, or has handed in, is the person's.
      if phase == .waiting, response.text.isEmpty || response.text == noticed {
        propose(path)
      } else {
        arrived = path
      }
      world.say(Grade.ok.symbol + " " + UnlockWords[world.language].noticed(displaySafe(path)), .ok)
    case .doneElsewhere:
      phase = .doneElsewhere
      return Step(move: .stay, effects: letGo() + [.reread(source)])
    }
    return .stay
  }

  mutating func propose(_ path: String) {
    (noticed, arrived) = (path, nil)
    response = TextField(path)
    failure = nil
  }

  /// What the path became; one that was complete gives way to the next field.
  private mutating func take(_ reply: PathReply, _ world: inout World) {
    if phase == .waiting {
      _ = response.take(reply, &world)
    } else if phase == .editing, focus == .file, var field = texts[.file] {
      let goesOn = field.take(reply, &world)
      texts[.file] = field
      if !goesOn { move(by: 1) }
    }
  }

  /// Hands the key over to the screen that asks for the holder's own PIN and sends both.
  private mutating func askPIN(_ world: World) -> Step {
    guard let open, let application = challenged else { return .stay }
    self.open = nil
    let reference = PINReference(application: application, role: .admin, keySerial: keySerial)
    return .replace(
      PINScreen(
        snapshot, reference, hasAdmin: false,
        .answer(UnlockAnswer(session: open.session, given: response.text))))
  }

  static func missed(_ reply: UnlockReply, _ world: inout World) -> [Effect] {
    guard case .challenged(.open(let open)) = reply else { return [] }
    return [.release(open.session)]
  }
}
