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

  func providers() throws(Failure) -> [any TokenProvider] {
    if demo {
      let cards: [(reader: String, card: any SoftCard)] = [("DEMO 演示", try GMToken.demo())]
      return [try CardTokenProvider(name: "demo", service: DemoReaders(cards: cards), profile: profile)]
    }
    return [try CardTokenProvider(name: "pcsc", service: PCSCService(), profile: profile)]
  }
}
