import Failures
import ManagerApp
import TokenKit

/// The one key that a command with a PIN works on: never a guess among several.
struct OneKey {
  var token: any Token
  var snapshot: TokenSnapshot

  /// - Throws: `UK-110` … when there is none, `UK-113` when there are several, `UK-126` when finding and reading it takes
  ///   longer than the limit.
  static func find(_ providers: [any TokenProvider], reader: String?) throws(Failure) -> OneKey {
    try Bounded.run { () throws(Failure) in try search(providers, reader: reader) }
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
    guard found.count == 1 else {
      throw Failure(.severalKeys, context: found.map(\.1.source.reader).joined(separator: ", "))
    }
    let token = try provider.open(slot.source.reader)
    return OneKey(token: token, snapshot: try token.read(ReadOptions(), progress: { _ in }))
  }

  /// The application named, or the only one, or the first one that has a certificate.
  func application(_ name: String?) throws(Failure) -> ApplicationSnapshot {
    let all = snapshot.applications.value ?? []
    if let name {
      guard let application = all.first(where: { $0.name == name }) else {
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
    [snapshot.device.serial.value].compactMap { $0 }
      + snapshot.certificateRows.compactMap { $0.certificate.value?.uscc?.code }
  }
}
