import Base
import CertificateKit
import DiagnosisKit
import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct UpdateTests {
  @Test func insertingSelectsTheKeyAndRemovingClearsIt() {
    var scene = Scene.one()
    #expect(scene.state.world.selection?.source == Samples.source())
    #expect(scene.screen.contains("深圳市示例建设工程有限公司"))
    #expect(scene.screen.contains("还有 39 天到期"))
    scene.send(.removed(Samples.source()))
    #expect(!scene.screen.contains("深圳市示例建设工程有限公司"))
    #expect(scene.screen.contains("已拔出：SZCA ePass3000GM"))
    #expect(scene.screen.contains("正在等待插入"))
  }

  @Test func aSecondKeyPutInLaterIsSelected() {
    var scene = Scene.one()
    scene.state.world.now += 60
    scene.insert(Samples.key(Samples.source(1), label: "第二个"))
    #expect(scene.state.world.selection?.source == Samples.source(1))
    scene.send(.readerRemoved(Samples.source(1)))
    #expect(scene.state.world.selection == .slot(Samples.source()))
  }

  @Test func keysThatArriveTogetherDoNotSnatchTheSelection() {
    var scene = Scene.one()
    scene.insert(Samples.key(Samples.source(1), label: "第二个"))
    #expect(scene.state.world.selection?.source == Samples.source())
  }

  /// Whichever answers first, and only at the start: later the cursor is where it was put.
  @Test(arguments: [true, false]) func theCursorStartsOnAKeyThatCanBeRead(_ strangerFirst: Bool) {
    var scene = Scene(.zh)
    let (stranger, good) = (Samples.source(3), Samples.key())
    let failed = KeyEvent.failed(stranger, Failure(.tokenForeign, context: "OpenPGP"))
    let read = KeyEvent.read(good.source, good)
    scene.send(.service(.running), .readerAdded(stranger), .inserted(stranger, atr: [0x3B]))
    scene.send(.readerAdded(good.source), .inserted(good.source, atr: good.atr))
    #expect(scene.state.world.selection == .slot(stranger))
    if strangerFirst { scene.send(failed, read) } else { scene.send(read, failed) }
    #expect(scene.state.world.selection?.source == good.source)
    scene.state.world.selection = .slot(stranger)
    scene.send(failed, read)
    #expect(scene.state.world.selection == .slot(stranger))
  }

  /// A module over PC/SC shows every reader again.
  @Test func anEmptyReaderIsShownOnce() {
    var scene = Scene.one(width: 120, height: 36)
    let twice = "Empty Reader 01 00"
    scene.send(.readerAdded(Samples.source(1, reader: twice)))
    scene.send(.readerAdded(TokenSource(provider: "pkcs11:/x.so", reader: twice)))
    #expect(scene.lines.filter { $0.contains(twice) }.count == 1)
    #expect(scene.state.world.slots.count == 3)
  }

  @Test func aReadingOfAnOpenScreenDoesNotMoveIt() {
    var scene = Scene.one()
    scene.press(.function(6))
    scene.state.world.now += 60
    scene.insert(Samples.key(Samples.source(1)))
    #expect(scene.state.world.selection?.source == Samples.source())
    #expect(scene.kind == .export)
  }

  @Test func removingAKeyClosesItsScreens() {
    var scene = Scene.one()
    scene.press(.enter, .function(6))
    scene.send(.removed(Samples.source()))
    #expect(scene.state.isMainOnTop)
    #expect(!scene.screen.contains("示例建设"))
  }

  @Test func escLeavesOneLevelAPress() {
    var scene = Scene.one()
    scene.press(.enter, .function(6), .function(1))
    #expect(scene.state.stack.count == 4)
    scene.press(.escape)
    #expect(scene.kind == .export)
    scene.press(.escape)
    #expect(scene.kind == .detail)
    scene.press(.escape, .escape, .escape)
    #expect(scene.kind == .main && scene.state.exitCode == nil)
  }

  @Test func quitting() {
    var scene = Scene.one()
    scene.press(.character("q"))
    #expect(scene.state.exitCode == 0)
    for overlay in [Key.function(1), .enter, .function(6)] {
      scene = Scene.one()
      scene.press(overlay, .control("c"))
      #expect(scene.state.exitCode == 130)
      scene = Scene.one()
      scene.press(overlay, .function(10))
      #expect(scene.state.exitCode == 0)
    }
  }

  @Test func whatCannotBeUsedGivesWayInTheHintBar() {
    var scene = Scene(width: 60, height: 16)
    scene.send(.service(.down(Samples.serviceDown)))
    // The diagnosis is what helps now.
    #expect(scene.screen.contains("F4 故障诊断") && !scene.screen.contains("F2 (修改密码)"))
  }

  @Test func aLockedPINIsNotToBeChanged() {
    var scene = Scene()
    scene.insert(Samples.key(pin: Samples.pin(0, isDefault: true)))
    #expect(scene.screen.contains("需办理介质解锁（F3）") && !scene.screen.contains("请尽快修改"))
  }

  @Test func theReportIsPreviewedWhole() {
    var scene = Scene.one(width: 60, height: 16)
    scene.press(.function(4))
    let walk = scene.diagnosis?.walk ?? 0
    var options = DiagnosisOptions(now: Samples.now)
    options.only = .locale
    let result = Diagnosis(options: options, providers: []).run()
    scene.reply(.diagnosis(.walked(walk: walk, .ended(result))))
    scene.press(.character("s"))
    guard case .preview(let lines, _) = scene.diagnosis?.phase else {
      Issue.record("no preview")
      return
    }
    #expect(lines.allSatisfy { textWidth($0) <= 56 } && scene.screen.contains("将保存的内容"))
  }

  /// Whoever was typing a PIN when the key was pulled goes on typing for a moment.
  @Test func whatIsTypedBlindlyDoesNotTakeBackThatTheKeyIsGone() {
    var scene = Scene.one()
    scene.press(.function(2))
    scene.type("1234")
    scene.send(.removed(Samples.source()))
    scene.type("56")
    #expect(scene.screen.contains("已拔出"))
    scene.state.world.now += 2
    scene.type("7")
    #expect(!scene.screen.contains("已拔出"))
  }

  @Test func aDisabledActionSaysWhy() {
    var scene = Scene(width: 180)
    scene.send(.service(.running), .readerAdded(Samples.source()))
    scene.press(.function(6))
    #expect(scene.state.world.message?.text == "⚠ 现在不能“导出”：没有选中 U-Key")
    #expect(scene.screen.contains("F6 (导出)"))
    scene.press(.function(1), .character("/"))
    scene.type("导出")
    #expect(scene.screen.contains("(导出)  没有选中 U-Key"))
  }

  @Test func exportAsksBeforeItOverwrites() throws {
    var scene = Scene.one()
    scene.press(.function(6))
    scene.press(.control("u"))
    scene.type("q?j/证书.pem")
    scene.press(.function(2))
    scene.press(.enter)
    let job = try #require(scene.exportJob)
    #expect(job.path == "q?j/证书.cer" && job.format == .der && !job.overwrite)
    scene.reply(.export(.exported(.exists)))
    scene.press(.enter)
    #expect(scene.exportJob == nil)
    scene.press(.character("y"))
    #expect(scene.exportJob?.overwrite == true)
    scene.reply(.export(.exported(.written("/tmp/证书.cer"))))
    #expect(scene.state.isMainOnTop && scene.screen.contains("已导出：/tmp/证书.cer"))
  }

  @Test func theDefaultFileNameIsSafe() {
    let hostile = Samples.certificate(owner: "../../etc/passwd\u{202E}\n\u{0}深圳 有限公司")
    let name = exportName(hostile, role: "签名")
    #expect(!name.contains("/") && !name.contains("..") && !name.hasPrefix("-"))
    #expect(name == "etc_passwd_深圳_有限公司-签名-00112233")
  }

  @Test func aKeyReadAgainKeepsTheSelection() {
    var scene = Scene.one()
    scene.press(.down)
    let selection = scene.state.world.selection
    scene.press(.character("r"))
    #expect(scene.effects == [.reread(Samples.source())])
    scene.send(.read(Samples.source(), Samples.key()))
    #expect(scene.state.world.selection == selection)
    scene.send(.read(Samples.source(), Samples.key(containers: .value([]))))
    #expect(scene.state.world.selection == .slot(Samples.source()))
  }

  @Test func stoppingAndContinuing() {
    var scene = Scene.one()
    scene.take(.stopping)
    #expect(scene.effects == [.suspend(job: false)])
    scene.press(.control("z"))
    #expect(scene.effects == [.suspend(job: true)])
    scene.take(.resumed)
    #expect(scene.effects == [.reread(Samples.source())])
  }

  @Test func theStateIsKeptWhileTheWindowIsTooSmall() {
    var scene = Scene.one()
    scene.press(.down)
    let before = scene.lines
    scene.take(.resized(Size(width: 20, height: 5)))
    #expect(scene.screen.contains("60×16"))
    scene.take(.resized(Size(width: 80, height: 24)))
    #expect(scene.lines == before)
  }

  @Test func textOfACardCannotReorderTheScreen() {
    var scene = Scene()
    scene.insert(Samples.key(label: "evil\u{1B}[2J\u{202E}key", serial: "\u{7}\n"))
    #expect(!scene.screen.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
    #expect(scene.screen.contains("evil"))
  }

  @Test func dates() {
    let scene = Scene()
    let day = Samples.day
    func text(_ from: Int64, _ until: Int64) -> String {
      Words[.zh].days(
        Validity(notBefore: Samples.now + from, notAfter: Samples.now + until), now: Samples.now, reminderDays: 60)
    }
    #expect(text(-day, 61 * day) == "还有 61 天到期")
    #expect(text(-day, 3600) == "不足 1 天到期")
    #expect(text(-2 * day, -1) == "已过期（不足 1 天）")
    #expect(text(-20 * day, -10 * day - 5) == "已过期 10 天")
    #expect(text(day, 2 * day) == "尚未生效（2026-11-25 起）")
    #expect(
      MainPicture(main: MainScreen(), world: scene.state.world).grade(Validity(notBefore: .min, notAfter: .max))
        != .error)
    #expect(Validity(notBefore: .min, notAfter: .max).elapsed(0) <= 1)
  }

  @Test func theMouseSelectsARow() {
    var scene = Scene.one()
    scene.press(.mouse(.init(button: .left, x: 6, y: 4)))
    #expect(scene.screen.contains("数字证书信息 · 加密证书"))
    scene.press(.mouse(.init(button: .wheelUp, x: 6, y: 4)))
    #expect(scene.screen.contains("数字证书信息 · 签名证书"))
    scene.press(.mouse(.init(button: .left, x: 2, y: 23)))
    #expect(scene.kind == .help)
  }

  @Test(arguments: Language.allCases)
  func noWordIsEmpty(_ language: Language) {
    for child in Mirror(reflecting: Words[language]).children {
      if let text = child.value as? String { #expect(!text.isEmpty, "\(child.label ?? "")") }
    }
  }
}
