import CertificateKit
import Failures
import Foundation
import TerminalKit
import TokenKit
import Wording

@testable import ManagerApp

/// Dates are drawn in local time, so the tests fix the zone.
let fixedZone: Void = {
  setenv("TZ", "CST-8", 1)
  tzset()
}()

/// A state with a history of events, for tests.
struct Scene {
  var state: State
  /// What the last event asked for.
  private(set) var requests: [Request] = []
  var effects: [Effect] { requests.map(\.effect) }

  init(_ language: Language = .zh, width: Int = 80, height: Int = 24, isDemo: Bool = false) {
    _ = fixedZone
    state = State(
      World(language: language, size: Size(width: width, height: height), now: Samples.now, isDemo: isDemo))
  }

  mutating func take(_ event: Event) { requests = update(&state, event) }

  /// Answers the topmost screen of this kind, or the one that is named; one that is not open has been left.
  mutating func reply(_ answer: ScreenReply, to id: ScreenID? = nil) {
    let open = state.stack.last { open in
      var world = state.world
      var model = open.screen.model
      return model.take(answer: answer, &world) != nil
    }
    take(.answer(to: id ?? open?.id ?? ScreenID(number: -1), answer))
  }

  mutating func send(_ events: KeyEvent...) {
    for event in events { take(.source(event)) }
  }

  mutating func press(_ keys: Key...) {
    for key in keys { take(.key(key)) }
  }

  mutating func type(_ text: String) {
    for scalar in text.unicodeScalars { take(.key(.character(scalar))) }
  }

  mutating func insert(_ snapshot: TokenSnapshot) {
    send(
      .readerAdded(snapshot.source), .inserted(snapshot.source, atr: snapshot.atr), .read(snapshot.source, snapshot))
  }

  /// The certificate's text and fingerprints, which an effect finds out.
  mutating func describe() {
    for case .describe(let certificate) in effects {
      reply(.detail(.described(CertificateDescription(certificate))))
    }
  }

  /// The topmost open screen that `body` gives something for.
  func topmost<Model>(_ body: (Screen) -> Model?) -> Model? {
    for open in state.stack.reversed() {
      if let model = body(open.screen) { return model }
    }
    return nil
  }

  var pin: PINScreen? { topmost { if case .pin(let screen) = $0 { screen } else { nil } } }
  var unlock: UnlockScreen? { topmost { if case .unlock(let screen) = $0 { screen } else { nil } } }
  var diagnosis: DiagnosisScreen? { topmost { if case .diagnosis(let screen) = $0 { screen } else { nil } } }
  /// The screen that takes the keys.
  var kind: SampleScreen { SampleScreen(state.top.screen) }

  var lines: [String] { draw(state).lines }
  var screen: String { lines.joined(separator: "\n") }

  static func one(_ language: Language = .zh, width: Int = 80, height: Int = 24) -> Scene {
    var scene = Scene(language, width: width, height: height)
    scene.send(.service(.running))
    scene.insert(Samples.key())
    return scene
  }

  /// Keys in every state that is not the good one, beside a good one.
  static func several(_ language: Language = .zh, width: Int = 120, height: Int = 36) -> Scene {
    var scene = one(language, width: width, height: height)
    scene.insert(Samples.piv(Samples.source(1, reader: "Example PIV Reader 01 00")))
    scene.insert(Samples.key(Samples.source(2), label: "空 U-Key", containers: .value([])))
    let unknown = Samples.source(3)
    scene.send(
      .readerAdded(unknown), .inserted(unknown, atr: [0x3B]),
      .failed(unknown, Failure(.tokenUnknown, function: "SELECT", number: .statusWord(0x6A82))))
    scene.send(.readerAdded(Samples.source(4, reader: "Empty Reader 04 00")))
    let broken = Failure(.certificateMalformed, function: "ExportCertificate", number: .statusWord(0x9000))
    scene.insert(
      Samples.key(
        Samples.source(5), label: "锁定的 U-Key", serial: "E3000GM-00999", pin: Samples.pin(0, isDefault: true),
        containers: .value([Samples.container(signature: .failed(broken), encryption: .absent)])))
    return scene
  }
}
