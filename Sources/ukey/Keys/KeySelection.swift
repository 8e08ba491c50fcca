import Failures
import SmartCard
import SoftToken
import TokenKit

/// Which keys a command looks at, whichever way it was said.
struct KeySelection: Equatable {
  /// Only this reader, by its whole name.
  var reader: String?
  /// The embedded software token instead of real keys.
  var demo = false
  var provider: [String] = []
  /// The GM/T 0017 profile the user insists on.
  var profile: String?
  /// Vendor libraries in this very process, to measure what their own process costs.
  var inProcess = false

  func providers() throws(Failure) -> [any TokenProvider] {
    if demo {
      let cards: [(reader: String, card: any SoftCard)] = [("DEMO 演示", try GMToken.demo())]
      return [try CardTokenProvider(name: "demo", service: DemoReaders(cards: cards), profile: profile)]
    }
    let catalog = LibraryCatalog()
    if provider.isEmpty { return [try cards()] + catalog.chosen.map { LibraryProvider($0, inProcess: inProcess) } }
    var result: [any TokenProvider] = []
    for word in provider {
      switch word {
      case "pcsc": result.append(try cards())
      case "p11-kit": result += catalog.p11Kit.map { LibraryProvider($0.library, inProcess: inProcess) }
      default:
        guard let library = catalog.library(word) else { throw Failure(.libraryNotLoaded, context: word) }
        result.append(LibraryProvider(library, inProcess: inProcess))
      }
    }
    return result
  }

  private func cards() throws(Failure) -> any TokenProvider {
    try CardTokenProvider(name: "pcsc", service: PCSCService(), profile: profile)
  }
}
