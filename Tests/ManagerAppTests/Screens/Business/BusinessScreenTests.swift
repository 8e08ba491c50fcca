import CertificateKit
import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct BusinessGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func pages(_ language: Language, _ size: (Int, Int)) throws {
    var scene = Scene.one(language, width: size.0, height: size.1)
    scene.press(.function(3))
    for (index, business) in Business.allCases.enumerated() {
      scene.press(.character(["1", "2", "3", "4", "5"][index]))
      try Golden.check("business-\(business)", scene, size: size, telling: ["business-renew"], "\(language)")
    }
  }
}

@Suite struct BusinessScreenTests {
  private var selected: (Scene) -> Business? {
    { scene in scene.topmost { if case .business(let screen) = $0 { screen.selected } else { nil } } }
  }

  private func opened(_ snapshot: TokenSnapshot) -> Scene {
    var scene = Scene()
    scene.send(.service(.running))
    scene.insert(snapshot)
    scene.press(.function(3))
    return scene
  }

  private func pair(until: Int64) -> Reading<[ContainerSnapshot]> {
    .value([
      Samples.container(
        signature: .value(Samples.certificate(until: until)),
        encryption: .value(Samples.certificate(usage: Samples.encryptionUsage, until: until, serial: 10)))
    ])
  }

  @Test func opensOnWhatTheKeyNeeds() {
    let far = Samples.now + 300 * Samples.day
    #expect(selected(opened(Samples.key())) == .renew)
    #expect(selected(opened(Samples.key(pin: Samples.pin(0), containers: pair(until: far)))) == .unlock)
    #expect(selected(opened(Samples.key(containers: pair(until: far)))) == .unlock)
    #expect(selected(opened(Samples.key(containers: pair(until: Samples.now + 80 * Samples.day)))) == .renew)
    #expect(selected(opened(Samples.key(containers: pair(until: Samples.now - Samples.day)))) == .renew)
  }

  /// Who lost the key must be able to read what to do.
  @Test func canBeReadWithoutAKey() {
    var scene = Scene()
    scene.press(.function(3), .character("3"))
    #expect(scene.kind == .business && scene.screen.contains("400-112-3838") && scene.screen.contains("补办"))
    scene.press(.enter)
    #expect(scene.kind == .business && scene.state.world.message?.style == .warning)
  }

  @Test func eachOpensItsForm() {
    for (key, kind) in [("1", "unlock"), ("2", "renew"), ("3", "reissue"), ("4", "change")] {
      var scene = opened(Samples.key())
      scene.press(.character(Unicode.Scalar(key) ?? "0"), .enter)
      scene.reply(.renewal(.looked(.refused(Failure(.renewalNotOffered)))))
      #expect(scene.unlock?.kind.rawValue == kind)
      scene.press(.escape, .escape)
      #expect(scene.state.isMainOnTop)
    }
    var scene = opened(Samples.key())
    scene.press(.character("5"), .enter)
    #expect(scene.unlock == nil && scene.screen.contains("3 个工作日"))
  }

  /// Everything is reachable on the smallest window, in both languages.
  @Test(arguments: Language.allCases)
  func theWholePageCanBeScrolled(_ language: Language) {
    var scene = Scene.one(language, width: 60, height: 16)
    scene.press(.function(3), .character("2"))
    var seen = ""
    for _ in 0..<12 {
      seen += scene.screen
      scene.press(.pageDown)
    }
    #expect(seen.contains("wt.szca.net") && seen.contains("400-112-3838"))
  }
}
