import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp
@testable import RenewalKit

/// Each state of the screen 换发证书 against its recording; in the three sizes it fits.
@Suite struct RenewalGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check(
        "renewal-\(name)", scene, size: size, telling: ["renewal-plan", "renewal-installed"], "\(language)")
      // What is folded or cut must not run over the frame.
      let right = scene.lines.dropFirst().prefix(size.1 - 4).map { $0.last }
      if scene.renewal != nil { #expect(right.allSatisfy { $0 == "│" || $0 == "█" }, "\(name)") }
      // Nothing is cut off at the bottom of the dialog.
      if let pin = scene.pin {
        #expect(PINPicture(pin: pin, world: scene.state.world).fittingRows.count <= size.1 - 4, "\(name)")
      }
    }
    func opened(_ stage: RenewalStage?, _ key: TokenSnapshot? = nil) throws -> Scene {
      var scene = try Scene.renewing(language, width: size.0, height: size.1, key: key)
      try scene.found(stage, key)
      return scene
    }
    try check("looking", try Scene.renewing(language, width: size.0, height: size.1))
    var scene = try opened(nil)
    try check("plan", scene)
    var few = try RenewalSamples.key(pin: Samples.pin(2))
    few.device.freeSpace = .value(1500)
    try check("plan-few", try opened(nil, few))
    var refused = try Scene.renewing(language, width: size.0, height: size.1)
    refused.reply(.renewal(.looked(.refused(Failure(.renewalNotOffered, function: "PIV", context: "9B")))))
    try check("by-paper", refused)

    scene.press(.enter)
    scene.type("李四")
    scene.press(.tab)
    scene.type("13800138000")
    try check("form", scene)
    scene.press(.enter)
    try check("form-review", scene)
    scene.press(.enter)
    var made = UnlockSamples.made(isAnswerable: false)
    made.order = try RenewalSamples.journal(.begun)
    scene.reply(.unlock(.requested(.made(made))))
    try scene.preparePIN()
    try check("pin", scene)
    var cancelled = scene
    cancelled.press(.escape)
    try check("begun", cancelled)
    scene.type("123456")
    scene.press(.enter)
    let query = try #require(scene.pin?.query)
    scene.reply(.pin(.step(query, .container)))
    scene.reply(.pin(.step(query, .pair)))
    try check("making", scene)
    var pulled = scene
    let lost = Failure(.cardRemoved, function: "SCardTransmit", number: .scard(0x8010_0069))
    try pulled.end(.failed(lost), .begun)
    try check("stopped", pulled)
    try scene.end(.requested(RenewalSamples.files()), .requested)
    try check("requested", scene)
    try check("paired", try opened(.paired))
    try check("waits", try opened(.requested))

    scene.type("/media/u/answer.csrrsp")
    scene.press(.enter)
    try check("reading", scene)
    var wrong = scene
    wrong.reply(.renewal(.read(.refused(Failure(.answerOtherKey, context: "深圳市样板市政工程有限公司")))))
    try check("wrong-answer", wrong)
    var part = scene
    part.reply(.renewal(.read(.incomplete(Failure(.answerPair, context: "certificate"), files: ["a.pem"]))))
    try check("part", part)
    var differs = scene
    differs.reply(
      .renewal(
        .read(
          .checked(
            try RenewalSamples.answer([
              .chain(.noTrustAnchors),
              .issuer(old: "CN=Sample SM2 CA", new: "CN=Sample SM2 CA G2"),
            ])))))
    try check("differs", differs)
    scene.reply(.renewal(.read(.checked(try RenewalSamples.answer()))))
    try check("review", scene)
    scene.press(.enter)
    try scene.preparePIN()
    scene.type("123456")
    scene.press(.enter)
    for step in [RenewalStep.container, .encryptionPair, .signatureCertificate] {
      scene.reply(.pin(.step(try #require(scene.pin?.query), step)))
    }
    try check("writing", scene)
    var cut = scene
    try cut.end(.failed(lost), .answered)
    try check("stopped-writing", cut)
    try check(
      "answered", try opened(.answered, try RenewalSamples.key(signature: .value(try RenewalSamples.new()))))
    try scene.end(.installed(RenewalProof(encryptionPair: true, hasEncryptionPair: true)), .installed)
    try check("installed", scene)
    scene.press(.character("d"))
    try check("removing", scene)
    scene.type("yes")
    scene.press(.enter)
    try check("removing-differs", scene)
    scene.type("remove")
    scene.press(.enter)
    try scene.preparePIN()
    try check("removing-pin", scene)
    scene.type("123456")
    scene.press(.enter)
    scene.reply(.pin(.step(try #require(scene.pin?.query), .container)))
    scene.reply(.pin(.step(try #require(scene.pin?.query), .check)))
    try check("removing-now", scene)
    try scene.end(.removed, .closed)
    try check("closed", scene)
  }

  /// The list says what is half done, and the first recommendation is to go on.
  @Test(arguments: Language.allCases, Golden.sizes)
  func theList(_ language: Language, _ size: (Int, Int)) throws {
    for stage in [RenewalStage.paired, .requested, .answered, .installed] {
      var scene = Scene(language, width: size.0, height: size.1)
      scene.send(.service(.running))
      scene.insert(try RenewalSamples.key())
      scene.reply(.orders([try RenewalSamples.journal(stage)]))
      try Golden.check(
        "renewal-list-\(stage)", scene, size: size, telling: ["renewal-list-requested"], "\(language)")
      scene.press(.function(3))
      if stage == .requested {
        try Golden.check("renewal-business", scene, size: size, telling: [], "\(language)")
      }
    }
  }
}
