import CertificateKit
import Failures
import SeededRandom
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

/// Whatever happens in whatever order: nothing traps, and each frame has the right size and whole characters.
@Suite struct RandomTests {
  @Test(arguments: Language.allCases, [UInt64](1...3))
  func anySequenceOfEvents(_ language: Language, _ seed: UInt64) {
    var random = SeededRandom(seed)
    var scene = Scene(language)
    for step in 0..<300 {
      scene.state.world.now &+= Int64.random(in: 0...100_000, using: &random)
      let event = self.event(&random)
      scene.take(event)
      let effects = scene.effects
      for case .export in effects where Bool.random(using: &random) {
        scene.reply(.export(.exported(outcome(&random))))
      }
      for case .verify in effects {
        scene.reply(.detail(.verdict(.incomplete(missingIssuer: "根\u{202E}", path: []))))
      }
      for case .preparePIN(let query) in effects where Int.random(in: 0..<4, using: &random) > 0 {
        scene.reply(.pin(.prepared(query, answer(&random))))
      }
      for case .changePIN(let job) in effects where Bool.random(using: &random) {
        let outcome = [PINOutcome.changed, .locked, .wrong(triesLeft: nil), .unknown(.change, Failure(.cardRemoved))]
          .randomElement(using: &random)
        scene.reply(.pin(.changed(job.query, outcome ?? .changed)))
      }
      for case .prepareLogin(let query, _) in effects where Int.random(in: 0..<4, using: &random) > 0 {
        scene.reply(.pin(.prepared(query, answer(&random))))
      }
      for case .tryLogin(let job) in effects where Bool.random(using: &random) {
        let operations = ScriptedOperations([.wrong(triesLeft: nil), .locked].randomElement(using: &random) ?? .locked)
        let trial = operations.tryLogin(job) { scene.reply(.pin(.login(job.query, $0))) }
        if Bool.random(using: &random) { scene.reply(.pin(.tried(job.query, trial))) }
      }
      scene.state.exitCode = nil
      let frame = draw(scene.state)
      #expect(frame.size == scene.state.world.size, "step \(step)")
      #expect(frame.isWellFormed, "step \(step)")
    }
  }

  private func answer(_ random: inout SeededRandom) -> PINAnswer {
    guard let ready = try? Scene.ready(left: [nil, 0, 1, 3, 10, 10, .max].randomElement(using: &random) ?? 10) else {
      return .ended(.locked)
    }
    return [.ended(.locked), .ended(.notSent(.noProfile)), .ready(ready), .ready(ready)].randomElement(using: &random)
      ?? .ended(.locked)
  }

  private func outcome(_ random: inout SeededRandom) -> ExportOutcome {
    [.exists, .written("/tmp/x"), .failed(Failure(.fileWrite, number: .errno(28)))].randomElement(using: &random)
      ?? .exists
  }

  private func event(_ random: inout SeededRandom) -> Event {
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let tiny = Int.random(in: 0..<8, using: &random) == 0
      return .resized(
        Size(
          width: .random(in: tiny ? 0..<60 : 60..<140, using: &random),
          height: .random(in: tiny ? 0..<16 : 16..<50, using: &random)))
    case 1...4: return .source(keyEvent(&random))
    case 5: return [.resumed, .stopping].randomElement(using: &random) ?? .resumed
    default: return .key(key(&random))
    }
  }

  private func key(_ random: inout SeededRandom) -> Key {
    let keys: [Key] = [
      .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .enter, .escape, .tab, .backTab, .backspace,
      .delete, .function(1), .function(2), .function(2), .function(2), .function(3), .character("1"), .function(6),
      .function(4), .function(5), .function(5), .function(6), .character("汉"), .character("y"),
      .character("/"), .character("s"), .character("p"), .character("n"), .character("l"),
      .character("j"), .character("\u{301}"), .control("u"), .control("k"), .control("a"), .unknown,
      .mouse(
        .init(
          button: .left, x: .random(in: -5..<200, using: &random), y: .random(in: -5..<80, using: &random))),
      .mouse(.init(button: .wheelDown, x: 0, y: 0)),
    ]
    return keys.randomElement(using: &random) ?? .unknown
  }

  private func keyEvent(_ random: inout SeededRandom) -> KeyEvent {
    let source = Samples.source(.random(in: 0..<12, using: &random))
    switch Int.random(in: 0..<10, using: &random) {
    case 9:
      return .unreached(
        [[], [Failure(.libraryMissing, context: "096e:0309 \u{1B}[2J")]][.random(in: 0...1, using: &random)])
    case 0:
      return .service([.starting, .running, .down(Samples.serviceDown)].randomElement(using: &random) ?? .starting)
    case 1: return .readerAdded(source)
    case 2: return .readerRemoved(source)
    case 3: return .inserted(source, atr: [0x3B])
    case 4: return .removed(source)
    case 5: return .failed(source, Failure(.cardMute, context: "长文本\u{1B}[2J", causes: [Samples.serviceDown]))
    default: return .read(source, snapshot(source, &random))
    }
  }

  private func snapshot(_ source: TokenSource, _ random: inout SeededRandom) -> TokenSnapshot {
    let texts = ["", "深圳市示例建设工程有限公司第一分公司", String(repeating: "长", count: 300), "a\u{202E}b\n", "😀é"]
    let text = texts.randomElement(using: &random) ?? ""
    let certificate = Samples.certificate(
      owner: text, from: .random(in: -10_000_000_000...10_000_000_000, using: &random),
      until: [Int64.min, .max, 0, Samples.now].randomElement(using: &random) ?? 0,
      uscc: Bool.random(using: &random) ? nil : USCCFinding(code: text, source: text, check: .organizationCodeOnly),
      key: .other(oid: text), algorithm: text)
    let readings: [Reading<Certificate>] = [
      .value(certificate), .absent, .notOffered, .failed(Failure(.certificateMalformed)),
    ]
    let containers = (0..<Int.random(in: 0..<5, using: &random)).map { _ in
      Samples.container(
        TokenName(text), signature: readings.randomElement(using: &random),
        encryption: readings.randomElement(using: &random))
    }
    let pins: [Reading<PINStatus>] = [
      Samples.pin(.random(in: -1..<4, using: &random)), Samples.pin(nil, max: nil, isDefault: true), .notOffered,
      .failed(Failure(.commandRefused, number: .statusWord(0x6F00))),
    ]
    return Samples.key(
      source, label: TokenName(text), serial: TokenName(text), pin: pins.randomElement(using: &random) ?? .absent,
      containers: Int.random(in: 0..<5, using: &random) == 0 ? .failed(Failure(.cardReset)) : .value(containers),
      isComplete: Bool.random(using: &random),
      applications: Int.random(in: 0..<6, using: &random) == 0 ? .failed(Failure(.answerMalformed)) : nil)
  }
}
