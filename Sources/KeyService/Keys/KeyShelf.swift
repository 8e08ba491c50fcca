internal import Base
internal import CertificateKit
internal import Failures
internal import Synchronization
package import TokenKit

/// The keys that are in, as their last reading showed them: what pages are told from, without touching a card.
package final class KeyShelf: Sendable {
  /// What changed, for those who wait for it.
  package enum Change: Sendable, Equatable {
    case arrived(TokenSource, keyID: String)
    case left(TokenSource, keyID: String)
  }

  private struct Shelf {
    /// In the order in which they came.
    var snapshots: [TokenSnapshot] = []
    var listeners: [(id: Int, tell: @Sendable (Change) -> Void)] = []
    var last = 0
    /// Keys that were put in and have not been read to the end.
    var reading: Set<TokenSource> = []
    var service = ServiceState.starting
  }

  private let shelf = Mutex(Shelf())
  private let settled = Condition()

  package init() {}

  /// Takes an event of the hub.
  package func take(_ event: KeyEvent) {
    defer { settled.withLock { settled.broadcast() } }
    switch event {
    case .inserted(let source, atr: _):
      remove(source)
      shelf.withLock { _ = $0.reading.insert(source) }
    case .read(let source, let snapshot) where snapshot.isComplete: put(snapshot, at: source)
    case .removed(let source), .readerRemoved(let source), .failed(let source, _), .sameKey(let source, shown: _):
      remove(source)
    case .service(let state): shelf.withLock { $0.service = state }
    case .readerAdded, .read, .unreached, .asking: break
    }
  }

  private func put(_ snapshot: TokenSnapshot, at source: TokenSource) {
    let (isNew, listeners) = shelf.withLock { shelf in
      let place = shelf.snapshots.firstIndex { $0.source == source }
      if let place { shelf.snapshots[place] = snapshot } else { shelf.snapshots.append(snapshot) }
      shelf.reading.remove(source)
      return (place == nil, shelf.listeners)
    }
    if isNew { listeners.forEach { $0.tell(.arrived(source, keyID: snapshot.keyID)) } }
  }

  private func remove(_ source: TokenSource) {
    let (gone, listeners) = shelf.withLock { shelf in
      let gone = shelf.snapshots.first { $0.source == source }
      shelf.snapshots.removeAll { $0.source == source }
      shelf.reading.remove(source)
      return (gone, shelf.listeners)
    }
    if let gone { listeners.forEach { $0.tell(.left(source, keyID: gone.keyID)) } }
  }

  /// The reader service as the hub sees it.
  package var readerService: ServiceState { shelf.withLock { $0.service } }

  /// Whether a key is being read, so that what is known now is not all.
  package var isReading: Bool { shelf.withLock { !$0.reading.isEmpty } }

  /// Waits until every key that is in has been read, at most so long.
  package func settle(within limit: Duration) {
    let deadline = Instant.now + limit
    settled.withLock { while isReading, settled.wait(until: deadline) {} }
  }

  /// Tells every change from now on, on the thread of the hub. - Returns: what ``forget(_:)`` wants.
  package func listen(_ tell: @escaping @Sendable (Change) -> Void) -> Int {
    shelf.withLock { shelf in
      shelf.last += 1
      shelf.listeners.append((shelf.last, tell))
      return shelf.last
    }
  }

  package func forget(_ listener: Int) { shelf.withLock { $0.listeners.removeAll { $0.id == listener } } }

  package var keys: [KeySummary] {
    shelf.withLock { $0.snapshots }.map { snapshot in
      let device = snapshot.device
      return KeySummary(
        id: snapshot.keyID, label: device.label.value?.text ?? "", manufacturer: device.manufacturer.value?.text ?? "",
        hardwareVersion: device.hardwareVersion.value ?? "", firmwareVersion: device.firmwareVersion.value ?? "",
        family: snapshot.family)
    }
  }

  /// Every certificate that could be read, key by key; of each key first the one that is meant by its certificate, then
  /// the others as the key names them.
  package var certificates: [HolderCertificate] {
    shelf.withLock { $0.snapshots }.flatMap { snapshot in
      let main = snapshot.loginCertificate()
      let others = snapshot.places.filter { $0.path != main?.path }
      return ([main].compactMap { $0 } + others).compactMap { HolderCertificate($0, keyID: snapshot.keyID) }
    }
  }

  /// The certificate meant; `nil` when it is not there.
  ///
  /// - Parameter chosen: ``HolderCertificate/id`` of the one chosen in the session.
  package func find(_ selector: CertificateSelector, chosen: String?) -> HolderCertificate? {
    let all = certificates
    let signing = all.filter(\.isForSigning)
    let found: HolderCertificate?
    switch selector.name {
    case .current:
      found = signing.first { chosen != nil && $0.id == chosen } ?? signing.first
    case .id(let id):
      // Of either use: ids are of certificates.
      if let exact = all.first(where: { $0.id == id }), exact.isForSigning == !selector.isEncryption { return exact }
      found = signing.first { $0.id == id }
    case .serial(let text):
      let serial = Self.plain(text)
      found = signing.first { Self.plain($0.serial) == serial } ?? all.first { Self.plain($0.serial) == serial }
    case .key(let id):
      let list = signing.filter { $0.keyID == id }
      found = list.first { chosen != nil && $0.id == chosen } ?? list.first
    case .place(let key, let place):
      let list = signing.filter { $0.keyID == key }
      found = list.indices.contains(place) ? list[place] : nil
    }
    guard selector.isEncryption, let found else { return found }
    return all.first {
      $0.role == .encryption && $0.source == found.source && $0.key.application == found.key.application
        && $0.key.container == found.key.container
    }
  }

  /// Digits without leading zeros, colons, blanks and case.
  private static func plain(_ serial: String) -> String {
    String(serial.uppercased().filter { $0.isHexDigit }.drop { $0 == "0" })
  }
}

extension HolderCertificate {
  /// `nil` for a place without a certificate that could be read.
  init?(_ place: CertificatePlace, keyID: String) {
    guard let certificate = place.certificate.value else { return nil }
    self.init(
      source: place.source, keyID: keyID,
      key: SigningKey(
        application: place.application.name, container: place.container.name, certificate: certificate,
        keySerial: place.keySerial),
      role: place.role, isForSigning: place.isForLogin)
  }
}

extension TokenSnapshot {
  /// Serial of the key, else the name of its reader.
  var keyID: String { device.serial.value.flatMap { $0.isEmpty ? nil : $0.text } ?? source.reader }
}
