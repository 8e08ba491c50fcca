internal import Base
internal import Failures
internal import SmartCard

/// A key reached by APDUs, with the driver that recognised it.
final class CardToken: Token {
  let source: TokenSource
  let link: any CardLink
  private var family: TokenFamily?
  /// Named by the user in place of what the key's own information selects.
  private let forcedProfile: GMProfile?
  private let limit: Duration

  /// - Parameter limit: what an operation with a PIN or a challenge may take.
  init(
    source: TokenSource, link: any CardLink, forcedProfile: GMProfile? = nil, limit: Duration = TimedLink.limit
  ) {
    self.source = source
    self.link = link
    self.forcedProfile = forcedProfile
    self.limit = limit
  }

  /// A transaction that ends within the limit, whatever card, reader and other programs do.
  func timedTransaction() throws(Failure) -> CardTransaction {
    try CardTransaction(try TimedLink(link, limit: limit))
  }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot {
    let card = try CardTransaction(link)
    // Recognising and reading share one transaction: the application that recognition selected stays selected.
    switch try recognise(card) {
    case .piv(let selected):
      return try PIVReader(source: source, selected: selected).read(card, options, progress)
    case .gmt0017(let device):
      return try GMReader(source: source, device: device, profile: profile(for: device, atr: card.atr)).read(
        card, progress)
    }
  }

  enum Recognised {
    case piv(PIVApplication)
    case gmt0017(GMDeviceInformation)
  }

  /// Asks each driver in turn. PIV first unless this key was GM/T 0017 before: its SELECT is an ISO command that no
  /// card takes amiss, and it costs a GM/T 0017 token one refused command.
  func recognise(_ card: borrowing CardTransaction) throws(Failure) -> Recognised {
    var refusals: [Failure] = []
    let order: [TokenFamily] = prefersGM(card.atr) ? [.gmt0017, .piv] : [.piv, .gmt0017]
    for candidate in order {
      do throws(Failure) {
        switch candidate {
        case .piv:
          let selected = try PIVApplication.select(card)
          family = .piv
          return .piv(selected)
        case .gmt0017:
          let device = try GMDeviceInformation.read(card)
          family = .gmt0017
          return .gmt0017(device)
        case .skf, .pkcs11: continue
        }
      } catch {
        guard error.concernsItemOnly else { throw error }
        refusals.append(error)
      }
    }
    throw Failure(.tokenUnknown, context: hexText(card.atr), causes: refusals)
  }

  /// The profile for PIN commands: the one forced, or the one that this token's information matches.
  func profile(for device: GMDeviceInformation, atr: [UInt8]) -> GMProfile? {
    forcedProfile ?? GMProfile.all.first { $0.matches(device, atr: atr) }
  }

  private func prefersGM(_ atr: [UInt8]) -> Bool {
    family == .gmt0017 || GMProfile.all.contains { $0.matches(atr: atr) }
  }
}

extension Failure {
  /// The card answered, only not as wished: the next item may still be read. Otherwise the link is gone.
  var concernsItemOnly: Bool {
    switch code {
    case .commandRefused, .answerMalformed, .answerTooLong, .notSupported, .certificateMalformed,
      .certificateTooLarge, .certificateCompression, .certificateMissing, .applicationMissing, .containerMissing,
      .libraryRefused:
      true
    default: false
    }
  }

  /// A command that the card refused with this status word.
  static func refused(_ command: String, _ status: StatusWord, context: String? = nil) -> Failure {
    Failure(.commandRefused, function: command, number: .statusWord(status.rawValue), context: context)
  }
}

extension Reading {
  /// Runs one item's reading; a refusal becomes `.failed`, a lost link is thrown on.
  static func item(_ body: () throws(Failure) -> Reading<Value>) throws(Failure) -> Reading<Value> {
    do throws(Failure) {
      return try body()
    } catch {
      guard error.concernsItemOnly else { throw error }
      return .failed(error)
    }
  }
}
