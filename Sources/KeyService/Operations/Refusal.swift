package import Failures

/// Why the service did not do what a page asked. ``name`` is stable: it stands in the log, in answers of `ukey:1` and in
/// `Docs/key-service.md`.
package enum Refusal: Error, Sendable, Equatable {
  // The request
  case malformed
  /// A function this service does not have.
  case unknownFunction
  /// One that no web page gets here, whoever asks.
  case forbidden(Forbidden)
  /// Something known that is not offered: an algorithm, another ID, an item.
  case notSupported
  // Who asks
  /// The holder has not allowed this origin to do it.
  case notPermitted
  // The prompt
  /// A prompt is open, for this page or another.
  case promptBusy
  /// The holder cancelled a moment ago; seconds until this origin may ask again.
  case coolingDown(seconds: Int)
  /// There is nowhere to ask the holder.
  case noPrompt
  case cancelled
  case timedOut
  /// The page went away while its prompt was open.
  case disconnected
  // The key
  case keyMissing
  case certificateMissing
  case pinWrong(triesLeft: Int?)
  case pinLocked
  /// So few tries left that only the holder may start a prompt, not a page.
  case fewTries(Int?)
  /// This kind of key takes no PIN here.
  case noProfile
  /// The key or the way to it failed; nothing was signed.
  case keyFailed(Failure)
  /// The command left and no answer came.
  case outcomeUnknown(Failure)
  // What was to be signed
  case data(FreeData.Problem)

  /// What pages may ask of the originals and never get here.
  package enum Forbidden: String, Sendable {
    case fileAccess = "file-access"
    case administration = "administration"
    case tcpRelay = "tcp-relay"
    case decryption = "decryption"
    case keyChange = "key-change"
  }

  package var name: String {
    switch self {
    case .malformed: "malformed"
    case .unknownFunction: "unknown-function"
    case .forbidden(let what): "forbidden-" + what.rawValue
    case .notSupported: "not-supported"
    case .notPermitted: "not-permitted"
    case .promptBusy: "prompt-busy"
    case .coolingDown: "cooling-down"
    case .noPrompt: "no-prompt"
    case .cancelled: "cancelled"
    case .timedOut: "timed-out"
    case .disconnected: "disconnected"
    case .keyMissing: "key-missing"
    case .certificateMissing: "certificate-missing"
    case .pinWrong: "pin-wrong"
    case .pinLocked: "pin-locked"
    case .fewTries: "few-tries"
    case .noProfile: "no-profile"
    case .keyFailed: "key-failed"
    case .outcomeUnknown: "outcome-unknown"
    case .data(let problem): "data-" + problem.rawValue
    }
  }
}
