import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Each state of the PIN screen against its recording; in the three sizes it fits.
@Suite struct PINGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check(
        "pin-\(name)", scene, size: size, telling: ["pin-empty"], "\(language)")
      // Nothing is cut off at the bottom.
      if let pin = scene.pin {
        #expect(PINPicture(pin: pin, world: scene.state.world).fittingRows.count <= size.1 - 4, "\(name)")
      }
    }
    func scene(left: Int? = 10, isDefault: Bool = false) throws -> Scene {
      try Scene.pin(language, width: size.0, height: size.1, left: left, isDefault: isDefault)
    }
    var asking = Scene.one(language, width: size.0, height: size.1)
    asking.press(.function(2))
    try check("asking", asking)
    asking.answer(.ended(.locked))
    try check("locked", asking)
    try check("low", try scene(left: 3))
    try check("last", try scene(left: 1))

    var fields = try scene(isDefault: true)
    try check("empty", fields)
    fields.type("１２")
    try check("full-width", fields)
    fields.press(.control("u"))
    fields.enter("123456", "12345678")
    try check("weak", fields)
    fields.press(.enter)
    try check("running", fields)
    if let query = fields.pin?.query { fields.reply(.pin(.slow(query))) }
    try check("slow", fields)
    fields.finish(.changed)
    try check("changed", fields)

    var strong = try scene()
    strong.enter("123456", "9k2Lm81x", "9k2L")
    try check("differs", strong)
    strong.type("9k2Lm81x")
    try check("strong", strong)
    strong.press(.enter)
    strong.finish(.wrong(triesLeft: 9))
    try check("wrong", strong)

    let lost = Failure(.cardRemoved, function: "SCardTransmit", number: .scard(0x8010_0069))
    let refusal = Failure(.commandRefused, function: "ChangePIN", number: .statusWord(0x6A80))
    for (name, outcome) in [
      ("unknown", PINOutcome.unknown(.change, lost)), ("other-key", .notSent(.otherKey)),
      ("no-profile", .notSent(.noProfile)), ("refused", .refused(refusal)),
    ] {
      var ended = try scene()
      ended.enter("123456", "9k2Lm81x")
      ended.finish(outcome)
      try check(name, ended)
    }
  }
}
