package import Failures
package import SmartCard

/// Keys that are spoken to with APDUs, wherever the cards come from.
package final class CardTokenProvider: TokenProvider {
  package let name: String
  private let service: any ReaderService

  private let profile: String?

  /// - Parameter profile: name of the profile to use for every token of its kind, in place of the one that its own
  ///   information selects. The risk is the user's: a wrong profile costs tries.
  /// - Throws: `UK-220` when there is no profile of that name.
  package init(name: String, service: any ReaderService, profile: String? = nil) throws(Failure) {
    self.name = name
    self.service = service
    if let profile, !Self.profiles.contains(where: { $0.name.lowercased() == profile.lowercased() }) {
      throw Failure(.notSupported, context: profile)
    }
    self.profile = profile
  }

  /// Names and provenance of the profiles there are.
  package static var profiles: [(name: String, provenance: String)] { cardDrivers.flatMap { $0.profiles } }

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
    return CardToken(source: TokenSource(provider: name, reader: reader), link: link, profile: profile)
  }

  package func watch(_ deliver: (ReaderEvent) -> Void) { service.watch(deliver) }

  package func retry() { service.retry() }

  package func stop() { service.stop() }
}
