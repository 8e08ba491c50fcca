internal import CPCSC
internal import Failures
internal import Glibc

/// A resource-manager context (SCardEstablishContext … SCardReleaseContext).
///
/// pcsc-lite serialises the calls made with one context, so threads that are to work side by side take one each.
/// ``cancel()`` alone may be called from another thread.
final class PCSCContext: @unchecked Sendable {
  // Unchecked: the handle never changes after init, and pcsc-lite locks each context itself.
  let handle: SCARDCONTEXT

  /// - Throws: `UK-101` … `UK-104` when the service cannot be reached.
  init() throws(Failure) {
    var handle = SCARDCONTEXT()
    try SCard.call("SCardEstablishContext") { SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle) }
    self.handle = handle
  }

  deinit { SCardReleaseContext(handle) }

  /// Names of the readers; empty when there is none.
  func readerNames() throws(Failure) -> [String] {
    // pcsc-lite holds at most 16 readers of at most 128 bytes; one call with room for more than that saves the size query.
    var bytes = [CChar](repeating: 0, count: 8192)
    var length = DWORD(bytes.count)
    do throws(Failure) {
      try SCard.call("SCardListReaders") { SCardListReaders(handle, nil, &bytes, &length) }
    } catch {
      if error.code == .noReader { return [] }
      throw error
    }
    return bytes.prefix(min(Int(length), bytes.count)).split(separator: 0).map { name in
      String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Waits for a change of the given readers or of the list of readers (SCardGetStatusChange).
  ///
  /// - Parameters:
  ///   - known: reader name and the state last seen; 0 (SCARD_STATE_UNAWARE) for "tell me now".
  ///   - forever: waits without end and without waking up; otherwise returns at once, or
  ///     after `milliseconds`.
  /// - Returns: the new state of each, in the same order; `nil` for the wait that ended because readers came or went.
  func statusChange(
    _ known: [KnownState], forever: Bool = false, milliseconds: UInt32 = 0
  ) throws(Failure) -> [KnownState]? {
    var names: [UnsafeMutablePointer<CChar>] = []
    defer { names.forEach { free($0) } }
    var states: [SCARD_READERSTATE] = []
    var watched = known.map { ($0.reader, $0.state) }
    // pcsc-lite takes 16 entries and holds 16 readers: with all of them there, none can be added, and one that leaves is
    // seen by its own state.
    if forever, watched.count < Self.maxReaders { watched.append((Self.plugAndPlay, UInt(known.count) << 16)) }
    for (name, state) in watched {
      guard let copy = strdup(name) else { throw Failure(.internalError, function: "strdup") }
      names.append(copy)
      var item = SCARD_READERSTATE()
      item.szReader = UnsafePointer(copy)
      item.dwCurrentState = DWORD(state)
      states.append(item)
    }
    let timeout = DWORD(forever ? 0xFFFF_FFFF : milliseconds)
    do throws(Failure) {
      try SCard.call("SCardGetStatusChange") {
        SCardGetStatusChange(handle, timeout, &states, DWORD(states.count))
      }
    } catch {
      // A reader that went away between listing and waiting; the caller lists again.
      if error.code == .readerUnknown || error.code == .readerLost { return nil }
      // Nothing changed within no time: the states are filled in all the same.
      if error.code != .cardTimeout { throw error }
    }
    return zip(known, states).map { known, state in
      KnownState(
        reader: known.reader, state: UInt(state.dwEventState) & ~UInt(SCARD_STATE_CHANGED),
        atr: withUnsafeBytes(of: state.rgbAtr) { Array($0.prefix(min(Int(state.cbAtr), 33))) })
    }
  }

  /// Ends a wait in ``statusChange(_:forever:)``. A cancel that comes before the wait begins is lost, so the caller
  /// repeats it until its thread has ended.
  func cancel() { SCardCancel(handle) }

  /// PCSCLITE_MAX_READERS_CONTEXTS.
  private static let maxReaders = 16

  private static let plugAndPlay = "\\\\?PnP?\\Notification"
}

/// A reader and its state bits with pcsc-lite's event counter in the upper half.
struct KnownState: Sendable, Equatable {
  var reader: String
  var state: UInt
  var atr: [UInt8] = []

  var hasCard: Bool { state & UInt(SCARD_STATE_PRESENT) != 0 }
  var isMute: Bool { state & UInt(SCARD_STATE_MUTE) != 0 }
  /// Some program is connected to the card.
  var isInUse: Bool { state & UInt(SCARD_STATE_INUSE) != 0 }
  /// Insertions and removals so far: tells a quick swap from no change.
  var eventCount: UInt { state >> 16 & 0xFFFF }
}
