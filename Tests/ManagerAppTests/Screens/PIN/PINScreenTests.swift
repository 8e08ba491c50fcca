import Base
import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct PINScreenTests {
  // MARK: When it opens

  @Test func theKeyIsAskedAfresh() throws {
    // The main window still says ten.
    var scene = Scene.one()
    scene.press(.function(2))
    let query = try #require(scene.query)
    #expect(query.reference == PINReference(application: "SZCAAPP", role: .user, keySerial: "E3000GM-00412"))
    #expect(scene.screen.contains("正在读取剩余次数") && !scene.screen.contains("旧密码"))
    scene.answer(.ready(try Scene.ready(left: 7)))
    #expect(scene.screen.contains("还可以试 7 次（共 10 次）") && scene.screen.contains("旧密码"))
  }

  @Test func aLateAnswerDoesNotReachAnotherScreen() throws {
    var scene = Scene.one()
    scene.press(.function(2))
    let late = try #require(scene.query)
    let id = scene.state.top.id
    scene.press(.escape, .function(2))
    // The same question word by word; only the screen is another.
    #expect(scene.query == late)
    scene.reply(.pin(.prepared(late, .ready(try Scene.ready(left: 3)))), to: id)
    #expect(scene.pin?.phase == .asking)
    // Nor does the answer to an earlier question of this screen.
    scene.chooseAdmin()
    scene.reply(.pin(.prepared(late, .ready(try Scene.ready(left: 3)))))
    #expect(scene.pin?.phase == .asking && scene.pin?.role == .admin)
  }

  @Test func whyItCannotBeUsed() {
    var scene = Scene()
    scene.send(.service(.running), .readerAdded(Samples.source()))
    scene.press(.function(2))
    #expect(scene.state.world.message?.text == "⚠ 现在不能“修改密码”：没有选中 U-Key")
    scene.send(.inserted(Samples.source(), atr: [0x3B]))
    scene.press(.function(2))
    #expect(scene.state.world.message?.text.contains("正在读取") == true)
    var snapshot = Samples.key(isComplete: false)
    scene.send(.read(Samples.source(), snapshot))
    scene.press(.function(2))
    #expect(scene.state.world.message?.text.contains("正在读取") == true)
    snapshot = Samples.key(applications: .value([]))
    scene.send(.read(Samples.source(), snapshot))
    scene.press(.function(2))
    #expect(scene.state.world.message?.text.contains("没有带密码的应用") == true)
    #expect(scene.state.isMainOnTop && scene.effects.isEmpty)
  }

  @Test(arguments: Language.allCases)
  func withoutAProfileTheWaysOnAreNamed(_ language: Language) throws {
    var scene = Scene.one(language)
    var snapshot = Samples.key()
    snapshot.profile = nil
    scene.send(.read(Samples.source(), snapshot))
    scene.press(.function(2))
    let message = try #require(scene.state.world.message?.text)
    #expect(message.contains("--provider skf:") && message.contains("F3"))
    #expect(textWidth(message) <= 78, "\(textWidth(message))")
    #expect(scene.state.isMainOnTop)
  }

  @Test func lockedLeadsToUnlocking() throws {
    var scene = Scene.one()
    scene.press(.function(2))
    scene.answer(.ended(.locked))
    #expect(scene.screen.contains("✕ 密码已锁定") && scene.screen.contains("F3 解锁申请"))
    scene.press(.function(3))
    #expect(scene.screen.contains("业务申请 · 介质解锁") && scene.screen.contains("经办人"))
    scene.press(.escape)
    // A locked administrator PIN cannot be unlocked with itself.
    scene.press(.function(2))
    scene.answer(.ended(.locked))
    scene.chooseAdmin()
    #expect(scene.query?.reference.role == .admin)
    scene.answer(.ended(.locked))
    #expect(scene.screen.contains("用户密码没有改变") && !scene.screen.contains("F3 解锁申请"))
  }

  // MARK: Tries

  @Test(arguments: [3, 2, nil])
  func fewTriesAskForAWord(_ left: Int?) throws {
    var scene = try Scene.pin(left: left)
    scene.type("yes")
    scene.press(.enter)
    #expect(scene.screen.contains("输入的不是“继续”"))
    #expect(!scene.screen.contains("[                  ]"))
    scene.type(" 继续 ")
    scene.press(.enter)
    #expect(scene.pin?.phase == .editing)
    scene.enter("123456", "9k2Lm81x")
    #expect(scene.changeJob?.consent == .low)
  }

  @Test func theWordIsTakenInEitherLanguage() throws {
    var scene = try Scene.pin(left: 2)
    scene.type("Continue")
    scene.press(.enter)
    #expect(scene.pin?.phase == .editing)
  }

  @Test func theLastTryIsNotSentFromHere() throws {
    var scene = try Scene.pin(left: 1)
    #expect(scene.screen.contains("只剩最后 1 次") && scene.screen.contains("ukey pin change --last-try"))
    scene.type("123456")
    scene.press(.enter)
    #expect(scene.changeJob == nil && scene.pin?.view.counts == [0, 0, 0])
    scene.chooseAdmin()
    scene.answer(.ready(try Scene.ready(left: 1)))
    #expect(scene.screen.contains("ukey pin change --last-try --admin"))
    #expect(scene.screen.contains("联系发证机构") && !scene.screen.contains("F3"))
  }

  @Test func manyTriesNeedNoConsent() throws {
    var scene = try Scene.pin(left: 4)
    scene.enter("123456", "9k2Lm81x")
    #expect(scene.changeJob?.consent == .normal)
  }

  // MARK: The administrator PIN

  @Test(arguments: Language.allCases)
  func theAdministratorPINIsReachedByAWordOnly(_ language: Language) throws {
    var scene = try Scene.pin(language, isDefault: true)
    // Nothing on the screen leads to it; the help lists the key.
    let bar = scene.lines.last ?? ""
    #expect(!bar.contains("F2") && !scene.screen.contains(PINScreenWords[language].kept))
    scene.type("1234")
    scene.press(.function(2))
    #expect(scene.pin?.phase == .guarding && scene.query == nil && scene.pin?.view.counts == [0, 0, 0])
    #expect(scene.screen.contains(PINScreenWords[language].adminIsAuthoritys(PINWords[language].adminPIN).prefix(12)))
    for wrong in ["", "yes", "continue", "admin"] {
      scene.type(wrong)
      scene.press(.enter)
      #expect(scene.pin?.phase == .guarding && scene.query == nil)
    }
    // Esc goes back to the holder's own PIN, whose tries are read anew.
    scene.press(.escape)
    #expect(scene.pin?.phase == .asking && scene.query?.reference.role == .user)
    scene.press(.function(2))
    scene.type(" Administrator")
    scene.press(.enter)
    #expect(scene.query?.reference.role == .admin)
    scene.answer(.ready(try Scene.ready(isDefault: true)))
    // That it is the initial one is nothing that anybody should change.
    #expect(scene.screen.contains(PINScreenWords[language].kept))
    #expect(!scene.screen.contains(PINScreenWords[language].isDefault + " "))
    scene.press(.function(2))
    #expect(scene.query?.reference.role == .user)
  }

  @Test func theAdministratorPINHasOutcomesOfItsOwn() throws {
    var scene = try Scene.pin()
    scene.chooseAdmin()
    scene.answer(.ready(try Scene.ready()))
    scene.enter("12345678", "9k2Lm81x")
    scene.finish(.changed)
    #expect(scene.screen.contains("管理员密码已修改") && scene.screen.contains("交给发证机构"))
    #expect(!scene.screen.contains("下次登录"))
  }

  @Test func aKeyWithNoOtherPINAsksForTheWordFirst() throws {
    var scene = Scene()
    scene.send(.service(.running))
    let key = Samples.key()
    let application = try #require(key.applications.value?.first)
    var only = application
    only.userPIN = .notOffered
    scene.insert(Samples.key(applications: .value([only])))
    scene.press(.function(2))
    #expect(scene.pin?.phase == .guarding && scene.effects.isEmpty)
    scene.press(.escape)
    #expect(scene.state.isMainOnTop)
  }

  // MARK: The eye, and what is pasted

  @Test func theEyeShowsWhatWasTypedWithoutItBeingInTheFrame() throws {
    var scene = try Scene.pin()
    scene.type("q7W")
    #expect(draw(scene.state).secrets.isEmpty)
    scene.press(.function(8))
    let frame = draw(scene.state)
    let secret = try #require(frame.secrets.first)
    var bytes: [UInt8] = []
    secret.read { bytes = Array($0) }
    #expect(bytes == Array("q7W".utf8) && frame.secrets.count == 1)
    #expect(frame[secret.origin.x, secret.origin.y]?.scalar == "●")
    #expect(!scene.screen.contains("q7W") && !String(describing: scene.state.stack).contains("q7W"))
    // What lies over it hides it.
    scene.press(.function(1))
    #expect(draw(scene.state).secrets.isEmpty)
    scene.press(.escape, .control("r"))
    #expect(draw(scene.state).secrets.isEmpty)
    scene.press(.control("r"))
    scene.press(.tab)
    scene.type("9k2Lm81x")
    #expect(draw(scene.state).secrets.count == 2)
    scene.press(.control("z"))
    #expect(scene.pin?.isShown == false)
  }

  @Test func theEyeIsOffAfterSubmitting() throws {
    var scene = try Scene.pin()
    scene.press(.function(8))
    scene.enter("123456", "9k2Lm81x")
    #expect(scene.changeJob != nil && scene.pin?.isShown == false && draw(scene.state).secrets.isEmpty)
  }

  @Test func whatIsPastedIsTextAndSubmitsNothing() throws {
    var scene = try Scene.pin()
    for scalar in "123456".unicodeScalars { scene.press(.pasted(scalar)) }
    #expect(scene.pin?.view.counts == [6, 0, 0] && scene.pin?.focus == .old)
    // Where nothing is typed it is no command either.
    scene.press(.escape, .pasted("q"))
    #expect(scene.state.exitCode == nil)
  }

  // MARK: Rules

  @Test(
    arguments: [
      ("123456", "123", "9k2Lm81x", "太短"), ("123456", "12345678901234567", "9k2Lm81x", "太长"),
      ("123456", "１２３４５６", "9k2Lm81x", "全角"), ("123456", "密码密码", "9k2Lm81x", "关闭中文输入法"),
      ("9k2Lm81x", "9k2Lm81x", "9k2Lm81x", "新密码与旧密码相同"), ("１２３４５６", "9k2Lm81x", "9k2Lm81x", "全角"),
      ("123456", "9k2Lm81x", "9k2Lm81y", "两次输入的新密码不一致"),
    ])
  func nothingIsSentAgainstARule(_ old: String, _ new: String, _ again: String, _ words: String) throws {
    var scene = try Scene.pin()
    var seen = false
    for text in [old, new, again] {
      scene.type(text)
      scene.press(.enter)
      seen = seen || scene.screen.contains(words)
      if seen { break }
    }
    #expect(seen)
    #expect(scene.changeJob == nil && scene.pin?.phase == .editing)
  }

  @Test func fullWidthDigitsAreToldWhileTypingAndNotLeftBehind() throws {
    var scene = try Scene.pin()
    scene.type("１")
    #expect(scene.screen.contains("✕ 含有全角字符"))
    scene.press(.tab)
    #expect(scene.pin?.view.counts == [0, 0, 0])
    #expect(scene.screen.contains("✕ 含有全角字符"))
    scene.type("a")
    #expect(!scene.screen.contains("全角"))
  }

  @Test(arguments: [Key.left, .home, .pageUp, .insert, .delete, .unknown])
  func keysOfAKeypadWithoutNumLockAreExplained(_ key: Key) throws {
    var scene = try Scene.pin()
    scene.type("12")
    scene.press(key)
    #expect(scene.screen.contains("NumLock"))
    #expect(scene.pin?.view.counts == [2, 0, 0])
  }

  @Test func aWeakPINTakesASecondEnter() throws {
    var scene = try Scene.pin()
    scene.enter("7654321x", "12345678")
    #expect(scene.changeJob == nil && scene.screen.contains("⚠ 新密码较弱"))
    scene.press(.escape)
    #expect(scene.pin?.phase == .editing && scene.pin?.view.counts == [8, 8, 8])
    scene.press(.enter)
    #expect(scene.pin?.phase == .weak)
    scene.press(.enter)
    #expect(scene.changeJob != nil)
  }

  @Test func partsOfSerialAndCreditCodeAreWeak() throws {
    for weak in ["00412", "26726XG"] {
      var scene = try Scene.pin(policy: PINPolicy(minimum: 4, maximum: 16))
      scene.enter("123456", weak)
      #expect(scene.pin?.phase == .weak && scene.screen.contains("信用代码或 U-Key 序列号"))
    }
  }

  @Test func aFieldComeBackToBeginsAnew() throws {
    var scene = try Scene.pin()
    scene.type("123")
    scene.press(.tab)
    #expect(scene.pin?.view.counts == [3, 0, 0])
    scene.press(.backTab)
    scene.type("9")
    #expect(scene.pin?.view.counts == [1, 0, 0])
    scene.type("87")
    scene.press(.backspace)
    #expect(scene.pin?.view.counts == [2, 0, 0])
    scene.press(.tab, .backTab, .backspace)
    #expect(scene.pin?.view.counts == [0, 0, 0])
    scene.type("1234")
    scene.press(.control("u"))
    #expect(scene.pin?.view.counts == [0, 0, 0])
  }

  @Test func whatDoesNotFitIsSaidAndNotCut() throws {
    var scene = try Scene.pin()
    scene.type(String(repeating: "a", count: PIN.capacity + 1))
    #expect(scene.screen.contains("输入过长"))
    scene.press(.enter)
    #expect(scene.screen.contains("太长") && scene.changeJob == nil)
  }

  // MARK: While it runs, and after

  @Test func whileItRunsNothingInterruptsIt() throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    #expect(scene.screen.contains("正在修改密码"))
    for key in [Key.escape, .function(10), .control("z"), .function(2), .enter, .character("1")] {
      scene.press(key)
      #expect(scene.effects.isEmpty && scene.state.exitCode == nil && scene.pin?.phase == .running)
    }
    scene.take(.stopping)
    #expect(scene.effects.isEmpty)
    scene.send(.removed(Samples.source()))
    #expect(scene.pin?.phase == .running)
    scene.press(.control("c"))
    #expect(scene.state.exitCode == nil && scene.screen.contains("将不知道结果"))
    scene.press(.control("c"))
    #expect(scene.state.exitCode == 130)
  }

  @Test func aKeyThatDoesNotAnswerCanBeLeftAndMayAnswerYet() throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    let query = try #require(scene.pin?.query)
    scene.reply(.pin(.slow(query)))
    #expect(scene.screen.contains("已等待 15 秒"))
    scene.press(.escape)
    #expect(scene.screen.contains("结果未知") && scene.screen.contains("UK-126"))
    scene.reply(.pin(.changed(query, .changed)))
    #expect(scene.screen.contains("✓ 密码已修改"))
    // A late word about one that has ended says nothing.
    scene.reply(.pin(.slow(query)))
    #expect(scene.screen.contains("✓ 密码已修改"))
  }

  @Test func theKeyIsReadAgainAfterwards() throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    scene.finish(.changed)
    #expect(scene.effects == [.reread(Samples.source())])
    #expect(scene.screen.contains("✓ 密码已修改"))
    scene.press(.enter)
    #expect(scene.state.isMainOnTop)
  }

  @Test func aWrongPINIsToldAndTriedAgainFromTheTriesLeft() throws {
    var scene = try Scene.pin()
    scene.enter("123457", "9k2Lm81x")
    scene.finish(.wrong(triesLeft: 9))
    #expect(scene.screen.contains("密码不正确，还可以试 9 次"))
    scene.press(.enter)
    #expect(scene.query != nil && scene.pin?.phase == .asking)
  }

  @Test func theResultStaysThoughTheKeyWent() throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    scene.send(.removed(Samples.source()))
    scene.finish(.unknown(.change, Failure(.cardRemoved, function: "SCardTransmit", number: .scard(0x8010_0069))))
    #expect(scene.effects.isEmpty)
    #expect(scene.screen.contains("新旧密码都可能有效") && scene.screen.contains("0x80100069"))
    scene.send(.readerRemoved(Samples.source()))
    #expect(scene.screen.contains("新旧密码都可能有效"))
  }

  @Test func aResultWithoutItsScreenIsToldAllTheSame() throws {
    var scene = try Scene.pin()
    scene.enter("123456", "9k2Lm81x")
    let query = try #require(scene.pin?.query)
    scene.reply(.pin(.changed(query, .wrong(triesLeft: 2))), to: ScreenID(number: -1))
    #expect(scene.state.world.message?.text == "✕ 密码不正确，还可以试 2 次")
  }

  // MARK: Who sees it

  @Test(arguments: Language.allCases)
  func noCharacterIsDrawnOrKept(_ language: Language) throws {
    var scene = try Scene.pin(language)
    scene.enter("q7W", "Zx9Y")
    scene.type("Zx9Y")
    #expect(!scene.screen.contains("q7W") && !scene.screen.contains("Zx9Y"))
    let dumped = String(describing: scene.state.stack)
    #expect(!dumped.contains("q7W") && !dumped.contains("Zx9Y"))
  }

  // MARK: A keypad

  /// The real PIN must not be typed on the computer, which the keypad is there to prevent.
  @Test(arguments: [10, 3]) func aKeypadIsNamedAndNothingIsTypedHere(_ left: Int) throws {
    var policy = PINPolicy.gmt
    policy.padLimit = .seconds(60)
    var scene = try Scene.pin(left: left, policy: policy)
    if left == 3 {
      scene.type(PINWords[.zh].confirmWord)
      scene.press(.enter)
    }
    #expect(scene.pin?.phase == .pad)
    #expect(scene.screen.contains("自带的键盘上输入") && scene.screen.contains("60 秒"))
    #expect(!scene.screen.contains("旧密码"))
    scene.type("123456")
    #expect(scene.pin?.view.counts == [0, 0, 0] && scene.pin?.phase == .pad)
    scene.press(.enter)
    let job = try #require(scene.changeJob)
    #expect(job.padLimit == .seconds(60))
    #expect(job.pins.use { old, new in old.isEmpty && new.isEmpty } == true)
    let query = try #require(scene.pin?.query)
    scene.reply(.pin(.pad(query, secondsLeft: 41)))
    #expect(scene.screen.contains("还有 41 秒") && !scene.screen.contains("60 秒"))
    scene.finish(.changed)
    #expect(scene.pin?.phase == .ended(.changed))
  }

  /// It need not be waited for to its end; what comes of it is told all the same.
  @Test func aKeypadCanBeLeft() throws {
    var policy = PINPolicy.gmt
    policy.padLimit = .seconds(60)
    var scene = try Scene.pin(policy: policy)
    scene.press(.enter, .escape)
    guard case .ended(.unknown(.change, let failure)) = scene.pin?.phase else {
      Issue.record("\(String(describing: scene.pin?.phase))")
      return
    }
    #expect(failure.code == .cancelled)
    // The library's process is ended, so that the keypad holds nothing up; what comes of that is no news.
    let source = try #require(scene.pin?.source)
    #expect(scene.effects.contains(.abandon(source)))
    scene.finish(.unknown(.change, Failure(.libraryEnded)))
    #expect(scene.pin?.phase == .ended(.unknown(.change, failure)))
    scene.finish(.wrong(triesLeft: 9))
    #expect(scene.pin?.phase == .ended(.wrong(triesLeft: 9)))
  }

  /// A PIV card is unlocked with its PUK, not by a request.
  @Test func theDoorThatIsShownIsTheKeys() throws {
    var scene = Scene(.zh)
    scene.send(.service(.running))
    scene.insert(Samples.piv(Samples.source(1, reader: "Example PIV Reader 01 00")))
    scene.press(.function(2))
    scene.answer(.ended(.locked))
    #expect(scene.screen.contains("ukey unlock admin") && !scene.screen.contains("ukey unlock request"))
    #expect(scene.pin?.mode == .done)
  }
}
