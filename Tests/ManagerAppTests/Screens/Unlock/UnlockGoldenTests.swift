import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp

/// Each state of the screen 业务申请 against its recording; in the three sizes it fits.
@Suite struct UnlockGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check(
        "unlock-\(name)", scene, size: size, telling: ["unlock-review", "unlock-made", "unlock-waiting"], "\(language)")
      // What is folded or cut must not run over the frame.
      let right = scene.lines.dropFirst().prefix(size.1 - 4).map { $0.last }
      #expect(right.allSatisfy { $0 == "│" || $0 == "┤" || $0 == "█" }, "\(name)")
    }
    var scene = Scene.one(language, width: size.0, height: size.1)
    scene.press(.function(3), .character("1"), .enter)
    try check("empty", scene)
    scene.press(.enter)
    try check("missing", scene)
    scene.type("李四")
    scene.press(.tab)
    scene.type("13800138000")
    var renewal = scene
    renewal.press(.backTab, .backTab, .right, .right)
    try check("replacement", renewal)
    renewal.press(.enter)
    try check("replacement-review", renewal)
    scene.press(.enter)
    try check("review", scene)
    scene.press(.enter)
    try check("making", scene)

    var exists = scene
    exists.reply(.unlock(.requested(.failed(Failure(.fileExists)))))
    try check("exists", exists)
    var alone = scene
    alone.reply(.unlock(.requested(.made(UnlockSamples.made(isAnswerable: false)))))
    try check("not-remote", alone)
    scene.reply(.unlock(.requested(.made(UnlockSamples.made()))))
    try check("made", scene)

    var waits = Scene.one(language, width: size.0, height: size.1)
    waits.press(.function(3), .character("1"), .enter)
    waits.reply(.unlock(.found(UnlockFound(waiting: UnlockSamples.made(isNew: false)))))
    try check("waits", waits)
    scene.press(.enter)
    try check("challenging", scene)

    let folder = NSTemporaryDirectory() + "ukey-golden-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    scene.reply(.unlock(.challenged(.open(UnlockSamples.open(try UnlockSamples.session(folder))))))
    try check("waiting", scene)
    scene.press(.escape)
    try check("leaving", scene)
    var gone = scene
    gone.send(.removed(Samples.source()))
    try check("gone", gone)
    scene.type("/media/u/answer.ukresp")
    scene.press(.enter)
    try check("checking", scene)
    var refused = scene
    refused.reply(.unlock(.checked(.refused(Failure(.deskUnknown)))))
    try check("refused", refused)
    scene.reply(.unlock(.checked(.good)))
    let query = try #require(scene.pin?.query)
    scene.reply(
      .pin(
        .prepared(
          query,
          .ready(
            PINReady(
              policy: .gmt, status: PINStatus(triesMax: 10, triesLeft: 9, isLocked: false, isDefault: nil),
              fields: try PINFields()))
        )))
    try check("own-pin", scene)
    scene.type("97531864")
    scene.press(.enter)
    scene.type("97531864")
    scene.press(.enter)
    var half = scene
    half.reply(.pin(.answered(query, .unknown(.change, Failure(.cardRemoved)), isHalf: true)))
    try check("half", half)
    scene.reply(.pin(.answered(query, .wrong(triesLeft: 7), isHalf: false)))
    try check("wrong", scene)
  }
}
