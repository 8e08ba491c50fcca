import CertificateKit
import TerminalKit
import Testing
import TokenKit

@testable import ManagerApp

/// Twenty keys with two hundred certificates: what a key press and a search take in all, without the terminal.
@Suite(.serialized) struct ManyKeysTests {
  private func scene() -> Scene {
    var scene = Scene(.zh, width: 120, height: 40)
    scene.send(.service(.running))
    for key in 0..<20 {
      let containers = (0..<5).map { number in
        let owner = "深圳市示例第\(key * 5 + number)建设工程有限公司"
        let until = Samples.now + Int64(20 + key * 30 + number) * Samples.day
        let serial = UInt8(key * 10 + number * 2)
        return Samples.container(
          TokenName("C\(number)"),
          signature: .value(Samples.certificate(owner: owner, until: until, serial: serial)),
          encryption: .value(
            Samples.certificate(owner: owner, usage: Samples.encryptionUsage, until: until, serial: serial + 1)))
      }
      scene.insert(
        Samples.key(
          Samples.source(key, reader: "Reader \(key)"), serial: TokenName("E3000GM-\(10_000 + key)"),
          containers: .value(containers)))
    }
    return scene
  }

  private func median(_ count: Int, _ body: (Int) -> Void) -> Duration {
    let clock = ContinuousClock()
    let times = (0..<count).map { number in clock.measure { body(number) } }.sorted()
    return times[times.count / 2]
  }

  /// Limits of a program made for people to debug, on a machine that does other things too: many times those of the
  /// program that is shipped. Something that grows with the square of the rows is over them all the same.
  @Test func aKeyPressAndASearchAreQuick() {
    var scene = scene()
    #expect(scene.state.world.slots.flatMap { $0.snapshot?.places ?? [] }.count == 200)
    let press = median(20) { _ in
      scene.press(.down)
      _ = draw(scene.state)
    }
    scene.press(.character("/"))
    let letters = Array("示例第9建设".unicodeScalars)
    let search = median(letters.count) { number in
      scene.press(.character(letters[number]))
      _ = draw(scene.state)
    }
    print("200 certificates: a key press \(press), a letter of a search \(search)")
    #expect(press < .milliseconds(1000) && search < .milliseconds(2000))
  }

  /// Ten keys of five hundred pairs each, of which one holder is another.
  @Test func tenThousandCertificatesAreStillAList() {
    var scene = Scene(.zh, width: 120, height: 40)
    scene.send(.service(.running))
    func reading(_ owner: String, days: Int64, serial: UInt8) -> Reading<Certificate> {
      .value(Samples.certificate(owner: owner, until: Samples.now + days * Samples.day, serial: serial))
    }
    let usual = reading("深圳市示例第一建设工程有限公司", days: 400, serial: 1)
    let last = reading("深圳市末尾工程有限公司", days: 500, serial: 2)
    for key in 0..<10 {
      let containers = (0..<500).map { number in
        Samples.container(
          TokenName("C\(number)"), signature: key == 9 && number == 499 ? last : usual, encryption: usual)
      }
      scene.insert(
        Samples.key(
          Samples.source(key, reader: "Reader \(key)"), serial: TokenName("E3000GM-\(10_000 + key)"),
          containers: .value(containers)))
    }
    #expect(scene.state.world.slots.flatMap { $0.snapshot?.places ?? [] }.count == 10_000)
    scene.press(.end)
    #expect(scene.screen.contains("10010/10010") && scene.screen.contains("E3000GM-10009"))
    scene.press(.home)
    #expect(scene.screen.contains("E3000GM-10000"))
    scene.press(.character("/"))
    for letter in "末尾".unicodeScalars { scene.press(.character(letter)) }
    #expect(scene.screen.contains("深圳市末尾工程有限公司"))
    #expect(!scene.screen.contains("深圳市示例第一建设工程有限公司"))
  }
}
