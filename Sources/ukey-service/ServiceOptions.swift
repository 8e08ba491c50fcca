import Failures
import KeyService
import SmartCard
import SoftToken
import TokenKit

/// The arguments. People use `ukey serve`; these are for it, the unit file and the tests.
struct ServiceOptions {
  static let usage = "usage: ukey-service [--demo] [--adapters NAME,…] [--any-port]"

  private(set) var isDemo = false
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
      case "--adapters":
        guard let names = rest.popFirst()?.split(separator: ",").map(String.init) else { return nil }
        guard names.allSatisfy(Adapters.names.contains) else { return nil }
        adapters = names
      default: return nil
      }
    }
  }

  func providers() throws(Failure) -> [any TokenProvider] {
    if isDemo {
      let cards: [(reader: String, card: any SoftCard)] = [("DEMO 演示", try GMCard.demo())]
      return [try CardTokenProvider(name: "demo", service: DemoReaders(cards: cards))]
    }
    return [try CardTokenProvider(name: "pcsc", service: PCSCService())]
  }
}
