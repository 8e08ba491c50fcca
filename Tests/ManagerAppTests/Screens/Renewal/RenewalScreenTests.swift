import Base
import Failures
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp
@testable import RenewalKit

@Suite struct RenewalScreenTests {
  private func job(_ scene: Scene) -> RenewalJob? {
    for case .renew(let job) in scene.effects { return job }
    return nil
  }

  /// Up to the PIN that is typed.
  private func sent(_ scene: inout Scene) throws -> RenewalJob {
    try scene.preparePIN()
    scene.type("123456")
    scene.press(.enter)
    return try #require(job(scene))
  }

  @Test func theKeyIsLookedAtFirst() throws {
    let scene = try Scene.renewing()
    let query = RenewalQuery(
      source: Samples.source(), keySerial: "E3000GM-00412", certificate: try RenewalSamples.old().der)
    #expect(scene.kind == .renewal && scene.effects == [.lookForRenewal(query)])
    #expect(scene.renewal?.mode == .busy)
  }

  @Test func aKeyThatTakesNothingLeadsToThePaperWithTheReason() throws {
    var scene = try Scene.renewing()
    scene.reply(.renewal(.looked(.refused(Failure(.renewalNotOffered, function: "PIV", context: "9B")))))
    #expect(scene.kind == .unlock && scene.unlock?.kind == .renew && scene.unlock?.onKey == nil)
    #expect(scene.screen.contains("不能直接写到这把 U-Key 上"))
    scene.press(.escape)
    #expect(scene.kind == .business)
  }

  @Test func paperCanBeChosen() throws {
    var scene = try Scene.renewing()
    try scene.found(nil)
    scene.press(.character("w"))
    #expect(scene.unlock?.kind == .renew && scene.unlock?.onKey == nil)
  }

  @Test func theWalkFromNothingToTheRequest() throws {
    var scene = try Scene.renewing()
    try scene.found(nil)
    #expect(scene.renewal?.phase == .plan && scene.screen.contains("空闲 40960 字节"))
    scene.press(.enter)
    #expect(scene.effects == [.loadApplicant(keySerial: "E3000GM-00412", onKey: true)])
    var desktop = UnlockFound()
    desktop.canOpen = true
    scene.reply(.unlock(.found(desktop)))
    scene.type("李四")
    scene.press(.tab)
    scene.type("13800138000")
    scene.press(.enter, .enter)
    guard case .makeRequest(let request)? = scene.effects.first else {
      Issue.record("no request")
      return
    }
    #expect(request.onKey == RenewalBeginning(offer: RenewalSamples.offer))
    var made = UnlockSamples.made(isAnswerable: false)
    made.order = try RenewalSamples.journal(.begun)
    scene.reply(.unlock(.requested(.made(made))))
    let job = try sent(&scene)
    #expect(job.task == .request && job.journal.stage == .begun && job.answer == nil)
    // While the key is written nobody leaves.
    scene.press(.escape)
    #expect(scene.kind == .renewal && scene.pin?.isRunning == true)
    scene.press(.control("c"))
    #expect(scene.state.exitCode == nil && scene.state.world.message?.text.contains("F3") == true)
    try scene.end(.requested(RenewalSamples.files()), .requested)
    #expect(scene.renewal?.asksForAnswer == true && scene.effects == [.reread(Samples.source())])
    #expect(scene.screen.contains("E3000GM-00412.ukord") && scene.screen.contains("SR5Q-VE3H-AWNV"))
    // The form at a key, as a letter would belong to the field.
    let form = try #require(scene.renewal?.made?.form)
    scene.press(.function(6))
    #expect(scene.effects == [.openFile(form)])
    scene.press(.function(7))
    #expect(!scene.effects.contains(.printFile(form)))
    scene.press(.character("o"))
    #expect(scene.renewal?.field.text == "o")
  }

  /// Another kind than what was looked at is a matter of paper.
  @Test func anotherBusinessInTheFormIsNotDoneOnTheKey() throws {
    var scene = try Scene.renewing()
    try scene.found(nil)
    scene.press(.enter)
    #expect(scene.unlock?.onKey != nil)
    scene.press(.backTab, .right)
    #expect(scene.unlock?.kind == .reissue && scene.unlock?.onKey == nil)
  }

  @Test func theAnswerIsReadShownAndWritten() throws {
    var scene = try Scene.renewing()
    try scene.found(.requested)
    scene.press(.enter)
    #expect(scene.effects.isEmpty)
    scene.type("~/answer")
    scene.press(.tab)
    #expect(scene.effects == [.completePath("~/answer", ending: nil)])
    scene.press(.enter)
    #expect(scene.effects == [.readAnswer(try RenewalSamples.journal(.requested), files: ["~/answer"])])
    scene.reply(.renewal(.read(.checked(try RenewalSamples.answer()))))
    #expect(scene.renewal?.mode == .review && scene.screen.contains("2027-11-23"))
    scene.press(.enter)
    let job = try sent(&scene)
    #expect(job.task == .install && job.answer?.files == ["/home/lisi/answer.csrrsp"])
    #expect(scene.screen.contains("导入加密密钥对"))
    try scene.end(.installed(RenewalProof(encryptionPair: true, hasEncryptionPair: true)), .installed)
    #expect(scene.renewal?.mode == .installed && scene.screen.contains("35:A2:09"))
  }

  /// Enter alone does not agree to a difference.
  @Test func differencesAreAgreedToByAKeyOfTheirOwn() throws {
    var scene = try Scene.renewing()
    try scene.found(.requested)
    scene.type("a")
    scene.press(.enter)
    scene.reply(
      .renewal(.read(.checked(try RenewalSamples.answer([.owner(old: "深圳市示例建设工程有限公司", new: "别的公司")])))))
    #expect(scene.renewal?.mode == .differs && scene.screen.contains("别的公司"))
    scene.press(.enter)
    #expect(scene.renewal?.mode == .differs)
    var left = scene
    left.press(.escape)
    #expect(left.renewal?.asksForAnswer == true && left.renewal?.answer == nil)
    scene.press(.character("y"))
    #expect(scene.pin != nil)
  }

  /// In a small window the rest is turned to first.
  @Test func whatWasNotSeenIsNotAgreedTo() throws {
    var scene = try Scene.renewing(width: 60, height: 16)
    try scene.found(.requested)
    scene.type("a")
    scene.press(.enter)
    scene.reply(
      .renewal(.read(.checked(try RenewalSamples.answer([.owner(old: "深圳市示例建设工程有限公司", new: "别的公司")])))))
    var presses = 0
    while scene.pin == nil, presses < 9 {
      #expect(presses == 0 || scene.renewal?.mode == .differs)
      presses += 1
      let before = scene.screen
      scene.press(.character("y"))
      if scene.pin != nil { #expect(before.contains("请逐项核对") || before.contains("什么也不写")) }
    }
    #expect(scene.pin != nil && presses > 1)
  }

  @Test(arguments: [8, 20, 24, 80]) func serialsAreFoldedBetweenBytes(_ width: Int) {
    let serial = "45:59:E6:BD:A9:91:B7:F3:97:01:26:30:6C:8D:CA:99:C8:60:9C:00"
    let lines = RenewalPicture.foldSerial(serial, width)
    #expect(lines.joined() == serial)
    #expect(lines.allSatisfy { $0.utf8.count <= width } && lines.dropLast().allSatisfy { $0.hasSuffix(":") })
  }

  @Test func anAnswerInPartsIsPutTogether() throws {
    var scene = try Scene.renewing()
    try scene.found(.requested)
    scene.type("key.txt")
    scene.press(.enter)
    scene.reply(.renewal(.read(.incomplete(Failure(.answerOtherKey), files: ["key.txt"]))))
    #expect(scene.screen.contains("已读入 1 个文件"))
    scene.type("cert.pem")
    scene.press(.enter)
    #expect(scene.effects == [.readAnswer(try RenewalSamples.journal(.requested), files: ["key.txt", "cert.pem"])])
    scene.reply(.renewal(.read(.refused(Failure(.answerUnreadable)))))
    #expect(scene.screen.contains("UK-530"))
    scene.press(.escape)
    #expect(scene.renewal?.parts == [])
    scene.press(.escape)
    #expect(scene.kind == .business)
  }

  @Test(arguments: [(RenewalStage.begun, RenewalTask.request), (.paired, .request), (.answered, .install)])
  func whatWasInterruptedGoesOn(_ stage: RenewalStage, _ task: RenewalTask) throws {
    var scene = try Scene.renewing()
    try scene.found(stage)
    #expect(scene.renewal?.mode == .resume && scene.screen.contains("0123456789abcdef"))
    scene.press(.enter)
    #expect(try sent(&scene).task == task)
  }

  /// The key is pulled out in the middle; what was done is looked for before it goes on.
  @Test func afterAnInterruptionTheKeyIsLookedAtAgain() throws {
    var scene = try Scene.renewing()
    try scene.found(.answered)
    scene.press(.enter)
    _ = try sent(&scene)
    scene.send(.removed(Samples.source()))
    #expect(scene.pin?.isRunning == true)
    try scene.end(.failed(Failure(.cardRemoved)), .answered)
    #expect(scene.renewal?.phase == .stopped(Failure(.cardRemoved)) && scene.effects.isEmpty)
    #expect(scene.screen.contains("旧证书不受影响"))
    scene.press(.enter)
    #expect(scene.renewal?.phase == .looking)
    // Still away: told, and the order is not left for that.
    scene.reply(.renewal(.looked(.refused(Failure(.readerUnknown)))))
    #expect(scene.renewal?.phase == .stopped(Failure(.readerUnknown)))
    scene.insert(try RenewalSamples.key())
    scene.press(.enter)
    try scene.found(.answered)
    #expect(scene.renewal?.mode == .resume)
  }

  @Test func aWrongPINLeavesTheOrderAsItIs() throws {
    var scene = try Scene.renewing()
    try scene.found(.begun)
    scene.press(.enter)
    _ = try sent(&scene)
    try scene.end(.pin(.wrong(triesLeft: 9)), .begun)
    #expect(scene.pin?.canRetry == true)
    scene.press(.escape)
    #expect(scene.renewal?.phase == .standing)
  }

  @Test func anotherOrderCanBeBegun() throws {
    var scene = try Scene.renewing()
    try scene.found(.requested)
    scene.press(.function(9))
    #expect(scene.renewal?.phase == .plan && scene.renewal?.beginning?.isNew == true)
    #expect(scene.screen.contains("原订单 0123456789abcdef"))
    scene.press(.escape)
    #expect(scene.renewal?.asksForAnswer == true)
  }

  /// The old one goes for the word alone, and not while the new one was never there.
  @Test func theOldOneIsRemovedForTheWord() throws {
    let key = try RenewalSamples.key(
      signature: .value(try RenewalSamples.new()), encryption: .value(try RenewalSamples.encryption()))
    var scene = try Scene.renewing(key: key)
    try scene.found(.installed, key)
    var login = scene
    login.press(.enter)
    #expect(login.kind == .login && login.pin?.purpose.login?.subject.test?.key.container == RenewalSamples.container)
    scene.press(.character("d"))
    #expect(scene.screen.contains("再也无法解密"))
    for word in ["", "yes", "是", "y"] {
      scene.type(word)
      scene.press(.enter)
      #expect(scene.renewal?.phase == .removing)
    }
    scene.type("删除")
    scene.press(.enter)
    #expect(try sent(&scene).task == .remove)
    try scene.end(.removed, .closed)
    #expect(scene.renewal?.mode == .done && scene.screen.contains("全部办完"))
    scene.press(.enter)
    #expect(scene.kind == .business)
  }

  /// Cut in the removal, nothing is said of the old one that is not known.
  @Test(arguments: [false, true]) func aRemovalThatStoppedSaysWhatIsKnown(_ mayHaveRemoved: Bool) throws {
    let key = try RenewalSamples.key(
      signature: .value(try RenewalSamples.new()), encryption: .value(try RenewalSamples.encryption()))
    var scene = try Scene.renewing(key: key)
    try scene.found(.installed, key)
    scene.press(.character("d"))
    scene.type("删除")
    scene.press(.enter)
    _ = try sent(&scene)
    try scene.end(.failed(Failure(.cardRemoved)), .installed, mayHaveRemoved: mayHaveRemoved)
    #expect(scene.renewal?.mode == .resume)
    #expect(scene.screen.contains("旧证书可能已经删除，也可能还在") == mayHaveRemoved)
    #expect(scene.screen.contains("旧证书不受影响") != mayHaveRemoved)
  }

  /// On the lowest window what was typed wrong is said in sight, and the question stays with it.
  @Test(arguments: Language.allCases) func aWrongWordIsToldInSight(_ language: Language) throws {
    let key = try RenewalSamples.key(
      signature: .value(try RenewalSamples.new()), encryption: .value(try RenewalSamples.encryption()))
    var scene = try Scene.renewing(language, width: 60, height: 16, key: key)
    try scene.found(.installed, key)
    let words = RenewalScreenWords[language]
    scene.press(.character("d"))
    #expect(scene.screen.contains(words.removeAsk.suffix(4)) && !scene.screen.contains("▼"))
    scene.type("yes")
    scene.press(.enter)
    #expect(scene.screen.contains(words.removeDiffers.prefix(8)) && !scene.screen.contains("▼"))
  }

  /// The list says what is half done, whichever screen was open when it was read.
  @Test func theListAndTheAdviceTellOfAnOrder() throws {
    var scene = Scene()
    scene.send(.service(.running))
    scene.insert(try RenewalSamples.key())
    #expect(scene.effects.contains(.loadOrders))
    scene.reply(.orders([try RenewalSamples.journal(.requested)]))
    #expect(scene.screen.contains("等发证机构答复") && scene.state.world.advice.first?.matter == .order(.requested))
    scene.reply(.orders([try RenewalSamples.journal(.requested, serial: "OTHER")]))
    #expect(!scene.screen.contains("等发证机构答复"))
  }

  /// What came when the screen was left is told, and the key is read again.
  @Test func aResultThatNobodyWaitsForIsTold() throws {
    var scene = try Scene.renewing()
    try scene.found(.answered)
    scene.press(.enter)
    let query = try sent(&scene).query
    let ended = RenewalEnded(
      journal: try RenewalSamples.journal(.installed),
      result: .installed(RenewalProof(encryptionPair: nil, hasEncryptionPair: false)))
    scene.reply(.pin(.renewed(query, ended)), to: ScreenID(number: 999))
    #expect(scene.state.world.message?.text.contains("新证书已写入并通过检验") == true)
    #expect(scene.effects == [.reread(Samples.source())])
  }

  @Test func theStepsFollowTheOrder() throws {
    var scene = try Scene.renewing()
    try scene.found(.requested)
    let marks = try #require(scene.renewal).milestones
    let waits: [RenewalScreen.Mark] = [.done, .done, .next, .toCome, .toCome, .toCome, .toCome]
    #expect(marks.map(\.1) == waits)
    // The key has the certificates; only the trial is missing.
    let key = try RenewalSamples.key(
      signature: .value(try RenewalSamples.new()), encryption: .value(try RenewalSamples.encryption()))
    var written = try Scene.renewing(key: key)
    try written.found(.answered, key)
    let tried: [RenewalScreen.Mark] = [.done, .done, .done, .done, .done, .next, .toCome]
    #expect(try #require(written.renewal).milestones.map(\.1) == tried)
  }
}

@Suite struct SelectionTests {
  /// A container that is made or removed moves the others; what was selected stays selected, also while the key is read.
  @Test func theSelectionGoesWithItsCertificate() throws {
    let owner = "深圳市样板市政工程有限公司"
    func pair(_ name: TokenName, _ owner: String) -> ContainerSnapshot {
      Samples.container(name, signature: .value(Samples.certificate(owner: owner)), encryption: .absent)
    }
    let (a, b, new) = (pair("A", "深圳市示例建设工程有限公司"), pair("B", owner), pair("ukey-00", "新的"))
    var scene = Scene()
    scene.send(.service(.running))
    scene.insert(Samples.key(containers: .value([a, b])))
    scene.press(.end, .up)
    #expect(scene.state.world.selectedCertificate?.certificate.owner == owner)
    let source = Samples.source()
    scene.send(.read(source, Samples.key(containers: .value([]), isComplete: false)))
    scene.send(.read(source, Samples.key(containers: .value([new, a]), isComplete: false)))
    scene.send(.read(source, Samples.key(containers: .value([new, a, b]))))
    #expect(scene.state.world.selectedCertificate?.certificate.owner == owner)
    scene.send(.read(source, Samples.key(containers: .value([new, a]))))
    #expect(scene.state.world.selection == .slot(source))
  }
}
