import Base
import DiagnosisKit
import Failures
import TokenKit

/// Where the keys of a diagnosis are looked for: found within a limit, because a diagnosis has to end also where the folder
/// of the user's settings does not answer (a home on a server that is gone).
enum ProviderLookup {
  /// Finds them, and takes the time that a late answer cost from that of the diagnosis.
  ///
  /// - Returns: the card readers alone when the rest did not come in time.
  /// - Throws: as ``KeySelection/providers(for:)``.
  static func find(
    _ keys: KeySelection, for options: inout DiagnosisOptions
  ) throws(Failure) -> [any TokenProvider] {
    let limit = min(.seconds(2), options.limit / 5)
    let fan = FanOut<Result<[any TokenProvider], Failure>>(count: 1)
    let isAsked = fan.ask(0) {
      do throws(Failure) {
        return .success(try keys.providers(for: .watching))
      } catch {
        return .failure(error)
      }
    }
    // Without a thread there is nothing that could be waited for.
    guard isAsked else { return try keys.providers(for: .watching) }
    if let found = fan.wait(until: .now + limit)[0] { return try found.get() }
    options.isLibraryListLate = true
    options.limit -= limit
    return [try keys.cards()]
  }
}
