import KeyService
import LoginToken
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Questions of pages, as the service puts them.
enum PagePrompt {
  static let site = WebOrigin("https://portal.example")

  static func permission(_ permissions: Permissions = [.read, .login, .sign]) -> PermissionQuestion? {
    site.map { PermissionQuestion(origin: $0, adapter: "ukey", permissions: permissions) }
  }

  /// For the key of ``Scene/one(_:width:height:)``.
  static func pin(
    _ purpose: PINQuestion.Purpose = .login, left: Int? = 10, consent: TryConsent = .normal,
    previous: PINQuestion.Previous? = nil, of scene: Scene, origin: WebOrigin? = site
  ) throws -> PINQuestion {
    let snapshot = try #require(scene.state.world.slots.first?.snapshot)
    let place = try #require(snapshot.loginCertificate())
    let key = try #require(place.signingKey)
    return PINQuestion(
      origin: try #require(origin), purpose: purpose,
      certificate: HolderCertificate(
        source: snapshot.source, keyID: "E3000GM-00412", key: key, role: place.role, isForSigning: true),
      triesLeft: left, consent: consent, previous: previous)
  }
}

extension Scene {
  /// A window with one key, and a page's question over it.
  static func asked(
    _ language: Language = .zh, width: Int = 80, height: Int = 24, over keys: [Key] = [],
    _ question: (Scene) throws -> PINQuestion
  ) throws -> Scene {
    var scene = one(language, width: width, height: height)
    scene.take(.keyService(.connected))
    scene.press(keys)
    scene.take(.keyService(.pin(7, try question(scene), try PINFields())))
    return scene
  }

  mutating func press(_ keys: [Key]) { for key in keys { take(.key(key)) } }

  var prompt: PromptScreen? { topmost { if case .prompt(let screen) = $0 { screen } else { nil } } }

  /// What the last event said to the service.
  var said: [ClientMessage] {
    effects.compactMap { if case .keyService(.say(let message)) = $0 { message } else { nil } }
  }

  var job: PromptJob? {
    for case .keyService(.typed(let job)) in effects { return job }
    return nil
  }
}
