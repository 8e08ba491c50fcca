import Failures
import TokenKit

/// The one key that a command with a PIN works on: never a guess among several.
struct OneKey {
  var token: any Token
  var snapshot: TokenSnapshot

  /// - Parameter providers: those of the selection, where the caller goes on using them.
  /// - Throws: `UK-110` … when there is none, `UK-235` … when one is plugged in that only a missing library reaches,
  ///   `UK-113` when there are several, `UK-126` when finding and reading it takes longer than the limit.
  static func find(_ selection: KeySelection, among providers: [any TokenProvider]? = nil) throws(Failure) -> OneKey {
    let providers = if let providers { providers } else { try selection.providers() }
    do throws(Failure) {
      return try Bounded.run { () throws(Failure) in try search(providers, reader: selection.reader) }
    } catch {
      throw selection.explained(error)
    }
  }

  private static func search(_ providers: [any TokenProvider], reader: String?) throws(Failure) -> OneKey {
    var found: [(any TokenProvider, TokenSlot)] = []
    var refusal: Failure?
    var hasReader = false
    for provider in providers {
      do throws(Failure) {
        for slot in try provider.slots() {
          hasReader = true
          if let reader, slot.source.reader != reader { continue }
          if slot.content != .empty { found.append((provider, slot)) }
        }
      } catch {
        refusal = error
      }
    }
    guard let (provider, slot) = found.first else {
      throw refusal ?? (reader.map { Failure(.readerUnknown, context: $0) } ?? Failure(hasReader ? .noCard : .noReader))
    }
    guard found.count == 1 else { return try oneOfWays(found) }
    let token = try provider.open(slot.source.reader)
    return OneKey(token: token, snapshot: try token.read(ReadOptions(), progress: { _ in }))
  }

  /// One key may be seen in several ways, by PC/SC and by its maker's library: then the better way, else it is several
  /// keys.
  private static func oneOfWays(_ found: [(any TokenProvider, TokenSlot)]) throws(Failure) -> OneKey {
    let several = Failure(.severalKeys, context: found.map(\.1.source.reader).joined(separator: ", "))
    guard Set(found.map(\.1.source.provider)).count == found.count else { throw several }
    var keys: [OneKey] = []
    for (provider, slot) in found {
      let token = try provider.open(slot.source.reader)
      keys.append(OneKey(token: token, snapshot: try token.read(ReadOptions(), progress: { _ in })))
    }
    guard var best = keys.first else { throw several }
    for key in keys.dropFirst() {
      guard SameKey.matches(best.snapshot, key.snapshot) else { throw several }
      if SameKey.isBetter(key.snapshot, than: best.snapshot) { best = key }
    }
    return best
  }

  /// The application named, or the only one, or the first one that has a certificate.
  func application(_ name: String?) throws(Failure) -> ApplicationSnapshot {
    if case .failed(let failure) = snapshot.applications { throw failure }
    let all = snapshot.applications.value ?? []
    if let name {
      guard let application = snapshot.application(called: name) else {
        throw Failure(.applicationMissing, context: name)
      }
      return application
    }
    let withCertificate = all.first { application in
      (application.containers.value ?? []).contains { $0.entries.contains { $0.certificate.value != nil } }
    }
    guard let application = withCertificate ?? all.first else { throw Failure(.applicationMissing) }
    return application
  }

  /// The PIN of an application of this very key.
  func reference(_ application: String?, admin: Bool) throws(Failure) -> PINReference {
    PINReference(
      application: try self.application(application).name, role: admin ? .admin : .user,
      keySerial: snapshot.device.serial.value)
  }

  /// Texts about this key that others know: no good as a PIN.
  var identities: [String] {
    [snapshot.device.serial.value?.text].compactMap { $0 }
      + snapshot.certificateRows.compactMap { $0.certificate.value?.uscc?.code }
  }
}
