import Failures
import TerminalKit
import TokenKit

extension State {
  /// Takes what the key source tells.
  mutating func take(_ event: KeyEvent) {
    switch event {
    case .service(let service):
      if case .down(let failure) = service, !isDown {
        say(Grade.error.symbol + " " + text(failure), .error)
      } else if service == .running, isDown {
        say(Grade.ok.symbol + " " + words.serviceBack, .ok)
      }
      self.service = service
    case .unreached(let failures):
      unreached = failures
      if let failure = failures.first, !slots.contains(where: { $0.snapshot != nil }) {
        say(Grade.error.symbol + " " + text(failure), .error)
      }
    case .readerAdded(let source):
      _ = index(source)
    case .sameKey(let source, _):
      leaveScreens(of: source)
      slots.removeAll { $0.source == source }
      reselect(after: source)
    case .readerRemoved(let source):
      guard let slot = slot(source) else { return }
      if !slot.isEmpty { sayRemoved(slot) }
      leaveScreens(of: source)
      slots.removeAll { $0.source == source }
      reselect(after: source)
    case .inserted(let source, let atr):
      let index = index(source)
      leavePINScreens(of: source, read: nil)
      slots[index].card = .reading(atr: atr)
      slots[index].insertedAt = now
      say(words.inserted(slots[index].title))
      // Keys that arrive together (at the start) must not snatch the selection from each other.
      let isFresh = selectedSlot.flatMap(\.insertedAt).map { now - $0 <= 1 } ?? false
      if overlays.isEmpty, !(isFresh && selectedSlot?.isEmpty == false && selection?.source != source) {
        selection = .slot(source)
      }
    case .removed(let source):
      let index = index(source)
      if !slots[index].isEmpty { sayRemoved(slots[index]) }
      slots[index].card = .empty
      slots[index].insertedAt = nil
      leaveScreens(of: source)
      reselect(after: source)
    case .read(let source, let snapshot):
      let index = index(source)
      let wasComplete = slots[index].snapshot?.isComplete ?? false
      slots[index].card = .key(snapshot)
      leavePINScreens(of: source, read: snapshot)
      if snapshot.isComplete, !wasComplete { say(words.readDone(snapshot.title)) }
      if selectedSlot == nil || (selectedSlot?.isEmpty == true && overlays.isEmpty) { selection = .slot(source) }
      repairSelection()
    case .failed(let source, let failure):
      let index = index(source)
      slots[index].card = .failed(failure)
      say(Grade.error.symbol + " " + text(failure), .error)
      if selectedSlot == nil { selection = .slot(source) }
      leaveScreens(of: source)
      repairSelection()
    }
    keepSelectionVisible()
  }

  private var isDown: Bool {
    if case .down = service { true } else { false }
  }

  /// The slot of a reader; a reader not heard of before gets one.
  private mutating func index(_ source: TokenSource) -> Int {
    if let index = slots.firstIndex(where: { $0.source == source }) { return index }
    slots.append(Slot(source: source, card: .empty))
    return slots.count - 1
  }

  private mutating func sayRemoved(_ slot: Slot) {
    say(Grade.warning.symbol + " " + words.removed(slot.title), .warning)
  }

  /// The certificate screens of a key that is gone are closed: nothing of it stays on the screen.
  private mutating func leaveScreens(of source: TokenSource) {
    if let pin = pinScreen, pin.source == source, pin.isBoundToKey { wipeTyped() }
    let leavesUnlock = unlockKeyGone(source)
    overlays.removeAll { overlay in
      switch overlay {
      case .detail(let detail): detail.source == source
      case .export(let export): export.source == source && export.phase != .writing
      case .pin(let pin): pin.source == source && pin.isBoundToKey
      case .unlock(let unlock): unlock.source == source && leavesUnlock
      case .help, .diagnosis: false
      }
    }
  }

  /// Another key may be in the reader: what was typed for the one before goes with its screen.
  ///
  /// - Parameter snapshot: what was read; `nil` when a card was just put in. As long as a reading has not come to the
  ///   serial it says nothing.
  private mutating func leavePINScreens(of source: TokenSource, read snapshot: TokenSnapshot?) {
    guard let pin = pinScreen, pin.source == source, pin.isBoundToKey else { return }
    if let snapshot {
      let (shown, serial) = (pin.query.reference.keySerial, snapshot.device.serial.value)
      if serial == shown || (serial == nil && !snapshot.isComplete) { return }
    }
    wipeTyped()
    overlays.removeAll { if case .pin = $0 { true } else { false } }
  }

  /// After a key went: another key if there is one, else the row where it was.
  private mutating func reselect(after source: TokenSource) {
    guard selection == nil || selection?.source == source else { return }
    let next = slots.first { !$0.isEmpty } ?? slot(source) ?? slots.first
    selection = next.map { .slot($0.source) }
  }

  /// A row that a new reading no longer has gives the selection to its key.
  private mutating func repairSelection() {
    guard let selection else { return }
    if !rows.contains(where: { $0.id == selection }) { self.selection = .slot(selection.source) }
  }
}
