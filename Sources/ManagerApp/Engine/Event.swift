package import CertificateKit
package import DiagnosisKit
import Failures
package import TerminalKit
package import TokenKit
package import UnlockKit
package import Wording

/// What happened.
package enum Event: Sendable {
  case key(Key)
  case source(KeyEvent)
  case resized(Size)
  /// Another process asks this one to stop.
  case stopping
  /// Runs again after a stop.
  case resumed
  case exported(ExportJob, ExportOutcome)
  case verdict(Certificate, ChainVerdict)
  /// The tries left and empty fields for a PIN.
  case preparedPIN(PINQuery, PINAnswer)
  case changedPIN(PINQuery, PINOutcome)
  /// The change has not ended within ``PINChangeJob/limit``.
  case slowPIN(PINQuery)
  /// The 经办人 remembered by an earlier request, for the screen with this ticket.
  case applicant(Int, Applicant?)
  case unlockRequested(Int, UnlockRequested)
  case unlockApplied(Int, UnlockApplied)
  case diagnosis(DiagnosisNews)
  /// A login being tried has come so far.
  case login(PINQuery, LoginEvent)
  case triedLogin(PINQuery, LoginTrial)
}

/// What is to be done outside `update`; its result comes back as an event.
package enum Effect: Sendable, Equatable {
  case reread(TokenSource)
  /// Look for the reader service again.
  case retryService
  case export(ExportJob)
  /// Check the chain of this certificate against the trust directory.
  case verify(Certificate)
  /// Read the tries left before a PIN is asked.
  case preparePIN(PINQuery)
  case changePIN(PINChangeJob)
  /// Check what a login needs before the PIN, then read the tries left.
  case prepareLogin(PINQuery, LoginSelfTest)
  case tryLogin(LoginJob)
  /// Read the 经办人 that an earlier request remembered.
  case loadApplicant(Int)
  case makeRequest(UnlockRequestJob)
  case applyResponse(UnlockApplyJob)
  /// Walk the chain of the diagnosis; one that is under way is ended.
  case diagnose(generation: Int)
  case cancelDiagnosis
  case saveReport(DiagnosisDocument, Language)
  case repair(Fix)
  /// Leave the screen and stop: the whole job as Ctrl-Z does, or this process alone.
  case suspend(job: Bool)
  /// Send the whole screen anew.
  case redraw
}
