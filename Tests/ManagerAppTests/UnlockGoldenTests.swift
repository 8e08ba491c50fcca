import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp

/// Each state of the screen 解锁申请 against its recording, in the three sizes.
@Suite struct UnlockGoldenTests {
  @Test(arguments: Language.allCases, [(80, 24), (60, 16), (120, 36)])
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try GoldenTests.check("unlock-\(name)-\(language)-\(size.0)x\(size.1)", scene)
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
    let ticket = try #require(scene.state.unlockScreen?.ticket)

    var exists = scene
    _ = update(&exists.state, .unlockRequested(ticket, .failed(Failure(.fileExists))))
    try check("exists", exists)
    var alone = scene
    _ = update(&alone.state, .unlockRequested(ticket, .made(made(nil))))
    try check("not-remote", alone)

    let folder = NSTemporaryDirectory() + "ukey-golden-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = update(&scene.state, .unlockRequested(ticket, .made(made(try session(folder)))))
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
    _ = update(&refused.state, .unlockApplied(ticket, .refused(Failure(.responseOtherKey))))
    try check("refused", refused)
    _ = update(&scene.state, .unlockApplied(ticket, .ended(.wrong(triesLeft: 7))))
    try check("wrong", scene)
  }

  private func made(_ session: UnlockSession?) -> UnlockMade {
    UnlockMade(
      file: "/home/user/E3000GM-00412.ukreq", form: "/home/user/E3000GM-00412.html", checkCode: "SR5Q-VE3H-AWNV",
      compact: "UKREQ1/UNLOCK/1795449600/E3000GM-00412/A-be/SZCAAPP/1000/49DA77D408A30026/110DD889EA180964B2135EED",
      adminTries: 8, session: session)
  }

  private func session(_ folder: String) throws -> UnlockSession {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let directory = StateDirectory(path: folder)
    let challenge = UnlockChallenge(profile: "A-be", application: "SZCAAPP", applicationID: [0, 1], random: [1, 2])
    let open = OpenChallenge(
      request: [UInt8](repeating: 0, count: 32), keySerial: "E3000GM-00412", challenge: challenge, created: Samples.now)
    return UnlockSession(
      token: ScriptedToken(.changed),
      reference: PINReference(application: "SZCAAPP", role: .admin, keySerial: "E3000GM-00412"), directory: directory,
      held: try open.hold(in: directory))
  }
}
