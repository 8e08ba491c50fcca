import CertificateKit
import DiagnosisKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// What happened.
enum Event: Sendable {
  case key(Key)
  case source(KeyEvent)
  case keyService(KeyServiceEvent)
  case resized(Size)
  /// Another process asks this one to stop.
  case stopping
  /// Runs again after a stop.
  case resumed
  /// What came of an effect, for the screen that asked.
  case answer(to: ScreenID, ScreenReply)
}

/// An effect with the screen that asked for it, to which its answer goes.
struct Request: Sendable, Equatable {
  var from: ScreenID
  var effect: Effect
}

/// What is to be done outside `update`; its result comes back as a ``ScreenReply``.
enum Effect: Sendable, Equatable {
  case reread(TokenSource)
  /// Nobody waits any longer for what the library of this key is doing.
  case abandon(TokenSource)
  /// Look for the reader service again.
  case retryService
  case export(ExportJob)
  /// Several certificates into a folder, or a list into a file.
  case exportMany(ExportManyJob)
  /// The text and the fingerprints of this certificate.
  case describe(Certificate)
  /// Check the chain of this certificate against the trust directory.
  case verify(Certificate)
  /// The SHA-256 of this certificate.
  case fingerprint(Certificate)
  /// Into the clipboard: the terminal's own, and the desktop's where there is one.
  case copy(String)
  /// Read the tries left before a PIN is asked.
  case preparePIN(PINQuery)
  case changePIN(PINChangeJob)
  /// Check what a login needs before the PIN, then read the tries left.
  case prepareLogin(PINQuery, LoginSubject)
  case tryLogin(LoginJob)
  /// Read the 经办人 that an earlier request remembered, and the request that waits for the key with this serial.
  ///
  /// - Parameter onKey: an order will be written beside it.
  case loadApplicant(keySerial: String, onKey: Bool)
  case makeRequest(UnlockRequestJob)
  /// Ask the key for a challenge of the request that waits.
  case makeChallenge(UnlockChallengeJob)
  /// Look whether a response may be sent.
  case checkResponse(UnlockSession, given: String)
  case applyResponse(UnlockApplyJob)
  /// Look out for the response, and for its being applied by another program.
  case watchResponse(UnlockSession, request: [UInt8], file: String?, expires: Int64)
  /// Look what the key takes, and where an order for this certificate stands.
  case lookForRenewal(RenewalQuery)
  /// Read the authority's answer to this order.
  case readAnswer(RenewalJournal, files: [String])
  case renew(RenewalJob)
  /// Read the orders that this computer knows.
  case loadOrders
  /// Complete a path that is being typed.
  case completePath(String, ending: String?)
  /// Show a file with the desktop's program for it, or print it.
  case openFile(String)
  case printFile(String)
  /// Let go of a key that was held for its challenge.
  case release(UnlockSession)
  /// Walk the chain of the diagnosis; one that is under way is ended.
  case diagnose(walk: Int)
  case cancelDiagnosis
  case saveReport(DiagnosisDocument, Language, path: String)
  case repair(Fix)
  case keyService(KeyServiceEffect)
  /// Leave the screen and stop: the whole job as Ctrl-Z does, or this process alone.
  case suspend(job: Bool)
  /// Send the whole screen anew.
  case redraw
}
