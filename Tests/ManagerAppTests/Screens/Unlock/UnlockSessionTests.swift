import Base
import Failures
import Foundation
import Synchronization
import TerminalKit
import Testing
import TokenKit
import UnlockKit
import Wording

@testable import ManagerApp

/// A key that is held for its challenge is let go by an effect, whichever way the screen is left: closing the
/// connection waits for the card, which the event loop never does.
@Suite struct UnlockSessionTests {
  private func withSession(_ body: (UnlockSession, Scene) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "ukey-session-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = try UnlockSamples.session(folder)
    var scene = Scene.one()
    scene.press(.function(3), .character("1"), .enter)
    scene.type("李四")
    scene.press(.tab)
    scene.type("13800138000")
    scene.press(.enter, .enter)
    scene.reply(.unlock(.requested(.made(UnlockSamples.made()))))
    scene.press(.enter)
    try body(session, scene)
  }

  @Test func everyWayOutLetsGo() throws {
    let ways: [(inout Scene) -> Void] = [
      { $0.press(.escape, .escape) },
      { $0.send(.removed(Samples.source())) },
      { $0.send(.readerRemoved(Samples.source())) },
      { $0.send(.failed(Samples.source(), Failure(.cardReset))) },
      {
        $0.type("a.ukresp")
        $0.press(.enter)
        $0.reply(.unlock(.checked(.refused(Failure(.challengeGone)))))
      },
      // The screen that asks for the PIN has it then, and gives it back when it is left.
      {
        $0.type("a.ukresp")
        $0.press(.enter)
        $0.reply(.unlock(.checked(.good)))
        $0.press(.escape)
      },
      {
        $0.type("a.ukresp")
        $0.press(.enter)
        $0.reply(.unlock(.checked(.good)))
        $0.send(.removed(Samples.source()))
      },
    ]
    for (index, way) in ways.enumerated() {
      try withSession { session, scene in
        var scene = scene
        scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))))
        let watch = Effect.watchResponse(
          session, request: UnlockSamples.made().digest, file: UnlockSamples.made().file, expires: Samples.now + 900)
        #expect(scene.effects == [watch] && scene.unlock?.isOpen == true)
        way(&scene)
        #expect(scene.effects.contains(.release(session)), "way \(index)")
        #expect(scene.unlock?.open == nil, "way \(index)")
      }
    }
  }

  @Test func aResponseThatCameByItselfNeedsOneLook() throws {
    try withSession { session, scene in
      var scene = scene
      scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))))
      scene.reply(.unlock(.seen(.response("/home/user/a.ukresp"))))
      #expect(scene.screen.contains("/home/user/a.ukresp") && scene.screen.contains("批准文件已到"))
      // Nothing is sent before the person has seen it.
      #expect(scene.effects.isEmpty && scene.unlock?.phase == .waiting)
      scene.press(.enter)
      #expect(scene.effects == [.checkResponse(session, given: "/home/user/a.ukresp")])
    }
  }

  /// What came by itself is a proposal, what is typed is meant; editing it goes on from it.
  @Test func whatIsTypedTakesItsPlace() throws {
    try withSession { session, scene in
      var scene = scene
      scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))))
      scene.reply(.unlock(.seen(.response("/home/user/a.ukresp"))))
      var edited = scene
      edited.press(.backspace)
      #expect(edited.unlock?.response.text == "/home/user/a.ukres" && !edited.screen.contains("批准文件已到，"))
      for scalar in "/b".unicodeScalars { scene.press(.character(scalar)) }
      #expect(scene.unlock?.response.text == "/b" && scene.unlock?.noticed == nil)
      // And one that comes now does not push it away; it is there once there is place for it, and goes when it is not wanted.
      scene.reply(.unlock(.seen(.response("/home/user/c.ukresp"))))
      #expect(scene.unlock?.response.text == "/b")
      scene.press(.control("u"))
      #expect(scene.unlock?.response.text == "/home/user/c.ukresp" && scene.screen.contains("批准文件已到，"))
      scene.press(.control("u"))
      #expect(scene.unlock?.response.text == "" && scene.unlock?.noticed == nil)
    }
  }

  /// A file that is refused while the right one comes: that one is not lost.
  @Test func whatComesWhileAnotherIsCheckedIsKept() throws {
    try withSession { session, scene in
      var scene = scene
      scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))))
      scene.press(.character("x"))
      scene.press(.enter)
      #expect(scene.unlock?.phase == .checking)
      scene.reply(.unlock(.seen(.response("/home/user/a.ukresp"))))
      scene.reply(.unlock(.checked(.refused(Failure(.responseOtherRequest)))))
      #expect(scene.unlock?.response.text == "x" && scene.screen.contains("/home/user/a.ukresp"))
      scene.press(.control("u"))
      #expect(scene.unlock?.response.text == "/home/user/a.ukresp")
    }
  }

  @Test func whatWasDoneInAnotherTerminalIsSeen() throws {
    try withSession { session, scene in
      var scene = scene
      scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))))
      scene.reply(.unlock(.seen(.doneElsewhere)))
      #expect(scene.effects == [.release(session), .reread(Samples.source())])
      #expect(scene.screen.contains("已在另一个窗口办完") && !scene.screen.contains("请勿拔出"))
      scene.press(.enter)
      #expect(scene.unlock == nil)
    }
  }

  /// The thread that looks out ends with the session, also where that has ended before it began.
  @Test func theLookoutEndsWithTheSession() throws {
    try withSession { session, _ in
      let watch = ResponseWatch(
        session: session, request: [1], file: session.directory.path + "/a.ukreq", expires: Int64.max / 2)
      session.end()
      watch.run { _ in Issue.record("nothing was there") }
    }
    try withSession { session, _ in
      let watch = ResponseWatch(
        session: session, request: [1], file: session.directory.path + "/a.ukreq", expires: Int64.max / 2)
      let ended = Mutex(false)
      #expect(
        WorkerThread.start {
          watch.run { _ in }
          ended.withLock { $0 = true }
        })
      session.end()
      let deadline = Instant.now + .seconds(30)
      while !ended.withLock({ $0 }), Instant.now < deadline { usleep(1000) }
      #expect(ended.withLock { $0 })
    }
  }

  @Test func aChallengeMadeForNobodyLetsGo() throws {
    try withSession { session, scene in
      var scene = scene
      scene.reply(.unlock(.challenged(.open(UnlockSamples.open(session)))), to: ScreenID(number: -1))
      #expect(scene.effects == [.release(session)] && scene.unlock?.phase == .challenging)
    }
  }

  @Test func anEndedSessionSendsNothing() throws {
    try withSession { session, _ in
      session.end()
      session.end()
      guard case .refused(let failure) = session.check("/nowhere") else {
        Issue.record("it was checked")
        return
      }
      #expect(failure.code == .challengeGone)
      let own = try PIN()
      let outcome = session.apply("/nowhere", consent: .normal, own: own)
      #expect(outcome == UnlockOutcome(unlock: .notSent(.failure(Failure(.challengeGone)))))
    }
  }

  /// As with a PIN: a stop in the middle of a command would leave the key held.
  @Test func whileItRunsTheProgramIsNotStopped() throws {
    try withSession { _, scene in
      var scene = scene
      #expect(scene.unlock?.phase == .challenging)
      for event in [Event.stopping, .key(.control("z")), .key(.function(10))] {
        scene.take(event)
        #expect(scene.effects.isEmpty && scene.state.exitCode == nil)
      }
    }
  }
}
