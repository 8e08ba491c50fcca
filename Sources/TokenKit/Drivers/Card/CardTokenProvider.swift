package import Failures
package import SmartCard

/// Keys that are spoken to with APDUs, wherever the cards come from.
package final class CardTokenProvider: TokenProvider {
  package let name: String
  private let service: any ReaderService

  private let profile: String?
  private let holders: @Sendable () -> [String]

  /// - Parameters:
  ///   - profile: name of the profile to use for every token of its kind, in place of the one that its own
  ///     information selects. The risk is the user's: a wrong profile costs tries.
  ///   - holders: the programs that may keep a key from us, in words; asked when one does.
  /// - Throws: `UK-220` when there is no profile of that name.
  package init(
    name: String, service: any ReaderService, profile: String? = nil,
    holders: @escaping @Sendable () -> [String] = { [] }
  ) throws(Failure) {
    self.name = name
    self.holders = holders
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
    do throws(Failure) {
      let link = try connect(reader)
      return CardToken(
        source: TokenSource(provider: name, reader: reader), link: link, profile: profile, holders: holders)
    } catch {
      throw error.naming(holders)
    }
  }

  /// pcscd connects nobody while a program has a transaction, however long that takes: such a key is busy.
  private func connect(_ reader: String) throws(Failure) -> any CardLink {
    if isEmbedded { return try service.connect(reader) }
    let service = service
    do throws(Failure) {
      return try Bounded.run(limit: CardLimit.turn) { () throws(Failure) in try service.connect(reader) }
    } catch {
      guard error.code == .cardTimeout, error.number == nil, service.isInUse(reader) else { throw error }
      throw .lateTurn
    }
  }

  package func watch(_ deliver: (ReaderEvent) -> Void) { service.watch(deliver) }

  package func retry() { service.retry() }

  package func stop() { service.stop() }
}
