import Base
import CertificateKit
import Failures
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp

@Suite struct UnlockScreenTests {
  private func opened(_ language: Language = .zh, width: Int = 80, height: Int = 24) -> Scene {
    var scene = Scene.one(language, width: width, height: height)
    scene.press(.function(3), .character("1"), .enter)
    return scene
  }

  private var job: (Scene) -> UnlockRequestJob? {
    { scene in
      for case .makeRequest(let job) in scene.effects { return job }
      return nil
    }
  }

  /// The screen's text without what folding put between its characters.
  private func flat(_ scene: Scene) -> String { scene.screen.filter { !" │\n".contains($0) } }

  private func filled() -> Scene {
    var scene = opened()
    scene.type("李四")
    scene.press(.tab)
    scene.type("13800138000")
    return scene
  }

  /// It may be another than the one in the field (the state directory in a read-only home).
  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    var scene = filled()
    scene.press(.enter, .enter)
    let failure = Failure(.fileWrite, function: "mkdir", number: .errno(30), context: "/home/u/.local")
    scene.reply(.unlock(.requested(.failed(failure))))
    #expect(flat(scene).contains("errno30）/home/u/.local"))
  }

  /// The form's name may be taken where the request's is free.
  @Test func aTakenNameIsNamed() throws {
    var scene = filled()
    scene.press(.enter, .enter)
    scene.reply(.unlock(.requested(.taken(Failure(.fileExists, context: "/home/u/a.html"), free: "/home/u/a-2.ukreq"))))
    #expect(flat(scene).contains("/home/u/a.html") && flat(scene).contains("/home/u/a-2.ukreq"))
    // Enter takes the free name, y overwrites, Esc lets the person choose.
    var other = scene
    other.press(.enter)
    #expect(job(other)?.file == "/home/u/a-2.ukreq" && job(other)?.overwrites == false)
    var over = scene
    over.press(.character("y"))
    #expect(job(over)?.overwrites == true && job(over)?.file == scene.unlock?.text(.file))
    scene.press(.escape)
    #expect(scene.unlock?.phase == .editing && scene.unlock?.focus == .file)
    // An answer to overwrite is for that name alone.
    over.reply(.unlock(.requested(.failed(Failure(.fileWrite)))))
    while over.unlock?.focus != .file { over.press(.backTab) }
    over.type("x")
    over.press(.enter, .enter)
    #expect(job(over)?.overwrites == false)
  }

  @Test func tabCompletesThePathAndGoesOnWhereItIsComplete() {
    var scene = filled()
    while scene.unlock?.focus != .file { scene.press(.backTab) }
    let typed = scene.unlock?.text(.file) ?? ""
    scene.press(.tab)
    #expect(scene.effects == [.completePath(typed, ending: nil)])
    scene.reply(.path(PathReply(for: typed, PathCompletion(text: "~/work/", choices: []))))
    #expect(scene.unlock?.text(.file) == "~/work/" && scene.unlock?.focus == .file)
    scene.reply(.path(PathReply(for: "~/work/", PathCompletion(text: "~/work/", choices: ["a/", "b/"]))))
    #expect(scene.screen.contains("a/  b/") && scene.unlock?.focus == .file)
    scene.reply(.path(PathReply(for: "~/work/", PathCompletion(text: "~/work/", choices: []))))
    #expect(scene.unlock?.focus == .remember)
    // What comes after something else was typed is dropped.
    scene.press(.backTab)
    scene.type("z")
    scene.reply(.path(PathReply(for: "~/work/", PathCompletion(text: "~/other/", choices: []))))
    #expect(scene.unlock?.text(.file) == "~/work/z")
  }

  @Test func theFormNeedsAKey() {
    var scene = Scene()
    scene.press(.function(3), .character("1"), .enter)
    #expect(scene.unlock == nil && scene.state.world.message?.style == .warning)
  }

  @Test func everyPersonalFieldIsShownBeforeItIsWritten() throws {
    var scene = filled()
    scene.press(.enter)
    #expect(job(scene) == nil)
    for text in ["李四", "13800138000", "忘记密码", "现场领取", "介质解锁", "深圳市示例建设工程有限公司"] {
      #expect(scene.screen.contains(text), "\(text)")
    }
    scene.press(.enter)
    let sent = try #require(job(scene))
    #expect(sent.applicant == Applicant(name: "李四", mobile: "13800138000", reason: "忘记密码"))
    #expect(sent.kind == .unlock && !sent.remember && sent.file.hasSuffix(".ukreq"))
    // While it works nothing leaves.
    scene.press(.escape)
    #expect(scene.unlock?.phase == .making)
  }

  @Test func wrongFieldsAreNamedAndGetTheFocus() {
    var scene = opened()
    scene.press(.enter)
    #expect(scene.screen.contains("经办人：必填") && scene.unlock?.focus == .name)
    scene.type("李四")
    scene.press(.enter)
    #expect(scene.unlock?.focus == .mobile && scene.unlock?.phase == .editing)
  }

  @Test func renewalWarnsAboutOpenBids() throws {
    var scene = filled()
    scene.press(.backTab, .backTab, .right)
    #expect(scene.screen.contains("续期") && flat(scene).contains("无法解密"))
    scene.press(.enter)
    #expect(flat(scene).contains("无法解密"))
    scene.press(.enter)
    #expect(try #require(job(scene)).kind == .renew)
  }

  private static let second = Samples.certificate(
    owner: "深圳市样板市政工程有限公司", until: Samples.now - 3 * Samples.day, serial: 0x5C,
    uscc: USCCFinding(code: "914403001922038216", source: "subject OU", check: .valid))

  /// Two companies on one key.
  private func twoOwners() -> Scene {
    var scene = Scene(.zh, width: 80, height: 24)
    scene.send(.service(.running))
    scene.insert(
      Samples.key(
        containers: .value([
          Samples.container(),
          Samples.container(
            "Container0002", signature: .value(Self.second),
            encryption: .value(
              Samples.certificate(owner: Self.second.owner, usage: Samples.encryptionUsage, serial: 0x5D))
          ),
        ])))
    return scene
  }

  private func renew(_ scene: inout Scene) {
    scene.type("李四")
    scene.press(.tab)
    scene.type("13800138000")
    while scene.unlock?.focus != .kind { scene.press(.backTab) }
    while scene.unlock?.kind != .renew { scene.press(.right) }
  }

  /// D2: a renewal asked for from the certificate of the second company was for the first.
  @Test(arguments: [
    Self.second, Samples.certificate(owner: Self.second.owner, usage: Samples.encryptionUsage, serial: 0x5D),
  ])
  func aRenewalIsAboutTheSelectedCertificate(_ selected: Certificate) throws {
    var scene = twoOwners()
    while scene.state.world.selectedCertificate?.certificate != selected { scene.press(.down) }
    scene.press(.function(3), .enter)
    scene.reply(.renewal(.looked(.refused(Failure(.renewalNotOffered)))))
    try #require(scene.unlock?.kind == .renew)
    renew(&scene)
    #expect(scene.screen.contains("业务申请 · 续期") && scene.screen.contains(Self.second.owner))
    scene.press(.enter)
    for text in [Self.second.owner, "914403001922038216", "证书已过期"] { #expect(scene.screen.contains(text), "\(text)") }
    #expect(!scene.screen.contains("深圳市示例建设") && !scene.screen.contains("忘记密码"))
    scene.press(.enter)
    let sent = try #require(job(scene))
    #expect(sent.kind == .renew && sent.certificate == Self.second.der && sent.applicant.reason == "证书已过期")
  }

  @Test func theCertificateCanBeChangedInTheForm() throws {
    var scene = twoOwners()
    scene.press(.home)
    scene.press(.function(3), .character("1"), .enter)
    renew(&scene)
    #expect(scene.screen.contains("证书即将到期"))
    scene.press(.down)
    #expect(scene.unlock?.focus == .certificate && scene.screen.contains("1/2"))
    scene.press(.right)
    #expect(scene.screen.contains("2/2") && scene.screen.contains("证书已过期"))
    scene.press(.right, .left)
    scene.press(.enter, .enter)
    #expect(try #require(job(scene)).certificate == Self.second.der)
  }

  /// A reason that was typed is the person's; one that was suggested goes with what it was suggested for.
  @Test func aTypedReasonStays() {
    var scene = opened()
    scene.press(.tab, .tab)
    scene.type("，换人经办")
    scene.press(.backTab, .backTab, .backTab, .right)
    #expect(scene.unlock?.kind == .renew && scene.unlock?.text(.reason) == "忘记密码，换人经办")
  }

  @Test func aChangeAsksWhatChanges() {
    var scene = filled()
    scene.press(.backTab, .backTab, .left)
    #expect(scene.unlock?.kind == .change && scene.screen.contains("变更内容"))
    scene.press(.enter)
    #expect(scene.unlock?.focus == .reason && scene.screen.contains("变更内容：必填"))
  }

  /// Asked for twice, the second request gets a name of its own; one that was typed stays.
  @Test func aTakenNameIsNotProposed() {
    var scene = opened()
    scene.reply(.unlock(.found(UnlockFound(freeName: "~/E3000GM-00412-2.ukreq"))))
    #expect(scene.unlock?.text(.file) == "~/E3000GM-00412-2.ukreq")
    var typed = opened()
    while typed.unlock?.focus != .file { typed.press(.down) }
    typed.type("x")
    typed.reply(.unlock(.found(UnlockFound(freeName: "~/E3000GM-00412-2.ukreq"))))
    #expect(typed.unlock?.text(.file) == "~/E3000GM-00412.ukreqx")
  }

  @Test func aFailureLeadsBackToTheFields() throws {
    var scene = filled()
    scene.press(.enter, .enter)
    // An answer for another screen is not taken.
    scene.reply(.unlock(.requested(.failed(Failure(.fileWrite)))), to: ScreenID(number: -1))
    #expect(scene.unlock?.phase == .making)
    scene.reply(.unlock(.requested(.failed(Failure(.fileExists)))))
    #expect(scene.unlock?.phase == .editing && scene.unlock?.focus == .file)
    #expect(scene.screen.contains("UK-610"))
  }

  @Test func aKeyWithoutChallengeIsToldWhatNext() throws {
    var scene = filled()
    scene.press(.enter, .enter)
    scene.reply(.unlock(.requested(.made(UnlockSamples.made(isAnswerable: false)))))
    #expect(scene.screen.contains("SR5Q-VE3H-AWNV") && flat(scene).contains("ukeyunlockadmin"))
    #expect(!scene.screen.contains("请勿拔出"))
    scene.press(.enter)
    #expect(scene.unlock == nil)
  }

  /// The key may lie in a drawer for days: the screen comes up with what waits, and one key makes the challenge.
  @Test func aWaitingRequestLeadsToItsChallenge() throws {
    var scene = opened()
    #expect(scene.effects.contains(.loadApplicant(keySerial: "E3000GM-00412", onKey: false)))
    scene.reply(.unlock(.found(UnlockFound(waiting: UnlockSamples.made(isNew: false)))))
    #expect(flat(scene).contains("正在等待办理") && scene.screen.contains("SR5Q-VE3H-AWNV"))
    var anew = scene
    anew.press(.function(3))
    #expect(anew.unlock?.phase == .editing && anew.screen.contains("经办人"))
    scene.press(.enter)
    guard case .makeChallenge(let job)? = scene.effects.first else {
      Issue.record("no challenge")
      return
    }
    #expect(job.keySerial == "E3000GM-00412" && job.application == "SZCAAPP")
    scene.reply(.unlock(.challenged(.failed(Failure(.cardBusy)))))
    #expect(scene.unlock?.phase == .made && scene.screen.contains("UK-"))
  }

  @Test func goesWithItsKey() {
    var scene = filled()
    scene.send(.removed(Samples.source()))
    #expect(scene.unlock == nil && scene.kind == .business)
    #expect(!scene.screen.contains("13800138000"))
  }

  @Test func remembersOnlyIntoEmptyFields() {
    var scene = opened()
    let kept = Applicant(name: "王五", mobile: "13900139000", reason: "", delivery: .post, address: "示例路1号")
    scene.reply(.unlock(.found(UnlockFound(applicant: kept))))
    #expect(scene.screen.contains("王五") && scene.screen.contains("示例路1号"))
    var other = filled()
    other.reply(.unlock(.found(UnlockFound(applicant: kept))))
    #expect(!other.screen.contains("王五"))
  }

  @Test(arguments: Golden.sizes, Language.allCases)
  func fitsEverySize(_ size: (Int, Int), _ language: Language) {
    var scene = opened(language, width: size.0, height: size.1)
    #expect(scene.lines.allSatisfy { textWidth($0) <= size.0 })
    // The last field is in sight, and the hints.
    let words = UnlockWords[language]
    #expect(scene.screen.contains(words.remember))
    scene.type("a")
    scene.press(.tab)
    scene.type("13800138000")
    scene.press(.enter)
    #expect(scene.screen.contains(words.mobile) && scene.screen.contains(words.enterToWrite))
  }

  /// A rule about a field that is not on the screen would be told nowhere.
  @Test func everyRuleHasItsField() {
    for field in FieldProblem.Field.allCases where field != .uscc {
      #expect(UnlockScreen.Field.allCases.filter { $0.ruled == field }.count == 1, "\(field)")
    }
  }
}
