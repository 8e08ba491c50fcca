import CertificateKit
import DiagnosisKit
import Failures
import TerminalKit
import Testing
import TokenKit

@testable import ManagerApp

@Suite struct LoginScreenTests {
  @Test func f5NeedsAKeyThatCanBeAsked() {
    var scene = Scene()
    scene.press(.function(5))
    #expect(scene.pin == nil && scene.screen.contains("现在不能“登录自检”：没有选中 U-Key"))
    scene = .one()
    scene.press(.function(5))
    #expect(scene.loginQuestion != nil)

    var reading = Scene()
    reading.insert(Samples.key(isComplete: false))
    reading.press(.function(5))
    #expect(reading.pin == nil)

    var unsupported = Scene()
    var snapshot = Samples.key()
    snapshot.profile = nil
    unsupported.insert(snapshot)
    unsupported.press(.function(5))
    #expect(unsupported.pin == nil && unsupported.screen.contains("没有密码规格"))

    var without = Scene()
    without.insert(Samples.key(containers: .value([Samples.container(signature: .absent)])))
    without.press(.function(5))
    #expect(without.pin == nil && without.screen.contains("没有可以登录的签名证书"))
  }

  @Test func theSelectedCertificateIsTried() throws {
    let second = Samples.certificate(owner: "另一家公司", serial: 33)
    var scene = Scene()
    scene.insert(
      Samples.key(containers: .value([Samples.container(), Samples.container("B", signature: .value(second))])))
    scene.press(.function(5))
    #expect(try #require(scene.loginQuestion).test.key.container == "Container0001")
    scene.press(.escape, .down, .down, .down, .function(5))
    #expect(try #require(scene.loginQuestion).test.key.certificate == second)
    #expect(scene.screen.contains("签名证书 · 另一家公司"))
    // The encryption certificate leads to the signature certificate beside it.
    scene.press(.escape, .down, .function(5))
    let test = try #require(scene.loginQuestion).test
    #expect(test.key.certificate == second && test.key.container == "B" && test.key.keySerial == "E3000GM-00412")
  }

  @Test func triesStandBeforeThePINIsAsked() throws {
    var scene = Scene.one()
    scene.press(.function(5))
    #expect(!scene.screen.contains("密码      ["))
    let query = try #require(scene.loginQuestion).query
    scene.type("123456")
    scene.reply(.pin(.prepared(query, .ready(try Scene.ready(left: 7)))))
    #expect(scene.screen.contains("还可以试 7 次（共 10 次）") && scene.pin?.view.counts == [0, 0, 0])
  }

  @Test func fewTriesTakeTheWordAndTheLastIsNotSent() throws {
    var scene = try Scene.login(left: 3)
    scene.type("123456")
    scene.press(.enter)
    #expect(scene.loginJob == nil && scene.screen.contains("输入的不是“继续”"))
    scene.type("继续")
    scene.press(.enter)
    scene.type("123456")
    scene.press(.enter)
    #expect(try #require(scene.loginJob).consent == .low)

    scene = try Scene.login(left: 1)
    scene.type("123456")
    scene.press(.enter)
    #expect(scene.loginJob == nil && scene.screen.contains("ukey login-test --last-try"))
    scene.press(.function(3))
    #expect(scene.pin == nil && scene.unlock != nil)
  }

  @Test func whatCannotBeAPINIsNotSent() throws {
    var scene = try Scene.login()
    scene.press(.enter)
    #expect(scene.loginJob == nil && scene.screen.contains("✕ 没有输入密码"))
    scene.type("１２３４５６")
    scene.press(.enter)
    #expect(scene.loginJob == nil && scene.screen.contains("全角"))
  }

  @Test func aBrokenLinkBeforeThePINAsksForNone() throws {
    var scene = Scene.one()
    scene.state.world.now += 90 * Samples.day
    scene.press(.function(5))
    let (query, test) = try #require(scene.loginQuestion)
    let operations = ScriptedOperations(.verified)
    scene.answerLogin(operations.prepare(query, .certificate(test)))
    #expect(scene.screen.contains("✕ 证书有效期") && !scene.screen.contains("密码      ["))
    #expect(operations.token.received == [])
    scene.press(.enter)
    #expect(scene.pin == nil)
  }

  @Test func theKeyIsLookedAtAgainForANewAttempt() throws {
    var scene = try Scene.login()
    scene.type("123456")
    scene.press(.enter)
    scene.tryLogin(ScriptedOperations(.wrong(triesLeft: 3)))
    #expect(scene.screen.contains("✕ 核对密码") && scene.screen.contains("还可以试 3 次"))
    #expect(scene.effects == [.reread(Samples.source())])
    scene.press(.enter)
    #expect(scene.loginQuestion != nil && scene.pin?.purpose.login?.found.isEmpty == true)
    scene.answerLogin(.ready(try Scene.ready(left: 3)))
    #expect(scene.screen.contains("只剩 3 次"))
  }

  @Test func whileItRunsNothingLeaves() throws {
    var scene = try Scene.login()
    scene.type("123456")
    scene.press(.enter)
    for key in [Key.escape, .function(10), .control("z"), .control("c")] {
      scene.press(key)
      #expect(scene.pin?.isRunning == true && scene.effects.isEmpty)
    }
    let query = try #require(scene.pin?.query)
    // The key goes: what became of it is still told.
    scene.send(.removed(Samples.source()))
    #expect(scene.pin?.isRunning == true)
    let lost = Failure(.cardRemoved)
    var trial = LoginTrial()
    for step in LoginStep.beforePIN { trial.set(step, Finding(.ok)) }
    trial.set(.pin, Finding(.fault, .loginUnknown, failure: lost))
    scene.reply(.pin(.tried(query, trial)))
    #expect(scene.screen.contains("✕ 核对密码") && scene.effects.isEmpty)
  }

  @Test func aSlowKeyMayBeLeftAndAnswersLate() throws {
    var scene = try Scene.login()
    scene.type("123456")
    scene.press(.enter)
    let query = try #require(scene.pin?.query)
    scene.reply(.pin(.slow(query)))
    #expect(scene.screen.contains("U-Key 没有应答"))
    scene.press(.escape)
    #expect(scene.screen.contains("结果未知：密码已发出"))
    var trial = LoginTrial()
    for step in LoginStep.allCases { trial.set(step, Finding(.ok)) }
    scene.reply(.pin(.tried(query, trial)))
    #expect(scene.screen.contains("✓ 登录自检通过"))
    scene.press(.escape)
    #expect(scene.pin == nil)
    // Once the screen is left, a line tells.
    scene.reply(.pin(.tried(query, trial)))
    #expect(scene.screen.contains("✓ 登录自检通过"))
  }

  @Test func theDiagnosisIsOneKeyAway() throws {
    var scene = try Scene.login()
    scene.type("123456")
    scene.press(.enter)
    scene.tryLogin(ScriptedOperations(.wrong(triesLeft: 9)))
    scene.press(.function(4))
    #expect(scene.diagnosis != nil)
    scene.press(.escape)
    #expect(scene.screen.contains("卡在这一步：核对密码"))
  }

  /// A login that holds.
  private func passed() throws -> Scene {
    var scene = try Scene.login()
    scene.type("123456")
    scene.press(.enter)
    let query = try #require(scene.pin?.query)
    var trial = LoginTrial()
    for step in LoginStep.allCases { trial.set(step, Finding(.ok)) }
    scene.reply(.pin(.tried(query, trial)))
    return scene
  }

  @Test func theServiceThatPagesCallIsStartedFromHere() throws {
    var scene = try passed()
    #expect(scene.screen.contains("○ 密钥服务没有运行") && !scene.screen.contains("x 启动"))
    scene.press(.character("x"))
    #expect(scene.effects.isEmpty && scene.screen.contains("这里不能启动"))
    scene.state.world.mayStartKeyService = true
    #expect(scene.screen.contains("x 启动"))
    scene.press(.character("x"))
    #expect(scene.effects == [.keyService(.start)] && scene.screen.contains("正在启动密钥服务"))
    // Once is enough.
    scene.press(.character("x"))
    #expect(scene.effects.isEmpty)
    scene.reply(.service(.started(Failure(.keyServiceProgram))))
    #expect(scene.screen.contains("密钥服务没有启动") && scene.screen.contains("○ 密钥服务没有运行"))
    scene.press(.character("x"))
    scene.take(.keyService(.connected))
    #expect(scene.screen.contains("● 密钥服务在运行") && scene.screen.contains("✓ 登录自检通过"))
    scene.press(.character("x"))
    #expect(scene.effects.isEmpty)
    // It ends again: the row follows.
    scene.take(.keyService(.disconnected))
    #expect(scene.screen.contains("○ 密钥服务没有运行") && scene.screen.contains("x 启动"))
  }

  @Test func aLoginThatFailedSpeaksOfNoService() throws {
    var scene = try Scene.login()
    scene.type("123456")
    scene.press(.enter)
    scene.tryLogin(ScriptedOperations(.wrong(triesLeft: 3)))
    scene.state.world.mayStartKeyService = true
    scene.press(.character("x"))
    #expect(scene.effects.isEmpty && !scene.screen.contains("密钥服务"))
  }

  @Test func theHelpListsItsKeys() throws {
    var scene = try Scene.login()
    scene.press(.function(1))
    #expect(scene.screen.contains("开始自检") && !scene.screen.contains("用户/管理员"))
  }

  // MARK: The PIN

  @Test func everyWayOutWipesThePIN() throws {
    let ways: [(inout Scene) -> Void] = [
      { $0.press(.escape) }, { $0.press(.function(10)) }, { $0.press(.control("c")) }, { $0.press(.control("z")) },
      { $0.take(.stopping) }, { $0.take(.resumed) },
      { $0.send(.removed(Samples.source())) }, { $0.send(.readerRemoved(Samples.source())) },
      { $0.send(.inserted(Samples.source(), atr: [0x3B])) },
      { $0.send(.read(Samples.source(), Samples.key(serial: "E3000GM-00999"))) },
      { $0.send(.failed(Samples.source(), Failure(.cardRemoved))) },
    ]
    for (index, way) in ways.enumerated() {
      var scene = try Scene.login()
      scene.type("123456")
      let fields = try #require(scene.pin?.ready?.fields)
      #expect(fields.view(.gmt, identities: []).counts == [6, 0, 0])
      way(&scene)
      #expect(fields.view(.gmt, identities: []).counts == [0, 0, 0], "way \(index)")
      #expect(scene.pin?.view.counts ?? [0, 0, 0] == [0, 0, 0], "way \(index)")
    }
  }

  @Test func afterAStopTheKeyIsAskedAnew() throws {
    var scene = try Scene.login()
    scene.type("1234")
    scene.press(.control("z"))
    scene.take(.resumed)
    scene.answerLogin(.ready(try Scene.ready(left: 5)))
    #expect(scene.screen.contains("已清除输入的密码") && scene.screen.contains("还可以试 5 次（共 10 次）"))
  }

  @Test(arguments: [nil, Failure(.readerLost)])
  func theWorkerWipesThePIN(_ failure: Failure?) throws {
    var scene = try Scene.login()
    scene.type("123456")
    let fields = try #require(scene.pin?.ready?.fields)
    scene.press(.enter)
    #expect(fields.view(.gmt, identities: []).counts == [0, 0, 0])
    let job = try #require(scene.loginJob)
    #expect(job.pins.view(.gmt, identities: []).counts == [6, 0, 0])
    let operations = ScriptedOperations(.wrong(triesLeft: 9), failure: failure)
    let trial = operations.tryLogin(job) { _ in }
    #expect(trial.first?.step == (failure == nil ? .pin : .key))
    #expect(operations.token.received == (failure == nil ? [6] : []))
    #expect(job.pins.view(.gmt, identities: []).counts == [0, 0, 0])
  }
}
