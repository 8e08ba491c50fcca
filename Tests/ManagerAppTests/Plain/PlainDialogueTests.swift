import Failures
import SeededRandom
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Plain mode: the screens as lines and numbers.
@Suite struct PlainDialogueTests {
  @Test(arguments: SampleScreen.allCases, Language.allCases)
  func everyScreenIsTold(_ sample: SampleScreen, _ language: Language) throws {
    var world = Scene.one(language).state.world
    world.size = Size(width: Frame.limit, height: Frame.limit)
    let page = try #require(sample.screen).model.plain(world)
    #expect(!page.title.isEmpty)
    #expect(page.asks.map { label in page.fields.contains { $0.label == label } } ?? true)
    #expect(Set(page.fields.map(\.label)).count == page.fields.count)
    #expect(Set(page.rows.map(\.id)).count == page.rows.count)
    // Nothing that only a drawing has.
    let texts = page.blocks.flatMap(\.lines) + page.rows.map(\.text)
    for text in texts { #expect(!text.contains { "│┌┐└┘├┤─█░".contains($0) }, "\(text)") }
    for text in texts { #expect(!text.contains("  ") || page.rows.contains { $0.text == text }, "\(text)") }
  }

  @Test func theListThenTheChoicesThenOnlyWhatIsNew() {
    var scene = PlainScene()
    #expect(scene.output.contains("U-Key 与证书"))
    #expect(scene.output.contains { $0.hasSuffix("修改密码  F2") && $0.first?.isNumber == true })
    #expect(scene.output.last == "请选择（回车列出，q 退出）：")
    scene.answer("s")
    #expect(scene.news == ["排序：按剩余天数"])
    scene.answer("")
    #expect(scene.news.contains { $0.hasSuffix("修改密码  F2") })
  }

  @Test func aNumberStaysWithItsChoice() {
    var scene = PlainScene()
    let number = scene.number("修改密码")
    let first = scene.number("签名")
    let other = Samples.key(Samples.source(1), label: "另一把", serial: "E3000GM-00777")
    scene.send(
      .readerAdded(other.source), .inserted(other.source, atr: other.atr), .read(other.source, other))
    #expect(scene.news.contains { $0.contains("另一把") && $0.first?.isNumber == true })
    #expect(scene.number("修改密码") == number)
    scene.answer("")
    #expect(scene.number("修改密码") == number)
    scene.send(.removed(Samples.source()))
    scene.answer(first)
    #expect(scene.news.contains("这一项已经不在了；按回车重新列出。") || scene.news.contains { $0.contains("没有这个选项") })
  }

  @Test func aRowIsSelectedByItsNumber() {
    var scene = PlainScene()
    scene.answer(scene.number("加密"))
    #expect(scene.news.contains { $0.contains("加密证书") })
    #expect(scene.dialogue.state.world.selectedEntry?.role == .encryption)
  }

  @Test func whatIsTypedIsNeverRepeated() {
    var scene = PlainScene()
    scene.answer("Secret-4711")
    #expect(scene.news == ["没有这个选项；按回车重新列出。"])
    #expect(!scene.output.joined().contains("4711"))
  }

  @Test func aPINIsChangedQuestionByQuestion() throws {
    var scene = try PlainScene.pin()
    #expect(scene.question == .secret("旧密码"))
    scene.answer("old-4711", "new-4712x", "new-4712x")
    guard case .changePIN(let job)? = scene.requests.first?.effect else {
      Issue.record("nothing sent: \(scene.output)")
      return
    }
    job.pins.use { old, new in
      old.withBytes { #expect(String(decoding: $0, as: UTF8.self) == "old-4711") }
      new.withBytes { #expect(String(decoding: $0, as: UTF8.self) == "new-4712x") }
    }
    #expect(scene.question == .none)
    scene.reply { _ in .pin(.changed(job.query, .changed)) }
    #expect(scene.news.contains("✓ 密码已修改"))
    #expect(!scene.output.joined().contains("471"))
    scene.answer("0")
    #expect(scene.news.contains { $0.contains("管理工具") })
  }

  /// The same rules as in the window, told again when they are broken again.
  @Test func aRuleIsToldEachTimeItIsBroken() throws {
    var scene = try PlainScene.pin()
    for _ in 0..<2 {
      scene.answer("１２３４５６")
      #expect(scene.news.contains { $0.contains("✕ 含有全角字符") }, "\(scene.news)")
    }
    #expect(scene.question == .secret("旧密码"))
    // Enter alone: what else there is.
    scene.answer("")
    #expect(scene.question == .choice)
    #expect(scene.news.contains { $0.hasSuffix("旧密码") })
    scene.answer(scene.number("旧密码"))
    #expect(scene.question == .secret("旧密码"))
  }

  @Test func fewTriesAskForTheWord() throws {
    var scene = try PlainScene.pin(left: 2)
    #expect(scene.news.contains { $0.contains("只剩 2 次") })
    scene.answer("ja")
    #expect(scene.news.contains { $0.contains("输入的不是") })
    scene.answer("继续")
    #expect(scene.question == .secret("旧密码"))
  }

  /// The rest of a line that was begun for a screen that is gone goes nowhere.
  @Test func aPINWhoseKeyIsPulledOutIsNoAnswerToAnythingElse() throws {
    var scene = try PlainScene.pin()
    _ = scene.dialogue.type(.character("q"))
    _ = scene.dialogue.take(.source(.removed(Samples.source())))
    for key in [Key.character("q"), .function(4), .enter] { #expect(scene.dialogue.type(key).isEmpty) }
    #expect(scene.dialogue.state.exitCode == nil && scene.dialogue.state.isMainOnTop)
    _ = scene.dialogue.tell()
    #expect(scene.dialogue.question == .choice)
  }

  @Test func aFormIsFilledInByNumbers() {
    var scene = PlainScene()
    scene.answer("F3", "1", "enter")
    let kind = scene.number("业务类型")
    scene.answer(scene.number("  经办人：") + " 李四")
    #expect(scene.news.contains { $0.hasSuffix("：李四") }, "\(scene.output)")
    scene.answer(kind)
    #expect(scene.question == .option("业务类型"))
    scene.answer("2")
    #expect(scene.news.contains { $0.contains("业务类型：") && $0.contains("续期") })
  }

  @Test func aSearchListsWhatItFound() {
    var scene = PlainScene()
    scene.answer("/")
    #expect(scene.question == .text("搜索"))
    scene.answer("nothing-like-it")
    #expect(scene.news.contains { $0.contains("没有符合的") })
    #expect(scene.question == .choice)
  }

  @Test(arguments: [UInt64](1...6))
  func anyAnswersAndEvents(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    var scene = PlainScene(.several())
    let words = [
      "", "q", "0", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "l", "/", "s", "p", "n", "y", "enter", "esc", "x", "d",
      "12345678", "继续", "-1", "99999999999999999999", "1 x", "é\u{301}", String(repeating: "长", count: 3000),
    ]
    for _ in 0..<300 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: scene.send(.removed(Samples.source(Int.random(in: 0...5, using: &random))))
      case 1:
        let key = Samples.key(Samples.source(Int.random(in: 0...5, using: &random)))
        scene.send(.inserted(key.source, atr: key.atr), .read(key.source, key))
      case 2: scene.take([.resumed, .stopping].randomElement(using: &random) ?? .resumed)
      case 3: try scene.prepare(left: [nil, 1, 3, 10].randomElement(using: &random) ?? 10)
      default:
        let number = String(Int.random(in: 0...40, using: &random))
        scene.answer(Bool.random(using: &random) ? number : words.randomElement(using: &random) ?? "")
      }
      let numbers = scene.dialogue.entries.map(\.number)
      #expect(Set(numbers).count == numbers.count)
    }
  }
}
