import Failures
import TerminalKit
import TokenKit
import Wording

extension World {
  /// Takes what the key source tells.
  ///
  /// - Parameter isCovered: a screen lies over the main window; its selection then stays where it is put.
  mutating func take(_ event: KeyEvent, isCovered: Bool) {
    if event.changesChain { brokenLink = nil }
    switch event {
    case .service(let service):
      if case .down(let failure) = service, !isDown {
        say(Grade.error.symbol + " " + text(failure), .error)
      } else if service == .running, isDown {
        say(Grade.ok.symbol + " " + words.serviceBack, .ok)
      }
      self.service = service
    case .asking(let libraries): asking = libraries
    case .unreached(let failures):
      unreached = failures
      if let failure = failures.first, !slots.contains(where: { $0.snapshot != nil }) {
        say(Grade.error.symbol + " " + text(failure), .error)
      }
    case .readerAdded(let source):
      _ = index(source)
    case .sameKey(let source, _):
      slots.removeAll { $0.source == source }
      reselect(after: source)
    case .readerRemoved(let source):
      guard let slot = slot(source) else { return }
      if !slot.isEmpty { sayRemoved(slot) }
      let place = selectedPlace(slot)
      slots.removeAll { $0.source == source }
      reselect(after: source, leaving: place)
    case .inserted(let source, let atr):
      let index = index(source)
      slots[index].card = .reading(atr: atr)
      slots[index].insertedAt = now
      say(words.inserted(slots[index].title))
      // Keys that arrive together (at the start) must not snatch the selection from each other.
      let isFresh = selectedSlot.flatMap(\.insertedAt).map { now - $0 <= 1 } ?? false
      if !isCovered, !(isFresh && selectedSlot?.isEmpty == false && selection?.source != source) {
        selection = .slot(source)
        isChosen = false
      }
    case .removed(let source):
      let index = index(source)
      if !slots[index].isEmpty { sayRemoved(slots[index]) }
      let place = selectedPlace(slots[index])
      slots[index].card = .empty
      slots[index].insertedAt = nil
      reselect(after: source, leaving: place)
    case .read(let source, let snapshot):
      let index = index(source)
      let wasComplete = slots[index].snapshot?.isComplete ?? false
      keepPlace(slots[index])
      slots[index].card = .key(snapshot)
      findKept(snapshot)
      // What was done with the key, for which it is read again, is worth more than that.
      if snapshot.isComplete, !wasComplete, message?.style != .ok { say(words.readDone(snapshot.holder)) }
      if selectedSlot == nil || (selectedSlot?.isEmpty == true && !isCovered) { selection = .slot(source) }
      if snapshot.isComplete, !wasComplete {
        if !isCovered {
          preferReadable()
          if !isChosen { preferUrgent() }
        } else if !findLeft(snapshot), selection == .slot(source) {
          // Whoever opened the screen has chosen nothing on a key that was not there.
          preferUrgent(on: source)
        }
        left = nil
      }
    case .failed(let source, let failure):
      let index = index(source)
      let isFirst = slots[index].isReading
      slots[index].card = .failed(failure)
      say(Grade.error.symbol + " " + text(failure), .error)
      if selectedSlot == nil { selection = .slot(source) }
      if isFirst, !isCovered { preferReadable() }
    }
  }

  /// Of keys that arrived together, one that can be read is selected before one that cannot.
  private mutating func preferReadable() {
    guard let slot = selectedSlot, case .failed = slot.card, selection == .slot(slot.source),
      let arrival = slot.insertedAt
    else { return }
    let better = slots.first { other in
      other.snapshot?.isComplete == true && other.insertedAt.map { abs($0 - arrival) <= 1 } == true
    }
    if let better { selection = .slot(better.source) }
  }

  /// Of what arrived together with the selected key, the row of the most urgent problem; nobody has to look for it, and no
  /// screen that was open before takes another certificate of the key for it.
  ///
  /// - Parameter only: not another key for that.
  private mutating func preferUrgent(on only: TokenSource? = nil) {
    guard let selected = selectedSlot, !selected.isEmpty else { return }
    let arrival = selected.insertedAt
    let first = advice.first { advice in
      guard advice.grade > .ok, let source = advice.source, let slot = slot(source) else { return false }
      if slot.source == selected.source { return true }
      guard only == nil, let arrival, let other = slot.insertedAt else { return false }
      return abs(other - arrival) <= 1 && !slot.isFailed
    }
    if let row = first?.row { selection = row }
  }

  /// After a key went: another key if there is one, else the row where it was.
  private mutating func reselect(after source: TokenSource, leaving place: LeftPlace? = nil) {
    guard selection == nil || selection?.source == source else { return }
    let next = slots.first { !$0.isEmpty } ?? slot(source) ?? slots.first
    selection = next.map { .slot($0.source) }
    left = place
    left?.row = selection
  }

  private func selectedPlace(_ slot: Slot) -> LeftPlace? {
    guard let row = selection, row.source == slot.source, let serial = slot.snapshot?.device.serial.value,
      let certificate = place(row)?.certificate.value
    else { return nil }
    return LeftPlace(keySerial: serial, certificate: certificate.der)
  }

  /// The certificate that was selected on this key before, unless another row was selected meanwhile.
  private mutating func findLeft(_ snapshot: TokenSnapshot) -> Bool {
    guard let left, selection == left.row, left.keySerial == snapshot.device.serial.value,
      let place = snapshot.places.first(where: { $0.certificate.value?.der == left.certificate })
    else { return false }
    selection = .entry(snapshot.source, place.path)
    return true
  }

  private mutating func keepPlace(_ slot: Slot) {
    guard let snapshot = slot.snapshot, snapshot.isComplete, let row = selection, row.source == slot.source,
      let place = place(row)
    else { return }
    kept = KeptPlace(
      row: row, application: place.application.name, container: place.container.name, role: place.role)
  }

  /// The selection goes with its certificate, unless it was moved meanwhile.
  private mutating func findKept(_ snapshot: TokenSnapshot) {
    guard let kept, kept.row == selection, kept.row.source == snapshot.source else { return }
    let place = snapshot.places.first {
      $0.application.name == kept.application && $0.container.name == kept.container && $0.role == kept.role
    }
    if let place {
      selection = .entry(snapshot.source, place.path)
      self.kept?.row = .entry(snapshot.source, place.path)
    }
    if snapshot.isComplete { self.kept = nil }
  }

  var isDown: Bool {
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
    message?.staysSince = now
  }
}

extension KeyEvent {
  /// The key in this reader is gone or cannot be read any more.
  func takesAway(_ source: TokenSource) -> Bool {
    switch self {
    case .removed(let gone), .readerRemoved(let gone), .failed(let gone, _), .sameKey(let gone, _): gone == source
    case .service, .readerAdded, .inserted, .read, .unreached, .asking: false
    }
  }

  /// Another key than the one of this serial is in this reader, or may be.
  func replaces(_ source: TokenSource, keySerial: TokenName?) -> Bool {
    switch self {
    case .inserted(let place, _): return place == source
    case .read(let place, let snapshot):
      guard place == source else { return false }
      let serial = snapshot.device.serial.value
      // As long as a reading has not come to the serial it says nothing.
      return serial != keySerial && (serial != nil || snapshot.isComplete)
    case .service, .readerAdded, .readerRemoved, .removed, .sameKey, .unreached, .asking, .failed: return false
    }
  }

  /// Something came or went: what was found out about the chain of readers and keys is out of date.
  var changesChain: Bool {
    switch self {
    case .readerAdded, .readerRemoved, .inserted, .removed, .unreached: true
    case .service(let state): state != .starting
    case .read, .sameKey, .asking, .failed: false
    }
  }
}
