import Base
import Failures
import SmartCard
import Testing

@testable import TokenKit

/// A link whose first command does not come back until told.
private final class StandingLink: CardLink, @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  let atr: [UInt8] = [0x3B, 0x00]
  let cardProtocol = CardProtocol.t1
  private let condition = Condition()
  private var mayAnswer = false
  private let standsAtBegin: Bool
  private var ended: [Bool] = []

  init(standsAtBegin: Bool = false) { self.standsAtBegin = standsAtBegin }

  func beginTransaction() throws(Failure) {
    if standsAtBegin { waitForAnswer() }
  }

  func endTransaction(resetting: Bool) {
    condition.withLock {
      ended.append(resetting)
      condition.broadcast()
    }
  }

  func transmit(_ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  {
    waitForAnswer()
    response[0] = 0x90
    response[1] = 0x00
    return 2
  }

  private func waitForAnswer() {
    condition.withLock {
      while !mayAnswer { _ = condition.wait() }
    }
  }

  func answer() {
    condition.withLock {
      mayAnswer = true
      condition.broadcast()
    }
  }

  /// Waits for the end of the transaction; how it ended.
  func waitForEnd() -> [Bool] {
    let deadline = Instant.now + .seconds(60)
    return condition.withLock {
      while ended.isEmpty, condition.wait(until: deadline) {}
      return ended
    }
  }
}

@Suite struct TimedLinkTests {
  @Test func aCardThatStandsStillIsLeftBehind() throws {
    let link = StandingLink()
    do {
      let card = try CardTransaction(try TimedLink(link, limit: .seconds(3)))
      let first = #expect(throws: Failure.self) { try card.send(CommandAPDU(ins: 0x84)) }
      #expect(first?.code == .cardTimeout)
      // Whatever follows does not wait again.
      let begun = Instant.now
      let second = #expect(throws: Failure.self) { try card.send(CommandAPDU(ins: 0x84)) }
      #expect(second?.code == .cardTimeout)
      #expect(Instant.now - begun < .milliseconds(2500))
    }
    link.answer()
    // It lets go of the card by itself, and has it forget what may have been verified.
    #expect(link.waitForEnd() == [true])
  }

  @Test func aCardThatAnswersIsAnswered() throws {
    let link = StandingLink()
    link.answer()
    do {
      var card = try CardTransaction(try TimedLink(link))
      #expect(try card.send(CommandAPDU(ins: 0x84)).status == .success)
      card.resetAtEnd()
    }
    #expect(link.waitForEnd() == [true])
  }

  /// Another program has the card for longer than we wait: when it is ours at last, nothing was sent to it that it would
  /// have to forget, and a reset would take the other program's login away.
  @Test func aCardThatComesTooLateIsNotReset() throws {
    let link = StandingLink(standsAtBegin: true)
    let failure = #expect(throws: Failure.self) {
      _ = try CardTransaction(try TimedLink(link, limit: .milliseconds(50)))
    }
    #expect(failure?.code == .cardBusy)
    link.answer()
    #expect(link.waitForEnd() == [false])
  }

  @Test func unlockingDoesNotWaitForEverEither() throws {
    let link = StandingLink(standsAtBegin: true)
    defer { link.answer() }
    let done = Condition()
    // Unsafe for the compiler alone: `done` guards it.
    nonisolated(unsafe) var ended: [FailureCode] = []
    #expect(
      WorkerThread.start {
        let key = CardToken(source: TokenSource(provider: "pcsc", reader: "R"), link: link, limit: .milliseconds(50))
        var codes: [FailureCode] = []
        do throws(Failure) { _ = try key.unlockChallenge(PINReference(application: "A", role: .admin)) } catch {
          codes.append(error.code)
        }
        let challenge = UnlockChallenge(profile: "A-lm", application: "A", applicationID: [0, 1], random: [])
        let payload = UnlockPayload(authentication: nil, data: [])
        let outcome = key.applyUnlock(
          payload, to: challenge, PINReference(application: "A", role: .admin), consent: .normal)
        if case .notSent(.failure(let failure)) = outcome { codes.append(failure.code) }
        done.withLock {
          ended = codes
          done.broadcast()
        }
      })
    let deadline = Instant.now + .seconds(60)
    done.withLock {
      while ended.isEmpty, done.wait(until: deadline) {}
      #expect(ended == [.cardBusy, .cardBusy])
    }
  }
}
