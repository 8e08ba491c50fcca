import CertificateKit
import DiagnosisKit
import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Each state of the screen 登录自检 against its recording; in the three sizes it fits.
@Suite struct LoginGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check(
        "login-\(name)", scene, size: size, telling: ["login-passed", "login-wrong"], "\(language)")
      // Nothing is cut off at the bottom.
      if let pin = scene.pin {
        #expect(PINPicture(pin: pin, world: scene.state.world).fittingRows.count <= size.1 - 4, "\(name)")
      }
    }
    func scene(left: Int? = 10) throws -> Scene {
      try Scene.login(language, width: size.0, height: size.1, left: left)
    }
    var asking = Scene.one(language, width: size.0, height: size.1)
    asking.press(.function(5))
    try check("asking", asking)
    asking.answerLogin(.ended(.locked))
    try check("locked", asking)
    try check("low", try scene(left: 3))
    try check("last", try scene(left: 1))
    try check("empty", try scene())

    func tried(_ outcome: SignOutcome, stop: Int = .max) throws -> Scene {
      var scene = try scene()
      scene.type("123456")
      scene.press(.enter)
      let operations = ScriptedOperations(.verified)
      operations.token.signed = outcome
      scene.tryLogin(operations, stop: stop)
      return scene
    }
    var typed = try scene()
    typed.type("123456")
    try check("typed", typed)
    // Up to the PIN, which the key is looking at.
    try check("running", try tried(.signed([]), stop: 9))
    let lost = Failure(.cardRemoved, function: "SCardTransmit", number: .scard(0x8010_0069))
    try check("wrong", try tried(.pin(.wrong(triesLeft: 9))))
    try check("unknown", try tried(.pin(.unknown(.verify, lost))))
    try check("signature", try tried(.pin(.refused(lost))))
    try check("mismatch", try tried(.pin(.refused(Failure(.signatureInvalid)))))
    try check("other-key", try tried(.pin(.notSent(.otherKey))))

    var passed = try tried(.signed([]), stop: 9)
    let query = try #require(passed.pin?.query)
    var trial = LoginTrial()
    for step in LoginStep.allCases { trial.set(step, Finding(.ok)) }
    trial.set(.validity, Finding(.warning, .expiring))
    passed.reply(.pin(.tried(query, trial)))
    try check("passed", passed)

    var expired = Scene.one(language, width: size.0, height: size.1)
    expired.state.world.now += 90 * Samples.day
    expired.press(.function(5))
    let (asked, test) = try #require(expired.loginQuestion)
    expired.answerLogin(ScriptedOperations(.verified).prepare(asked, .certificate(test)))
    try check("expired", expired)
  }
}
