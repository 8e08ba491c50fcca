import Base
import Failures
import SmartCard
import Testing

@testable import TokenKit

/// A card that another program keeps in a transaction until told.
private final class KeptLink: CardLink, @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  let atr: [UInt8] = [0x3B, 0x00]
  let cardProtocol = CardProtocol.t1
  private let condition = Condition()
  private var isFree = false
  private var endings: [Bool] = []

  func beginTransaction() throws(Failure) {
    condition.withLock {
      while !isFree { _ = condition.wait() }
    }
  }

  func endTransaction(resetting: Bool) {
    condition.withLock {
      endings.append(resetting)
      condition.broadcast()
    }
  }

  func transmit(_ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  {
    response[0] = 0x6D
    response[1] = 0x00
    return 2
  }

  func free() {
    condition.withLock {
      isFree = true
      condition.broadcast()
    }
  }

  /// How its transactions ended, once one has.
  func waitForEnd() -> [Bool] {
    let deadline = Instant.now + .seconds(60)
    return condition.withLock {
      while endings.isEmpty, condition.wait(until: deadline) {}
      return endings
    }
  }
}

/// A key that another program keeps is busy: neither it nor its reader is broken.
@Suite struct BusyKeyTests {
  @Test func aKeyThatIsKeptIsBusyAndGivenBackWhenItsTurnComesLate() {
    let link = KeptLink()
    let failure = #expect(throws: Failure.self) {
      _ = try CardTransaction(TurnLink(link, limit: .milliseconds(50)))
    }
    #expect(failure?.code == .cardBusy && failure?.isLateTurn == true)
    link.free()
    // Nothing was sent: what the other program verified stays.
    #expect(link.waitForEnd() == [false])
  }

  @Test func aKeyThatIsFreeIsUsed() throws {
    let link = KeptLink()
    link.free()
    let card = try CardTransaction(TurnLink(link, limit: .seconds(60)))
    #expect(try card.send(CommandAPDU(ins: 0x84)).status == StatusWord(0x6D, 0x00))
  }

  @Test func whoMayKeepItIsNamed() {
    let holder = "scdaemon (pid 712)"
    #expect(Failure.lateTurn.naming { [holder] }.context == holder)
    #expect(Failure.lateTurn.naming { [] }.context == nil)
    #expect(Failure(.cardTimeout, context: "10 s").naming { [holder] }.context == "10 s")
  }

  /// The window tells that it is busy, and goes on waiting.
  @Test func theKeyIsReadWhenItBecomesFree() {
    let token = KeptToken()
    let told = Told()
    let hub = KeyHub(providers: [OneTokenProvider(token)])
    hub.start { told.add($0) }
    defer { hub.stop() }
    let source = token.source
    #expect(told.wait { $0 == .failed(source, KeptToken.busy) })
    token.free()
    #expect(
      told.wait {
        if case .read(source, let key) = $0 { key.isComplete } else { false }
      })
    // Said once, however often it was tried.
    #expect(told.count { $0 == .failed(source, KeptToken.busy) } == 1)
  }
}

/// A key that is busy for whoever reads it, until it is free.
private final class KeptToken: ReadOnlyToken, @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  static let busy = Failure.lateTurn
  let source = TokenSource(.pcsc, reader: "R")
  private let condition = Condition()
  private var isFree = false
  private var tries = 0

  /// From the second time on it takes until it is free.
  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    let isBusy = condition.withLock {
      tries += 1
      if tries > 2 { while !isFree { _ = condition.wait() } }
      return !isFree
    }
    if isBusy { throw Self.busy }
    return TokenSnapshot(
      source: source, family: .piv, atr: [], device: DeviceInfo(), profile: nil, applications: .absent)
  }

  func free() {
    condition.withLock {
      isFree = true
      condition.broadcast()
    }
  }
}

/// One reader with one key that stays.
private final class OneTokenProvider: TokenProvider, @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  let name = ProviderKind.pcsc.rawValue
  let isEmbedded = false
  private let token: KeptToken
  private let condition = Condition()
  private var isStopped = false

  init(_ token: KeptToken) { self.token = token }

  func slots() throws(Failure) -> [TokenSlot] { [] }
  func open(_ reader: String) throws(Failure) -> any Token { token }

  func watch(_ deliver: (ReaderEvent) -> Void) {
    deliver(.readerAdded(token.source.reader))
    deliver(.cardInserted(reader: token.source.reader, atr: []))
    condition.withLock { while !isStopped { _ = condition.wait() } }
  }

  func retry() {}

  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }
}
