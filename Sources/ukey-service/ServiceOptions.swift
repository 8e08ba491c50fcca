import Failures
import KeyService
import SmartCard
import SoftToken
import TokenKit

/// The arguments. People use `ukey serve`; these are for it, the unit file and the tests.
struct ServiceOptions {
  static let usage = "usage: ukey-service [--demo] [--provider PROVIDER]… [--adapters NAME,…] [--any-port]"

  private(set) var isDemo = false
  /// As `ukey --provider` takes them; empty: pcscd and the libraries found in their known places.
  private(set) var named: [String] = []
  /// Instead of those that are switched on.
  private(set) var adapters: [String]?
  /// Ports that the system chooses, printed at the start.
  private(set) var isAnyPort = false

  /// `nil` for arguments that are not known.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--demo": isDemo = true
      case "--any-port": isAnyPort = true
      case "--provider":
        guard let word = rest.popFirst() else { return nil }
        named.append(word)
      case "--adapters":
        guard let names = rest.popFirst()?.split(separator: ",").map(String.init) else { return nil }
        guard names.allSatisfy(Adapters.names.contains) else { return nil }
        adapters = names
      default: return nil
      }
    }
  }

  /// Where keys are looked for.
  ///
  /// - Throws: `UK-2xx` for a library that is not known by this word.
  func providers() throws(Failure) -> [any TokenProvider] {
    if isDemo {
      let cards: [(reader: String, card: any SoftCard)] = [("DEMO 演示", try GMCard.demo())]
      return [try CardTokenProvider(name: ProviderKind.demo.rawValue, service: DemoReaders(cards: cards))]
    }
    let catalog = LibraryCatalog()
    let refused = catalog.refused.map { RefusedSettings($0) }
    if named.isEmpty { return [try Self.cards()] + catalog.chosen.map { LibraryProvider($0) } + refused }
    var result: [any TokenProvider] = []
    for word in named {
      switch word {
      case ProviderKind.pcsc.rawValue: result.append(try Self.cards())
      case "p11-kit": result += catalog.p11Kit.filter { !$0.library.isTrustPolicy }.map { LibraryProvider($0.library) }
      default:
        guard let library = catalog.library(word) else { throw Failure(.libraryNotLoaded, context: word) }
        result.append(LibraryProvider(library))
      }
    }
    return result + refused
  }

  private static func cards() throws(Failure) -> any TokenProvider {
    try CardTokenProvider(name: ProviderKind.pcsc.rawValue, service: PCSCService())
  }
}
