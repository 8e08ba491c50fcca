import CertificateKit
import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// The help answers what the guide asks.
@Suite struct AnswerTests {
  private func flat(_ scene: Scene) -> String { scene.screen.filter { !" │\n".contains($0) } }

  /// F1 and its number: two keys, in both languages, on every size.
  @Test(arguments: Language.allCases, Golden.sizes)
  func everyQuestionIsAnsweredInTwoKeys(_ language: Language, _ size: (Int, Int)) {
    for question in Question.allCases {
      var scene = Scene.one(language, width: size.0, height: size.1)
      scene.press(.function(1), .character(Unicode.Scalar(UInt8(0x30 + question.rawValue))))
      var seen = flat(scene)
      for _ in 0..<8 {
        scene.press(.pageDown)
        seen += flat(scene)
      }
      let words = question.words(language)
      #expect(words.lines.allSatisfy { !$0.isEmpty })
      for line in words.lines {
        #expect(seen.contains(line.filter { $0 != " " }.prefix(12)), "\(question): \(line)")
      }
    }
  }

  @Test(arguments: Language.allCases)
  func looks(_ language: Language) throws {
    for (question, key) in [(Question.wrongPIN, "4"), (.business, "2")] {
      var scene = Scene.one(language)
      scene.press(.function(1), .character(Unicode.Scalar(key) ?? "0"))
      try Golden.check("answer-\(question)", scene, language.rawValue)
    }
  }

  /// An answer speaks of the key that is plugged in.
  @Test func answersLookAtTheKey() {
    func answer(_ snapshot: TokenSnapshot?, _ number: Unicode.Scalar) -> String {
      var scene = Scene()
      scene.send(.service(.running))
      if let snapshot { scene.insert(snapshot) }
      scene.press(.function(1), .character(number))
      return flat(scene)
    }
    #expect(answer(Samples.key(pin: Samples.pin(7)), "4").contains("密码还可以试7次（共10次）"))
    #expect(answer(Samples.key(pin: Samples.pin(0)), "4").contains("密码已锁定"))
    #expect(answer(Samples.key(pin: Samples.pin(10, isDefault: true)), "3").contains("还是初始密码"))
    #expect(answer(nil, "4").contains("没有插着可读的U-Key"))
    #expect(answer(Samples.key(), "9").contains("9144030071526726XG"))
    #expect(answer(Samples.key(), "1").contains("39天") && answer(Samples.key(), "1").contains("密钥服务没有在运行"))
  }

  @Test func aSearchFindsInTheAnswers() {
    var scene = Scene.one()
    scene.press(.function(1), .character("/"))
    scene.type("垃圾邮件")
    #expect(scene.screen.contains("怎么拿发票") && !scene.screen.contains("怎样修改密码"))
    // What is left alone opens.
    scene.press(.enter)
    #expect(scene.screen.contains("电子发票"))
    scene.press(.escape, .escape)
    #expect(scene.kind == .help && scene.screen.contains("怎样修改密码"))
    scene.press(.escape)
    #expect(scene.state.isMainOnTop)
  }

  /// A key that an answer names works there; over a screen on which something is typed it says why not.
  @Test func keysNamedInAnswersWork() {
    for (key, kind) in [(2, SampleScreen.changePIN), (3, .business), (4, .diagnosis), (5, .login), (7, .service)] {
      var scene = Scene.one()
      scene.press(.function(1), .character("1"), .function(key))
      #expect(scene.kind == kind, "F\(key)")
      scene.press(.escape)
      #expect(scene.kind != .help)
    }
    var scene = Scene.one()
    scene.press(.function(2), .function(1), .character("1"), .function(3))
    #expect(scene.kind == .help && scene.screen.contains("请先返回"))
  }

  @Test func opensAtWhatFitsTheScreen() {
    var scene = Scene.one()
    scene.press(.function(2), .function(1), .enter)
    #expect(scene.screen.contains("怎样修改密码") && scene.screen.contains("半角"))
    var form = Scene.one()
    form.press(.function(3), .function(1), .enter)
    #expect(form.screen.contains("续期、补办、变更、解锁怎么办"))
  }
}
