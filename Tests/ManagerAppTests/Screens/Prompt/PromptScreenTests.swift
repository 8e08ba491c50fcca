import Failures
import KeyService
import LoginToken
import TerminalKit
import Testing
import TokenKit

@testable import ManagerApp

@Suite struct PromptScreenTests {
  @Test func aPINIsTypedAndUsedHere() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    #expect(scene.said == [.shown(7)])
    scene.type("123456")
    #expect(scene.prompt?.view.count(.old) == 6)
    scene.press(.enter)
    let job = try #require(scene.job)
    #expect(job.id == 7 && job.pins.view(PromptScreen.policy, identities: []).count(.old) == 6)
    #expect(scene.prompt?.phase == .running && scene.prompt?.view.count(.old) == 0)
    // Nothing leaves it while the key works.
    scene.press(.escape)
    #expect(scene.kind == .prompt && scene.said.isEmpty)
    scene.take(.keyService(.used(7, job.question.origin, .signed([1]))))
    #expect(scene.kind == .main && scene.screen.contains("已为 https://portal.example 签名"))
    #expect(scene.effects.isEmpty)
  }

  @Test func escapeRefuses() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    scene.type("12")
    let fields = try #require(scene.prompt?.fields)
    scene.press(.escape)
    #expect(scene.kind == .main && scene.said == [.ended(7, .cancelled)])
    #expect(fields.view(PromptScreen.policy, identities: []).count(.old) == 0)
  }

  @Test func anEmptyOrImpossiblePINIsNotSent() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    scene.press(.enter)
    #expect(scene.job == nil && scene.prompt?.note == .rule(.empty))
    scene.type("１２")
    scene.press(.enter)
    #expect(scene.job == nil && scene.prompt?.note == .rule(.fullWidth))
  }

  /// What is being typed elsewhere goes on being typed nowhere: the first Enter only leads into the request.
  @Test(arguments: [Key.function(2), .function(6), .function(1), .enter]) func overAnotherScreenItIsAnnounced(
    _ key: Key
  )
    throws
  {
    var scene = try Scene.asked(over: [key]) { try PagePrompt.pin(of: $0) }
    #expect(scene.prompt?.phase == .announced)
    scene.type("3456")
    scene.press(.enter)
    #expect(scene.job == nil && scene.prompt?.phase == .editing && scene.prompt?.view.count(.old) == 0)
  }

  @Test func aWrongPINIsAskedForAgain() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    let origin = try #require(PagePrompt.site)
    scene.type("654321")
    scene.press(.enter)
    scene.take(.keyService(.used(7, origin, .pin(.wrong(triesLeft: 9)))))
    #expect(scene.prompt?.phase == .ended(.wrong(triesLeft: 9)))
    scene.take(.keyService(.ended(7)))
    #expect(scene.kind == .prompt)
    scene.take(.keyService(.pin(8, try PagePrompt.pin(left: 9, previous: .wrong, of: scene), try PINFields())))
    #expect(scene.state.stack.count == 2 && scene.prompt?.id == 8 && scene.prompt?.phase == .editing)
    #expect(scene.said == [.shown(8)] && scene.screen.contains("密码错误"))
  }

  @Test func withFewTriesAWordComesFirst() throws {
    var scene = try Scene.asked { try PagePrompt.pin(left: 2, consent: .low, of: $0) }
    scene.type("123456")
    scene.press(.enter)
    #expect(scene.prompt?.phase == .confirming && scene.job == nil)
    scene.type("continue")
    scene.press(.enter)
    scene.type("123456")
    scene.press(.enter)
    #expect(scene.job?.question.consent == .low)
  }

  @Test func thePageGoes() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    scene.type("12")
    let fields = try #require(scene.prompt?.fields)
    scene.take(.keyService(.withdrawn(6)))
    #expect(scene.kind == .prompt)
    scene.take(.keyService(.withdrawn(7)))
    #expect(scene.kind == .main && scene.said.isEmpty)
    #expect(fields.view(PromptScreen.policy, identities: []).count(.old) == 0)
  }

  @Test func theKeyGoes() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    scene.send(.removed(Samples.source()))
    #expect(scene.kind == .main && scene.said == [.ended(7, .withdrawn)])
  }

  @Test func theServiceGoes() throws {
    var scene = try Scene.asked { try PagePrompt.pin(of: $0) }
    scene.take(.keyService(.disconnected))
    #expect(scene.kind == .main && !scene.state.world.isKeyServiceThere)
  }

  @Test func aKeyThatIsNotHereIsAskedForElsewhere() throws {
    let other = try PagePrompt.pin(of: Scene.one())
    var scene = Scene()
    scene.take(.keyService(.pin(3, other, try PINFields())))
    #expect(scene.kind == .main && scene.said == [.ended(3, .unavailable)])
    // The same where the window is too small to show it.
    scene = Scene.one(width: 59, height: 16)
    scene.take(.keyService(.pin(4, other, try PINFields())))
    #expect(scene.said == [.ended(4, .unavailable)])
  }

  @Test func aKeySeenByAnotherWayIsTheSame() throws {
    let scene = Scene.one()
    var question = try PagePrompt.pin(of: scene)
    question.certificate.source = TokenSource(provider: "skf:/opt/maker/lib.so", reader: "Device 1")
    #expect(scene.state.world.certificate(question.certificate)?.source == Samples.source())
    // Another key with a copy of the certificate is not.
    question.certificate.key.keySerial = TokenName("OTHER")
    #expect(scene.state.world.certificate(question.certificate) == nil)
  }

  @Test func aNewSiteIsRefusedUnlessChosen() throws {
    var scene = Scene.one()
    scene.take(.keyService(.permit(1, try #require(PagePrompt.permission()))))
    #expect(scene.said == [.shown(1)])
    scene.press(.enter)
    #expect(scene.kind == .main && scene.said == [.ended(1, .cancelled)])
    for (steps, allowed) in [
      (1, Permissions.read), (2, [.read, .login]), (3, [.read, .login, .sign]), (9, [.read, .login, .sign]),
    ] {
      scene.take(.keyService(.permit(2, try #require(PagePrompt.permission()))))
      for _ in 0..<steps { scene.press(.down) }
      scene.press(.enter)
      #expect(scene.said == [.granted(2, allowed)])
    }
    // Only what was asked is offered.
    scene.take(.keyService(.permit(3, try #require(PagePrompt.permission([.sign])))))
    #expect(scene.prompt?.choices == [[], .sign])
  }

  @Test func thePINChangeOpensOverTheMainWindowOnly() throws {
    let site = try #require(PagePrompt.site)
    var scene = Scene.one()
    scene.take(.keyService(.openPINChange(5, site)))
    #expect(scene.kind == .changePIN && scene.said == [.shown(5)])
    scene.take(.keyService(.openPINChange(6, site)))
    #expect(scene.said == [.ended(6, .unavailable)])
  }

  @Test func aLaterSignatureOfAPagesLoginIsSaid() throws {
    var scene = Scene.one()
    scene.take(.keyService(.used(7, try #require(PagePrompt.site), .signed([1]))))
    #expect(scene.screen.contains("已为 https://portal.example 签名"))
  }

  /// A name that only looks like another shows what it is; what is signed cannot turn the line around.
  @Test func whatIsShownIsSafe() throws {
    let origin = WebOrigin("https://xn--80ak6aa92e.example")
    let preview = FreeData.preview(Array("pay \u{202E}001".utf8))
    let scene = try Scene.asked(width: 120, height: 36) {
      try PagePrompt.pin(.signature(bytes: 11, preview: preview), of: $0, origin: origin)
    }
    #expect(scene.screen.contains("https://xn--80ak6aa92e.example ("))
    #expect(!scene.screen.unicodeScalars.contains("\u{202E}") && scene.screen.contains("pay "))
  }
}
