import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp

/// Each state of the screen 解锁申请 against its recording; in the three sizes it fits.
@Suite struct UnlockGoldenTests {
  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check(
        "unlock-\(name)", scene, size: size, telling: ["unlock-review", "unlock-waiting"], "\(language)")
      // What is folded or cut must not run over the frame.
      let right = scene.lines.dropFirst().prefix(size.1 - 4).map { $0.last }
      #expect(right.allSatisfy { $0 == "│" }, "\(name)")
    }
    var scene = Scene.one(language, width: size.0, height: size.1)
    scene.press(.function(3))
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
    alone.reply(.unlock(.requested(.made(UnlockSamples.made(nil)))))
    try check("not-remote", alone)

    let folder = NSTemporaryDirectory() + "ukey-golden-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    scene.reply(.unlock(.requested(.made(UnlockSamples.made(try UnlockSamples.session(folder))))))
    try check("waiting", scene)
    scene.press(.escape)
    try check("leaving", scene)
    scene.type("/media/u/answer.ukresp")
    scene.press(.enter)
    try check("confirm", scene)
    var gone = scene
    gone.send(.removed(Samples.source()))
    try check("gone", gone)
    scene.press(.enter)
    try check("applying", scene)
    var refused = scene
    refused.reply(.unlock(.applied(.refused(Failure(.responseOtherKey)))))
    try check("refused", refused)
    scene.reply(.unlock(.applied(.ended(.wrong(triesLeft: 7)))))
    try check("wrong", scene)
  }
}
