import DiagnosisKit
import Failures
import KeyService
import LoginToken
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

extension Scene {
  static func service(
    _ language: Language = .zh, width: Int = 80, height: Int = 24, _ status: ServiceStatus? = nil,
    holders: [Int: [PortHolder]] = [:]
  ) -> Scene {
    var scene = one(language, width: width, height: height)
    if status != nil { scene.take(.keyService(.connected)) }
    scene.press(.function(7))
    if let status { scene.take(.keyService(.status(status, holders: holders))) }
    return scene
  }

  static func status(_ revision: Int = 1, grants: Bool = true, log: [(String, String)] = []) throws -> ServiceStatus {
    func port(_ adapter: String, _ number: Int, _ state: ServiceStatus.Port.State, tls: Bool = false) -> [ServiceStatus
      .Port]
    {
      ["127.0.0.1", "::1"].map {
        ServiceStatus.Port(adapter: adapter, number: number, isTLS: tls, address: $0, state: state)
      }
    }
    let sites = try ["https://portal.example", "https://xn--fiq228c.example"].map { try #require(WebOrigin($0)) }
    var status = ServiceStatus(
      version: "3.1.0", pid: 4711, started: Samples.now - 3600,
      ports: port("szca-soap", 9528, .open) + port("szca-soap", 21317, .taken)
        + port("szca-soap", 18981, .noCertificate, tls: true) + port("ukey", 21517, .open),
      grants: grants
        ? [
          Grant(origin: sites[0], adapter: "ukey", permissions: [.read, .login], granted: Samples.now),
          Grant(origin: sites[0], adapter: "szca", permissions: [.read, .sign], granted: Samples.now),
          Grant(origin: sites[1], adapter: "ukey", permissions: .read, granted: Samples.now),
        ] : [],
      log: log.enumerated().map { index, entry in
        LogEntry(
          time: Samples.now + Int64(index), origin: "https://portal.example", adapter: "ukey", function: entry.0,
          outcome: entry.1)
      }, prompt: "manager")
    status.revision = revision
    return status
  }

  fileprivate var service: ServiceScreen? { topmost { if case .service(let screen) = $0 { screen } else { nil } } }
}

@Suite struct ServiceScreenTests {
  static let holder = PortHolder(user: "root", pid: 812, program: "SZCA_Key_Server")

  @Test func asksForTheStateAndThenForTheNext() throws {
    var scene = Scene.one()
    scene.take(.keyService(.connected))
    scene.press(.function(7))
    #expect(scene.said == [.status(after: 0)])
    scene.take(.keyService(.status(try Scene.status(5), holders: [:])))
    #expect(scene.said == [.status(after: 5)])
    // One that is left asks for nothing more.
    scene.press(.escape)
    scene.take(.keyService(.status(try Scene.status(6), holders: [:])))
    #expect(scene.said.isEmpty)
  }

  @Test func takesBackWhatASiteMay() throws {
    var scene = Scene.service(.zh, try Scene.status())
    #expect(scene.service?.sites.map(\.grants.count) == [2, 1])
    scene.press(.down, .character("d"))
    #expect(scene.screen.contains("收回 https://xn--fiq228c.example"))
    scene.press(.escape)
    #expect(scene.said.isEmpty && scene.kind == .service)
    scene.press(.character("d"), .character("y"))
    #expect(scene.said == [.revoke(try #require(WebOrigin("https://xn--fiq228c.example")))])
  }

  @Test func startsAndStops() throws {
    var scene = Scene.service()
    #expect(scene.screen.contains("未运行"))
    scene.press(.character("x"))
    #expect(scene.effects.isEmpty, "without a way to start it")
    scene.state.world.mayStartKeyService = true
    scene.press(.character("x"))
    #expect(scene.effects == [.keyService(.start)])
    scene.press(.character("x"))
    #expect(scene.effects.isEmpty, "it is starting")
    scene.reply(.service(.started(Failure(.keyServiceProgram))))
    #expect(scene.screen.contains("UK-641"))
    scene.take(.keyService(.connected))
    scene.take(.keyService(.status(try Scene.status(), holders: [:])))
    scene.press(.character("x"), .character("y"))
    #expect(scene.said == [.stop])
    scene.take(.keyService(.disconnected))
    #expect(scene.screen.contains("未运行"))
  }

  @Test func letsOneRequestWithFewTries() throws {
    var scene = Scene.service(.zh, try Scene.status(log: [("loginToken", "few-tries"), ("keys", "ok")]))
    scene.press(.character("a"))
    #expect(scene.said.isEmpty)
    scene.press(.tab, .character("a"))
    #expect(scene.said.isEmpty, "the newest was not refused for that")
    scene.press(.down, .character("a"))
    #expect(scene.said == [.allowFewTries(try #require(WebOrigin("https://portal.example")))])
  }

  @Test func theRowStaysAtItsRequest() throws {
    var scene = Scene.service(.zh, try Scene.status(log: [("a", "ok"), ("b", "ok"), ("c", "ok")]))
    scene.press(.tab, .down)
    scene.take(
      .keyService(
        .status(try Scene.status(2, log: [("a", "ok"), ("b", "ok"), ("c", "ok"), ("d", "ok")]), holders: [:])))
    let service = try #require(scene.service)
    #expect(service.entries[service.entry].function == "b")
  }

  @Test(arguments: Language.allCases, Golden.sizes)
  func pictures(_ language: Language, _ size: (Int, Int)) throws {
    func check(_ name: String, _ scene: Scene) throws {
      try Golden.check("service-\(name)", scene, size: size, telling: ["service-runs"], "\(language)")
    }
    func scene(_ status: ServiceStatus?) -> Scene {
      .service(language, width: size.0, height: size.1, status, holders: [21317: [Self.holder]])
    }
    let log = [
      ("certificates", "ok"), ("loginToken", "cancelled"), ("POST", "origin-missing"), ("loginToken", "few-tries"),
    ]
    var runs = scene(try Scene.status(log: Array(repeating: log, count: 8).flatMap { $0 }))
    try check("runs", runs)
    runs.press(.tab, .down)
    try check("log", runs)
    runs.press(.character("x"))
    try check("stop", runs)
    try check("empty", scene(try Scene.status(grants: false)))
    try check("absent", scene(nil))
  }
}
