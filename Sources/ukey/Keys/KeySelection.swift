import Base
import DiagnosisKit
import Failures
import Glibc
import SmartCard
import SoftToken
import TokenKit
import Wording

/// The kinds of the embedded software token.
enum DemoCard: String, Sendable, Equatable {
  case gm
  case piv
}

/// Which keys a command looks at, whichever way it was said.
struct KeySelection: Equatable {
  /// Only this reader, by its name or a part of it.
  var reader: String?
  /// Only this key, by the end of its serial number or the user's own name for it.
  var key: String?
  /// The embedded software token instead of real keys.
  var demo = false
  /// Which kind the embedded token is; for tests.
  var demoCard = DemoCard.gm
  /// Makes the embedded token misbehave (``FaultRule``), for tests.
  var demoFaults: [String] = []
  var provider: [String] = []
  /// The GM/T 0017 profile the user insists on.
  var profile: String?
  /// Vendor libraries in this very process, to measure what their own process costs.
  var inProcess = false
  /// A recorded tree in which USB devices and the known places of libraries are; empty for this machine.
  var root = ""

  var choice: KeyChoice { KeyChoice(reader: reader, key: key) }

  /// The same for the key service, which has no other choice of keys.
  var serviceArguments: [String] { (demo ? ["--demo"] : []) + provider.flatMap { ["--provider", $0] } }

  /// What the keys are wanted for.
  enum Purpose {
    /// The keys that are there now.
    case once
    /// Keys that come later too, or the libraries themselves.
    case watching
  }

  /// - Parameter purpose: with `once`, a library that certainly has no key here is not started (Docs/decisions.md 19).
  func providers(for purpose: Purpose = .once) throws(Failure) -> [any TokenProvider] {
    if let profile, !CardTokenProvider.profiles.contains(where: { $0.name == profile }) {
      throw Failure(.notSupported, context: "--profile " + profile)
    }
    if demo {
      let cards: [(reader: String, card: any SoftCard)] = [("DEMO 演示", try embeddedCard())]
      return [
        try CardTokenProvider(name: ProviderKind.demo.rawValue, service: DemoReaders(cards: cards), profile: profile)
      ]
    }
    let catalog = LibraryCatalog(root: root)
    SettingsInForce.tell(catalog.mistakes)
    let refused = catalog.refused.map { RefusedSettings($0) }
    let provider = provider.isEmpty ? Settings.current.providers : provider
    if provider.isEmpty {
      var libraries = catalog.chosen
      // USB is looked at only where there are libraries to choose from.
      if purpose == .once, !libraries.isEmpty {
        let plugged = catalog.pluggedKeys(root: root)
        libraries = plugged.ordered(libraries).filter { !plugged.hasNothing(for: $0) }
      }
      return [try cards()] + libraries.map { LibraryProvider($0, inProcess: inProcess) } + refused
    }
    var result: [any TokenProvider] = []
    for word in provider {
      switch word {
      case ProviderKind.pcsc.rawValue: result.append(try cards())
      case "p11-kit":
        result += catalog.p11Kit.filter { !$0.library.isTrustPolicy }.map {
          LibraryProvider($0.library, inProcess: inProcess)
        }
      default:
        guard let library = catalog.library(word) else { throw Failure(.libraryNotLoaded, context: word) }
        result.append(LibraryProvider(library, inProcess: inProcess))
      }
    }
    return result + refused
  }

  /// Reads every key. Where none is found, the keys on USB that no library here reaches stand in the list with why.
  ///
  /// - Throws: as ``KeyCollector/collect()``.
  func collect(_ options: ReadOptions = ReadOptions()) throws(Failure) -> [ReaderReport] {
    let reports: [ReaderReport]
    do throws(Failure) {
      reports = try KeyCollector(providers: try providers(), choice: choice, options: options).collect()
    } catch {
      // A reader service that is missing matters little to a key that does not need it.
      let stranded = error.isAboutNoKey ? unreached(causes: [error]) : []
      if stranded.isEmpty { throw error }
      return stranded
    }
    return reports.contains { $0.snapshot != nil } ? reports : reports + unreached(causes: [])
  }

  /// The same with the whole name of the reader in which the chosen key is, for those who know readers only; as it is where
  /// that cannot be found out.
  ///
  /// - Throws: `UK-114` when there is no such key, `UK-115` when several fit.
  func pinned() throws(Failure) -> KeySelection {
    if choice.isOpen { return self }
    var result = self
    do throws(Failure) {
      let reports = try KeyCollector(
        providers: try providers(), choice: choice, options: ReadOptions(extent: .userPIN)
      ).collect()
      result.key = nil
      if let source = reports.first?.source { result.reader = source.reader }
    } catch {
      if error.code == .choiceAmbiguous || (error.code == .keyUnknown && error.causes.isEmpty) { throw error }
      result.key = nil
    }
    return result
  }

  /// What watches these keys, and the ones on USB that no library reaches.
  func hub() throws(Failure) -> KeyHub {
    let selection = self
    let look: (@Sendable () -> [Failure])? =
      looksEverywhere ? { @Sendable in selection.unreached(causes: []).compactMap { $0.failure } } : nil
    return KeyHub(providers: try providers(for: .watching), unreached: look, root: root)
  }

  /// The events of these keys.
  func events() throws(Failure) -> any KeyEventSource {
    let all = try hub()
    if choice.isOpen { return all }
    return ChosenKeys(all, choice)
  }

  /// Whether none of the readers that are there now may be meant, as far as that is known without asking libraries.
  var hasNoReaderNow: Bool {
    guard provider.isEmpty, let slots = try? (demo ? providers().first : cards())?.slots() else { return false }
    return !slots.contains { choice.mayMean($0.source) }
  }

  /// Nothing was said of where keys are to be looked for.
  private var looksEverywhere: Bool { !demo && choice.isOpen && provider.isEmpty }

  /// "No key" and "no reader service" mean something else when a key is plugged in that only a missing library reaches.
  func explained(_ failure: Failure) -> Failure {
    failure.isAboutNoKey ? unreached(causes: [failure]).first?.failure ?? failure : failure
  }

  private func unreached(causes: [Failure]) -> [ReaderReport] {
    guard looksEverywhere else { return [] }
    return LibraryCatalog(root: root).pluggedKeys(root: root).unreached.map { key in
      ReaderReport(
        source: TokenSource(.usb, reader: key.title), content: .failed(key.failure(causes: causes)))
    }
  }

  private func embeddedCard() throws(Failure) -> any SoftCard {
    let token: any SoftCard =
      switch demoCard {
      case .gm: try GMCard.demo()
      case .piv: try PIVCard.demo(now: Int64(time(nil)))
      }
    if demoFaults.isEmpty { return token }
    let card = FaultCard(token)
    card.rules = demoFaults.compactMap { FaultRule(text: $0) }
    card.onSilence = { header, length in Output.note("silent: " + hexText(header) + " \(length)") }
    return card
  }

  /// The readers of the reader service.
  func cards() throws(Failure) -> any TokenProvider {
    try CardTokenProvider(
      name: ProviderKind.pcsc.rawValue, service: PCSCService(), profile: profile,
      holders: { keyHolders(socket: PCSCService.socketPath) })
  }
}

extension Failure {
  /// No key was found, or the reader service that would show it is not there.
  fileprivate var isAboutNoKey: Bool {
    switch code {
    case .noReader, .noCard, .serviceUnavailable, .serviceDenied, .serviceLost: true
    default: false
    }
  }
}
