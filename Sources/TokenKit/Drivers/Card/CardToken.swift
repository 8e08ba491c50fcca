internal import Base
internal import Failures
internal import SmartCard

/// A key reached by APDUs, with the driver that recognised it.
final class CardToken: PINToken {
  let source: TokenSource
  let link: any CardLink
  private var family: TokenFamily?
  /// As the driver said when it last recognised the card: what it rests on does not change while this is connected to it.
  private var support: PINSupport?
  /// The driver that last recognised it.
  private var known: (any CardDriver)?
  /// Named by the user in place of what the key's own information selects.
  private let profile: String?
  private let limit: Duration
  /// Who may keep the key from us.
  private let holders: @Sendable () -> [String]

  /// - Parameter limit: what an operation with a PIN or a challenge may take.
  init(
    source: TokenSource, link: any CardLink, profile: String? = nil, limit: Duration = TimedLink.limit,
    holders: @escaping @Sendable () -> [String] = { [] }
  ) {
    self.source = source
    self.link = link
    self.profile = profile
    self.limit = limit
    self.holders = holders
  }

  /// A transaction that ends within the limit, whatever card, reader and other programs do.
  ///
  /// - Parameter longer: a limit for what takes longer than operations with a PIN.
  func timedTransaction(_ longer: Duration? = nil) throws(Failure) -> CardTransaction {
    try transaction(try TimedLink(link, limit: longer ?? limit))
  }

  private func transaction(_ link: any CardLink) throws(Failure) -> CardTransaction {
    do throws(Failure) {
      return try CardTransaction(link)
    } catch {
      throw error.naming(holders)
    }
  }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    let card = try transaction(TurnLink(link))
    // Recognising and reading share one transaction: the application that recognition selected stays selected.
    return try recognise(card).read(card, source, options, progress)
  }

  func pinSupport() throws(Failure) -> PINSupport {
    if let support { return support }
    let card = try timedTransaction()
    return try recognise(card).pinSupport
  }

  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try body(try CardPINTarget(self))
  }

  /// Asks each driver in turn, first the one that knew this key before and those that the ATR names.
  func recognise(_ card: borrowing CardTransaction) throws(Failure) -> any CardDriver {
    let atr = card.atr
    func isFirst(_ driver: any CardDriver.Type) -> Bool { driver.family == family || driver.claims(atr: atr) }
    var refusals: [Failure] = []
    for driver in cardDrivers.filter(isFirst) + cardDrivers.filter({ !isFirst($0) }) {
      do throws(Failure) {
        var recognised: any CardDriver = try driver.recognise(card, profile: profile)
        if let known { recognised.adopt(known) }
        known = recognised
        family = driver.family
        support = recognised.pinSupport
        return recognised
      } catch {
        guard error.concernsItemOnly else { throw error }
        refusals.append(error)
      }
    }
    let unknown = Failure(.tokenUnknown, context: hexText(atr), causes: refusals)
    throw try ForeignCard.identify(card)?.failure(unknown) ?? unknown
  }
}
