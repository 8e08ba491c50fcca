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
  /// The effects of the last event.
  var effects: [Effect] = []

  init(_ language: Language = .zh, width: Int = 80, height: Int = 24, isDemo: Bool = false) {
    _ = fixedZone
    state = State(
      language: language, size: Size(width: width, height: height), now: Samples.now, isDemo: isDemo)
  }

  mutating func send(_ events: KeyEvent...) {
    for event in events { effects = update(&state, .source(event)) }
  }

  mutating func press(_ keys: Key...) {
    for key in keys { effects = update(&state, .key(key)) }
  }

  mutating func type(_ text: String) {
    for scalar in text.unicodeScalars { effects = update(&state, .key(.character(scalar))) }
  }

  mutating func insert(_ snapshot: TokenSnapshot) {
    send(
      .readerAdded(snapshot.source), .inserted(snapshot.source, atr: snapshot.atr), .read(snapshot.source, snapshot))
  }

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
    scene.insert(Samples.key(Samples.source(2), label: "空介质", containers: .value([])))
    let unknown = Samples.source(3)
    scene.send(
      .readerAdded(unknown), .inserted(unknown, atr: [0x3B]),
      .failed(unknown, Failure(.tokenUnknown, function: "SELECT", number: .statusWord(0x6A82))))
    scene.send(.readerAdded(Samples.source(4, reader: "Empty Reader 04 00")))
    let broken = Failure(.certificateMalformed, function: "ExportCertificate", number: .statusWord(0x9000))
    scene.insert(
      Samples.key(
        Samples.source(5), label: "锁定的介质", serial: "E3000GM-00999", pin: Samples.pin(0, isDefault: true),
        containers: .value([Samples.container(signature: .failed(broken), encryption: .absent)])))
    return scene
  }
}
