import CertificateKit
import DiagnosisKit
import Failures
import Foundation
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp

/// What people come for, by the keys of Docs/tasks.md: each leads where it is said to lead, and is no longer than it is said
/// to be there.
@Suite struct TasksTests {
  /// What is pressed, and what is typed between.
  private enum Input {
    case key(Key)
    case text(String)
  }

  private func keys(_ keys: Key...) -> [Input] { keys.map { .key($0) } }

  /// A key of two companies, of which the second one's certificate ends soonest.
  private func scene(width: Int = 80, height: Int = 24) -> Scene {
    var scene = Scene(.zh, width: width, height: height)
    scene.send(.service(.running))
    func pair(_ name: TokenName, _ owner: String, _ days: Int64, _ serial: UInt8) -> ContainerSnapshot {
      let until = Samples.now + days * Samples.day + 60
      return Samples.container(
        name, signature: .value(Samples.certificate(owner: owner, until: until, serial: serial)),
        encryption: .value(
          Samples.certificate(owner: owner, usage: Samples.encryptionUsage, until: until, serial: serial + 1)))
    }
    scene.insert(
      Samples.key(
        containers: .value([
          pair("A", "深圳市示例建设工程有限公司", 400, 0x10), pair("B", "深圳市样板市政工程有限公司", 39, 0x20),
        ])))
    return scene
  }

  /// - Returns: how many keys it took, typed texts not counted.
  private func run(_ inputs: [Input], _ scene: inout Scene) -> Int {
    var count = 0
    for input in inputs {
      switch input {
      case .key(let key):
        scene.press(key)
        count += 1
      case .text(let text): scene.type(text)
      }
    }
    return count
  }

  @Test func whoseAndHowLongNeedsNoKey() {
    let scene = scene()
    #expect(scene.screen.contains("深圳市样板市政") && scene.screen.contains("39 天"))
  }

  @Test func theExpiringCertificateIsRenewedForItsOwnCompany() throws {
    var scene = scene()
    // A key that takes no new certificate leads straight to the form.
    var count = run(keys(.function(3), .enter), &scene)
    scene.reply(.renewal(.looked(.refused(Failure(.renewalNotOffered)))))
    let inputs = [.text("李四")] + keys(.tab) + [.text("13800138000")] + keys(.enter, .enter)
    count += run(inputs, &scene)
    #expect(count == 5)
    guard case .makeRequest(let job)? = scene.effects.first else {
      Issue.record("no request")
      return
    }
    #expect(job.kind == .renew && job.applicant.reason == "证书即将到期")
    #expect(job.certificate == Samples.certificate(serial: 0x20).der)
  }

  @Test(arguments: [("3", "介质补办"), ("4", "变更")])
  func otherBusinessIsTwoKeysAway(_ digit: String, _ title: String) throws {
    var scene = scene()
    let key = try #require(digit.unicodeScalars.first)
    #expect(run(keys(.function(3), .character(key)), &scene) == 2 && scene.kind == .business)
    scene.press(.enter)
    scene.reply(.renewal(.looked(.refused(Failure(.renewalNotOffered)))))
    #expect(scene.screen.contains("业务申请 · " + title))
  }

  @Test(arguments: [("6", "领取"), ("7", "发票"), ("9", "客服")])
  func answersAreTwoKeysAway(_ digit: String, _ word: String) throws {
    var scene = scene()
    let key = try #require(digit.unicodeScalars.first)
    #expect(run(keys(.function(1), .character(key)), &scene) == 2)
    #expect(scene.screen.contains(word) && scene.screen.contains(Authority.current.hotline))
  }

  @Test func aCompanyIsFoundAndItsSerialCopied() {
    var scene = scene()
    #expect(run(keys(.character("/")) + [.text("示例")] + keys(.enter), &scene) == 2)
    #expect(scene.state.world.selectedCertificate?.certificate.owner == "深圳市示例建设工程有限公司")
    #expect(run(keys(.character("y"), .character("3")), &scene) == 2)
    #expect(scene.effects == [.copy("35:A1:10:7F:00:11:22:33")])
  }

  @Test func everythingIsExportedAtOnce() {
    var scene = scene()
    #expect(run(keys(.character("e"), .backTab, .backTab, .left, .enter), &scene) == 5)
    guard case .exportMany(let job)? = scene.effects.first else {
      Issue.record("no export")
      return
    }
    #expect(job.form == .pem && job.only == nil)
  }

  @Test func theComplaintIsAskedInTwoKeys() {
    var scene = scene()
    #expect(run(keys(.function(4), .character("1")), &scene) == 2)
    #expect(scene.kind == .diagnosis && scene.diagnosis?.symptom == Symptom.allCases.first)
  }

  /// From the locked key to the own PIN, the response coming by itself.
  @Test func unlockingNeedsNoPath() throws {
    var scene = scene()
    let folder = NSTemporaryDirectory() + "ukey-tasks-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = try UnlockSamples.session(folder)
    var count = run(
      keys(.function(3), .character("1"), .enter) + [.text("李四")] + keys(.tab) + [.text("13800138000")]
        + keys(.enter, .enter), &scene)
    scene.reply(.unlock(.requested(.made(UnlockSamples.made()))))
    count += run(keys(.enter), &scene)
    scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))))
    scene.reply(.unlock(.seen(.response("/home/user/a.ukresp"))))
    count += run(keys(.enter), &scene)
    scene.reply(.unlock(.checked(.good)))
    scene.answer(.ready(try Scene.ready()))
    count += run([.text("9k2Lm81x")] + keys(.enter) + [.text("9k2Lm81x")] + keys(.enter), &scene)
    #expect(count == 10)
    #expect(scene.effects.contains { if case .applyResponse = $0 { true } else { false } })
  }
}
