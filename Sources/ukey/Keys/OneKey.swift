import Failures
import TokenKit

/// The one key that a command with a PIN works on: never a guess among several.
struct OneKey {
  var token: any Token
  var snapshot: TokenSnapshot

  /// - Parameters:
  ///   - providers: those of the selection, where the caller goes on using them.
  ///   - extent: what is wanted of it.
  ///   - retiredSlots: as in ``ReadOptions``.
  /// - Throws: `UK-110` … when there is none, `UK-235` … when one is plugged in that only a missing library reaches,
  ///   `UK-113` when there are several, `UK-114` or `UK-115` when none or several are the one that was named, `UK-126` when finding and reading it takes longer than the limit.
  static func find(
    _ selection: KeySelection, among providers: [any TokenProvider]? = nil,
    _ extent: ReadOptions.Extent = .everything, retiredSlots: Bool = false
  ) throws(Failure) -> OneKey {
    let providers = if let providers { providers } else { try selection.providers() }
    do throws(Failure) {
      return try Bounded.run { () throws(Failure) in
        try search(providers, selection.choice, ReadOptions(retiredSlots: retiredSlots, extent: extent))
      }
    } catch {
      throw selection.explained(error)
    }
  }

  private static func search(
    _ providers: [any TokenProvider], _ choice: KeyChoice, _ wanted: ReadOptions
  ) throws(Failure) -> OneKey {
    var slots: [(any TokenProvider, TokenSlot)] = []
    var refusal: Failure?
    for provider in providers {
      do throws(Failure) {
        slots += try provider.slots().map { (provider, $0) }
      } catch {
        refusal = error
      }
    }
    let meant = try choice.sources(slots.map { $0.1.source })
    let places = slots.filter { meant.contains($0.1.source) }
    let found = places.filter { $0.1.content != .empty }
    if found.isEmpty, choice.reader != nil, let (provider, slot) = places.last {
      // It is there and has no key in it; its provider says why.
      _ = try provider.open(slot.source.reader)
      throw Failure(.noCard, context: slot.source.reader)
    }
    guard !found.isEmpty else {
      if let refusal { throw refusal }
      if let reader = choice.reader { throw Failure(.readerUnknown, context: reader) }
      throw Failure(slots.isEmpty ? .noReader : .noCard)
    }
    let options = wanted.telling(choice).telling(found.map(\.1.source))
    let ways = found.map { provider, slot in Way(slot.source, provider, options) }
    var usable = ways.filter { !$0.isNoKey }
    if usable.isEmpty { usable = ways }
    var keys = SameKey.keys(usable, \.snapshot)
    if choice.key != nil {
      let failures = usable.compactMap { way in if case .failure(let failure) = way.result { failure } else { nil } }
      keys = try choice.keys(keys, failures: failures, \.snapshot)
    }
    guard keys.count == 1, let key = keys.first else {
      // Where the provider shows but one, the way that failed may be to the same key, or to another: its failure is what
      // has to be mended.
      let isOneEach = Set(usable.map(\.source.provider)).count == usable.count
      if isOneEach, choice.key == nil,
        case .failure(let failure)? = usable.lazy.map(\.result).first(where: { (try? $0.get()) == nil })
      {
        throw failure
      }
      throw Failure(.severalKeys, context: keys.map(\.way.source.reader).joined(separator: ", "))
    }
    let read = try key.way.result.get()
    return OneKey(token: read.token, snapshot: key.snapshot ?? read.snapshot)
  }

  /// A reader with something in it, looked into.
  private struct Way {
    var source: TokenSource
    var result: Result<(token: any Token, snapshot: TokenSnapshot), Failure>

    init(_ source: TokenSource, _ provider: any TokenProvider, _ options: ReadOptions) {
      self.source = source
      do throws(Failure) {
        let token = try provider.open(source.reader)
        result = .success((token, try token.read(options, progress: { _ in })))
      } catch {
        result = .failure(error)
      }
    }

    var snapshot: TokenSnapshot? { try? result.get().snapshot }

    /// A card that no driver knows is no key, or a key that another way reads, and a token that was never initialised is
    /// none yet: beside one that is read they do not count.
    var isNoKey: Bool {
      guard case .failure(let failure) = result else { return false }
      return failure.isUnknownCard || failure.code == .tokenNotInitialized
    }
  }

  /// The PIN of an application of this very key.
  func reference(_ application: String?, admin: Bool) throws(Failure) -> PINReference {
    PINReference(
      application: try snapshot.application(application).name, role: admin ? .admin : .user,
      keySerial: snapshot.device.serial.value)
  }

  /// Texts about this key that others know: no good as a PIN.
  var identities: [String] {
    [snapshot.device.serial.value?.text].compactMap { $0 }
      + snapshot.places.compactMap { $0.certificate.value?.uscc?.code }
  }
}
