import Failures
import KeyService
import LoginToken
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Each state of a page's request against its recording.
@Suite struct PromptGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check("prompt-\(name)", scene, size: size, telling: ["prompt-sign", "prompt-new"], "\(language)")
    }
    func asked(_ question: (Scene) throws -> PINQuestion) throws -> Scene {
      try Scene.asked(language, width: size.0, height: size.1, question)
    }
    let long = FreeData.preview(Array(String(repeating: "深圳市建设工程交易 challenge ", count: 20).utf8))
    let origin = WebOrigin("https://xn--fiq228c5hs.xn--fiq228c.example:8443")
    var scene = try asked { try PagePrompt.pin(.signature(bytes: 640, preview: long), of: $0, origin: origin) }
    scene.type("123456")
    try check("sign", scene)
    scene.press(.enter)
    try check("running", scene)
    scene.take(.keyService(.used(7, try #require(origin), .pin(.wrong(triesLeft: 2)))))
    try check("wrong", scene)
    try check("again", try asked { try PagePrompt.pin(.session(seconds: 120), left: 9, previous: .wrong, of: $0) })
    try check("few", try asked { try PagePrompt.pin(left: 2, consent: .low, of: $0) })

    var new = Scene.one(language, width: size.0, height: size.1)
    new.take(.keyService(.permit(1, try #require(PagePrompt.permission()))))
    new.press(.down)
    try check("new", new)

    var over = Scene.one(language, width: size.0, height: size.1)
    over.press(.function(2))
    over.take(.keyService(.permit(1, try #require(PagePrompt.permission()))))
    try check("announced", over)
  }
}
