package import Failures
package import SmartCard

/// Keys that are spoken to with APDUs, wherever the cards come from.
package final class CardTokenProvider: TokenProvider {
  package let name: String
  private let service: any ReaderService

  private let forcedProfile: GMProfile?

  /// - Parameter profile: name of the GM/T 0017 profile to use for every such token, in place of the one that its own
  ///   information selects. The risk is the user's: a wrong profile costs tries.
  /// - Throws: `UK-220` when there is no profile of that name.
  package init(name: String, service: any ReaderService, profile: String? = nil) throws(Failure) {
    self.name = name
    self.service = service
    forcedProfile = try profile.map { name throws(Failure) in
      guard let profile = GMProfile.named(name) else { throw Failure(.notSupported, context: name) }
      return profile
    }
  }

  /// Names and provenance of the GM/T 0017 profiles there are.
  package static var profiles: [(name: String, provenance: String)] { GMProfile.all.map { ($0.name, $0.provenance) } }

  package var isEmbedded: Bool { service.isEmbedded }

  package func slots() throws(Failure) -> [TokenSlot] {
    try service.readers().map { reader in
      let content: TokenSlot.Content =
        switch reader.card {
        case nil: .empty
        case .mute: .mute
        case .present(let atr): .key(atr: atr)
        }
      return TokenSlot(source: TokenSource(provider: name, reader: reader.name), content: content)
    }
  }

  package func open(_ reader: String) throws(Failure) -> any Token {
    let link = try service.connect(reader)
    return CardToken(source: TokenSource(provider: name, reader: reader), link: link, forcedProfile: forcedProfile)
  }

  package func watch(_ deliver: (SlotEvent) -> Void) {
    service.watch { event in
      switch event {
      case .serviceUp: deliver(.up)
      case .serviceDown(let failure): deliver(.down(failure))
      case .readerAdded(let name): deliver(.added(name))
      case .readerRemoved(let name): deliver(.gone(name))
      case .cardInserted(let name, let atr): deliver(.inserted(name, atr: atr))
      case .cardMute(let name): deliver(.mute(name))
      case .cardRemoved(let name): deliver(.removed(name))
      }
    }
  }

  package func retry() { service.retry() }

  package func stop() { service.stop() }
}
