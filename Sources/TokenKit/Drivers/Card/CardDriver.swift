internal import Failures
internal import SmartCard

/// One kind of card: what it recognises, how it is read, what it offers with a PIN. A value of it is one card that was
/// recognised, for as long as the transaction lasts in which it was.
protocol CardDriver: Sendable {
  static var family: TokenFamily { get }
  /// Names of the profiles that `--profile` may force, and where their facts come from.
  static var profiles: [(name: String, provenance: String)] { get }
  /// Whether this answer to reset belongs to this kind alone: then it is asked first.
  static func claims(atr: [UInt8]) -> Bool
  /// Asks the card, with what no card takes amiss, and leaves it selected.
  ///
  /// - Parameter profile: the one forced by the user; `nil`: what the card itself says selects it.
  /// - Throws: a failure that ``Failure/concernsItemOnly`` when it is a card of another kind.
  static func recognise(_ card: borrowing CardTransaction, profile: String?) throws(Failure) -> Self

  /// Takes over what was learnt of the same card in an earlier transaction, and need not be asked again.
  mutating func adopt(_ earlier: any CardDriver)

  func read(
    _ card: borrowing CardTransaction, _ source: TokenSource, _ options: ReadOptions,
    _ progress: (TokenSnapshot) -> Void
  ) throws(Failure) -> TokenSnapshot

  /// Whether PIN commands may be sent to this card, and what PINs it takes.
  var pinSupport: PINSupport { get }
  /// As ``PINTarget/policy(_:_:)``.
  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy?
  /// What it offers for a new certificate. - Throws: `UK-535` with the reason when it takes none.
  func renewalOffer(_ card: borrowing CardTransaction) throws(Failure) -> RenewalOffer
  mutating func serial(_ card: borrowing CardTransaction) throws(Failure) -> TokenName?
  /// Opens the application that a PIN belongs to. - Throws: `UK-210` and others; then nothing stays open.
  func open(_ card: borrowing CardTransaction, _ reference: PINReference) throws(Failure) -> any CardPINCommands
}

extension CardDriver {
  static var profiles: [(name: String, provenance: String)] { [] }
  static func claims(atr: [UInt8]) -> Bool { false }
  mutating func adopt(_ earlier: any CardDriver) {}
}

/// The drivers there are. PIV first: its SELECT is an ISO command that no card takes amiss, and it costs a GM/T 0017 token
/// one refused command.
let cardDrivers: [any CardDriver.Type] = [PIVDriver.self, GMDriver.self]
