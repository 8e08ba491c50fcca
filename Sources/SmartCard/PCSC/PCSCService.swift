internal import CPCSC
package import Failures
internal import Glibc
internal import Synchronization

/// The readers of pcscd. Survives a service that is not running, stops and starts again.
package final class PCSCService: ReaderService, Sendable {
  private struct State {
    /// One idle context, so that listing and then reading the only key costs one session with the service.
    var spare: PCSCContext?
    var watching: PCSCContext?
    var stopped = false
  }

  private let state = Mutex(State())
  private let socket: ServiceSocket

  package init() { socket = ServiceSocket() }

  package var isEmbedded: Bool { false }

  package func readers() throws(Failure) -> [ReaderState] {
    let context = try takeContext()
    let names = try context.readerNames()
    var result: [ReaderState] = []
    if !names.isEmpty,
      let states = try context.statusChange(names.map { KnownState(reader: $0, state: 0) }, forever: false)
    {
      result = states.map { ReaderState(name: $0.reader, card: $0.card) }
    }
    giveBack(context)
    return result
  }

  package func connect(_ reader: String) throws(Failure) -> any CardLink {
    let context = try takeContext()
    let card: PCSCCard
    do throws(Failure) {
      card = try PCSCCard(context: context, reader: reader)
    } catch {
      if !SCard.isServiceGone(error) { giveBack(context) }
      throw error
    }
    card.readATR()
    return card
  }

  package func isInUse(_ reader: String) -> Bool {
    do throws(Failure) {
      // A context of its own: the usual one may stand in the call that does not come back.
      return try PCSCContext().statusChange([KnownState(reader: reader, state: 0)])?.first?.isInUse ?? false
    } catch {
      return false
    }
  }

  package func watch(_ deliver: (ReaderEvent) -> Void) {
    var lastDown: Failure?
    while !isStopped {
      var known: [KnownState] = []
      let changes = socket.changes()
      do throws(Failure) {
        let context = try PCSCContext()
        state.withLock { $0.watching = context }
        defer { state.withLock { $0.watching = nil } }
        lastDown = nil
        deliver(.serviceUp)
        try follow(context, &known, deliver)
      } catch {
        for reader in known {
          if reader.hasCard { deliver(.cardRemoved(reader: reader.reader)) }
          deliver(.readerRemoved(reader.reader))
        }
        if isStopped { return }
        if lastDown != error { deliver(.serviceDown(error)) }
        lastDown = error
        // A context from before the service died is of no more use to anyone.
        state.withLock { $0.spare = nil }
        socket.wait(for: changes)
      }
    }
  }

  package func stop() {
    state.withLock {
      $0.stopped = true
      $0.watching?.cancel()
    }
    socket.wake()
  }

  /// Asks once more for a service that refused; used when the user asks to look again.
  package func retry() { socket.wake() }

  private var isStopped: Bool { state.withLock { $0.stopped } }

  private func follow(
    _ context: PCSCContext, _ known: inout [KnownState], _ deliver: (ReaderEvent) -> Void
  ) throws(Failure) {
    while !isStopped {
      let names = try context.readerNames()
      for gone in known where !names.contains(gone.reader) {
        if gone.hasCard { deliver(.cardRemoved(reader: gone.reader)) }
        deliver(.readerRemoved(gone.reader))
      }
      known.removeAll { !names.contains($0.reader) }
      for name in names where !known.contains(where: { $0.reader == name }) {
        deliver(.readerAdded(name))
        known.append(KnownState(reader: name, state: 0))
      }
      let now: [KnownState]?
      do throws(Failure) {
        now = try context.statusChange(known, forever: true)
      } catch {
        // The cancel of stop(), or a stray one: look again.
        if error.code == .cancelled { continue }
        throw error
      }
      guard let now else { continue }
      for (old, new) in zip(known, now) { Self.report(old, new, deliver) }
      known = now
    }
  }

  /// Turns a change of state into events; a swap between two looks (the counter moved by two) is a removal and an insertion.
  private static func report(_ old: KnownState, _ new: KnownState, _ deliver: (ReaderEvent) -> Void) {
    let changed =
      old.hasCard != new.hasCard || old.isMute != new.isMute
      || (old.hasCard && new.hasCard && old.eventCount != new.eventCount && old.state != 0)
    guard changed else { return }
    if old.hasCard { deliver(.cardRemoved(reader: new.reader)) }
    if new.hasCard {
      deliver(new.isMute ? .cardMute(reader: new.reader) : .cardInserted(reader: new.reader, atr: new.atr))
    }
  }

  private func takeContext() throws(Failure) -> PCSCContext {
    let kept: PCSCContext? = state.withLock { state in
      defer { state.spare = nil }
      return state.spare
    }
    if let kept { return kept }
    return try PCSCContext()
  }

  private func giveBack(_ context: PCSCContext) {
    state.withLock { if $0.spare == nil { $0.spare = context } }
  }
}

extension KnownState {
  fileprivate var card: ReaderState.Card? {
    hasCard ? (isMute ? .mute : .present(atr: atr)) : nil
  }
}
