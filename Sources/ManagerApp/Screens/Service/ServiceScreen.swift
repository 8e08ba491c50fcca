import DiagnosisKit
import Failures
import KeyService
import LoginToken
import TerminalKit
import TokenKit
import Wording

/// The key service: whether it runs, its ports and who has them, the sites that were allowed, what was asked.
struct ServiceScreen: ScreenModel {
  enum List: Sendable, Equatable { case sites, log }

  /// Waits for a yes.
  enum Asking: Sendable, Equatable {
    case stop
    case revoke(WebOrigin)
  }

  var status: ServiceStatus?
  var holders: [Int: [PortHolder]] = [:]
  var list = List.sites
  /// Rows of each list; the log's newest is its first.
  var site = 0
  var entry = 0
  var asking: Asking?
  /// It was told to start, and has not come yet.
  var isStarting = false

  var screen: Screen { .service(self) }
  let isCovering = true

  func draw(_ world: World, _ frame: inout Frame) { ServicePicture(service: self, world: world).draw(&frame) }

  /// Sites, each once, with all that they may; newest first.
  var sites: [(origin: WebOrigin, grants: [Grant])] {
    var result: [(origin: WebOrigin, grants: [Grant])] = []
    for grant in status?.grants ?? [] {
      if let place = result.firstIndex(where: { $0.origin == grant.origin }) {
        result[place].grants.append(grant)
      } else {
        result.append((grant.origin, [grant]))
      }
    }
    return result
  }

  /// Newest first.
  var entries: [LogEntry] { (status?.log ?? []).reversed() }

  private var selectedSite: WebOrigin? {
    let sites = sites
    return list == .sites && sites.indices.contains(site) ? sites[site].origin : nil
  }

  /// The site whose request was refused because few tries are left.
  private var refusedForFewTries: WebOrigin? {
    let entries = entries
    guard list == .log, entries.indices.contains(entry), entries[entry].outcome == Refusal.fewTries(nil).name else {
      return nil
    }
    return WebOrigin(entries[entry].origin)
  }

  // MARK: Keys

  enum Mode: CaseIterable { case list, asking }

  enum Action: Hashable { case move(Motion), otherList, revoke, allowOnce, startOrStop, yes }

  var mode: Mode { asking == nil ? .list : .asking }

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let own: [Binding<Action>] =
      switch mode {
      case .asking:
        [
          Binding("y", [.character("y"), .character("Y")], .yes, rank: 0) { $0.pages.yes },
          .back("Esc n", [.escape, .character("n"), .character("N")]),
        ]
      case .list:
        [
          .help("F1 ?", [.function(1), .character("?")], rank: 5),
          Binding("Tab", [.tab, .backTab], .otherList, rank: 2) { $0.pages.other },
          Binding("x", [.character("x")], .startOrStop, rank: 1) { $0.pages.startOrStop },
          Binding("d", [.character("d"), .delete], .revoke, rank: 3) { $0.pages.revoke },
          Binding("a", [.character("a")], .allowOnce, rank: 4) { $0.pages.allowOnce },
        ] + Binding.movement(Action.move) + [.back("Esc q", [.escape, .character("q")], rank: 0), .quit()]
      }
    return own + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    let words = ServiceWords[world.language]
    switch action {
    case .move, .otherList, .yes: return .available
    case .revoke: return selectedSite == nil ? .unavailable(words.noSiteSelected) : .available
    case .allowOnce: return refusedForFewTries == nil ? .unavailable(words.notAsked) : .available
    case .startOrStop:
      if isStarting { return .unavailable(words.starting) }
      return world.isKeyServiceThere || world.mayStartKeyService ? .available : .unavailable(words.cannotStart)
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    let words = ServiceWords[world.language]
    switch action {
    case .move(let motion): move(motion, world)
    case .otherList: list = list == .sites ? .log : .sites
    case .revoke: asking = selectedSite.map { .revoke($0) }
    case .allowOnce:
      guard let origin = refusedForFewTries else { return .stay }
      world.say(Symbol.warning.before(words.allowedOnce(origin.shown)), .warning)
      return .ask(.keyService(.say(.allowFewTries(origin))))
    case .startOrStop:
      if world.isKeyServiceThere {
        asking = .stop
      } else {
        isStarting = true
        return .ask(.keyService(.start))
      }
    case .yes:
      defer { asking = nil }
      switch asking {
      case .stop: return .ask(.keyService(.say(.stop)))
      case .revoke(let origin):
        world.say(Symbol.ok.before(words.revoked(origin.shown)), .ok)
        return .ask(.keyService(.say(.revoke(origin))))
      case nil: break
      }
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if asking == nil, let motion = Motion(mouse.button) { move(motion, world) }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step {
    if asking == nil { return .pop }
    asking = nil
    return .stay
  }

  private mutating func move(_ motion: Motion, _ world: World) {
    let page = max(1, ServicePicture(service: self, world: world).page(list) - 1)
    func moved(_ row: Int, _ count: Int) -> Int {
      let new =
        switch motion {
        case .up: row - 1
        case .down: row + 1
        case .pageUp: row - page
        case .pageDown: row + page
        case .first: 0
        case .last: count - 1
        }
      return max(0, min(count - 1, new))
    }
    switch list {
    case .sites: site = moved(site, sites.count)
    case .log: entry = moved(entry, entries.count)
    }
  }

  // MARK: Answers

  static func reply(in answer: ScreenReply) -> ServiceReply? {
    if case .service(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: ServiceReply, _ world: inout World) -> Step {
    let words = ServiceWords[world.language]
    switch reply {
    case .connected:
      isStarting = false
      return .ask(.keyService(.say(.status(after: 0))))
    case .disconnected:
      if status != nil { world.say(Symbol.warning.before(words.stopping), .warning) }
      status = nil
      holders = [:]
      asking = nil
    case .started(let failure):
      if let failure {
        isStarting = false
        world.sayServiceFailed(failure)
      }
    case .status(let status, let holders):
      // The row stays at its request when newer ones come.
      if let old = self.status, entry > 0 { entry += max(0, status.log.count - old.log.count) }
      self.status = status
      self.holders = holders
      site = max(0, min(site, sites.count - 1))
      entry = max(0, min(entry, entries.count - 1))
      // Asked again at once, answered when there is something new.
      return .ask(.keyService(.say(.status(after: status.revision))))
    }
    return .stay
  }

  static func missed(_ reply: ServiceReply, _ world: inout World) -> [Effect] {
    if case .started(let failure?) = reply { world.sayServiceFailed(failure) }
    return []
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [.keyService(.say(.status(after: 0)))] }
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { .stay }
  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [.keyService(.say(.status(after: 0)))] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}

/// What is told of the service to its screen.
enum ServiceReply: Sendable {
  case connected
  case disconnected
  /// It was started, or why not; it is there once it connects.
  case started(Failure?)
  case status(ServiceStatus, [Int: [PortHolder]])
}

extension World {
  /// The key service was told to start, and did not.
  mutating func sayServiceFailed(_ failure: Failure) {
    say(Symbol.error.before(ServiceWords[language].startFailed(failure.line(language))), .error)
  }
}
