import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import DiagnosisKit
@testable import ManagerApp

/// The screen 驱动诊断 while it runs and with what it found; in the three sizes it fits.
@Suite struct DiagnosisGoldenTests {
  private func walk(_ scene: inout Scene, _ events: DiagnosisEvent...) {
    for event in events {
      let walk = scene.diagnosis?.walk ?? 0
      scene.reply(.diagnosis(.walked(walk: walk, event)))
    }
  }

  @Test(arguments: Language.allCases, Golden.sizes)
  func states(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check(
        "diagnosis-\(name)", scene, size: size, telling: ["diagnosis-fault"], "\(language)")
    }
    var scene = Scene.one(language, width: size.0, height: size.1)
    scene.press(.function(4))
    try check("begun", scene)
    for id in CheckID.allCases.prefix(14) { walk(&scene, .started(id), .found(id, Finding(.ok))) }
    walk(&scene, .started(.token))
    try check("running", scene)
    let facts = [
      Evidence(.application, "SZCAAPP", .text), Evidence(.triesLeft, "0"), Evidence(.triesMax, "10"),
      Evidence(.defaultPIN, "yes"),
    ]
    walk(&scene, .found(.usbDriver, Finding(.skipped, .notNeeded)), .found(.pin, Finding(.fault, .pinLocked, facts)))
    try check("fault", scene)

    var stopped = Scene.one(language, width: size.0, height: size.1)
    stopped.press(.function(4))
    let fix = Fix("/usr/sbin/pcscd", needsRoot: true)
    let seen = [Evidence(.path, "/run/pcscd/pcscd.comm"), Evidence(.error, "No such file (errno 2)")]
    walk(&stopped, .found(.serviceSocket, Finding(.fault, .socketMissing, seen, fix: fix)))
    try check("not-started", stopped)
    stopped.state.world.isRoot = true
    stopped.press(.character("x"))
    try check("repair", stopped)
    stopped.press(.escape)
    #expect(!stopped.screen.contains("pcscd.socket "))
  }

  /// Whatever else is wrong has its remedy in the head too, as far as there is room, and how much is left is said.
  @Test(arguments: Language.allCases, Golden.sizes)
  func several(_ language: Language, _ size: (Int, Int)) throws {
    var scene = Scene.one(language, width: size.0, height: size.1)
    scene.press(.function(4))
    let found: [CheckID: Finding] = [
      .keyServicePort: Finding(.fault, .keyServiceDown, [Evidence(.port, "51235")]),
      .browserStore: Finding(.fault, .storeBroken, [Evidence(.path, "cert9.db")]),
      .pin: Finding(.warning, .pinDefault), .platformTLS: Finding(.unknown, .timedOut),
    ]
    let all = Dictionary(uniqueKeysWithValues: CheckID.allCases.map { ($0, found[$0] ?? Finding(.ok)) })
    for id in CheckID.allCases { if let finding = all[id] { walk(&scene, .found(id, finding)) } }
    let result = DiagnosisResult(findings: all, only: nil, options: DiagnosisOptions(now: 0), microseconds: 0)
    walk(&scene, .ended(result))
    try Golden.check("diagnosis-several", scene, size: size, telling: ["diagnosis-several"], "\(language)")
  }
}
