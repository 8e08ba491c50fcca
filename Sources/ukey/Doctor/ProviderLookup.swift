import Base
import DiagnosisKit
import Failures
import TokenKit

/// Where the keys of a diagnosis are looked for: found within a limit, because a diagnosis has to end also where the folder
/// of the user's settings does not answer (a home on a server that is gone).
enum ProviderLookup {
  /// - Returns: the card readers alone when the rest did not come in time.
  /// - Throws: as ``KeySelection/providers(for:)``.
  static func find(
    _ keys: KeySelection, for options: inout DiagnosisOptions
  ) throws(Failure) -> [any TokenProvider] {
    let found = inTime(min(.seconds(2), options.limit / 5)) { () -> Result<[any TokenProvider], Failure> in
      do throws(Failure) {
        return .success(try keys.providers(for: .watching))
      } catch {
        return .failure(error)
      }
    }
    if let found { return try found.get() }
    options.isLibraryListLate = true
    return [try keys.cards()]
  }
}
