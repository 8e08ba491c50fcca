import Failures
import TokenKit
import UnlockKit
import Wording

extension CertificateCommand.Selection {
  /// The certificate that a request is about; `nil` for the one that is meant on the key.
  ///
  /// - Parameter application: only certificates of this one are in question; `nil`: all.
  /// - Throws: `UK-305` when none fits, `UK-308` when several do, or when the key holds certificates of several owners and
  ///   none was named: a renewal for another company would be noticed days later. (Unlocking is about the key.)
  func subject(
    _ snapshot: TokenSnapshot, application: TokenName?, _ kind: UnlockKind, _ language: Language
  ) throws(Failure) -> CertificatePlace? {
    func isInQuestion(_ place: CertificatePlace) -> Bool { application == nil || place.application.name == application }
    var found = snapshot.subjects.filter(isInQuestion)
    if isEmpty {
      let owners = Set(found.compactMap { $0.certificate.value.map { $0.uscc?.code ?? $0.owner } })
      guard kind != .unlock, owners.count > 1 else { return nil }
    } else {
      let fitting = snapshot.places.filter { isInQuestion($0) && $0.certificate.value != nil && matches($0) }
      found = found.filter { subject in fitting.contains { snapshot.subject(of: $0)?.path == subject.path } }
      guard !found.isEmpty else { throw Failure(.certificateUnmatched, context: text) }
      if found.count == 1 { return found.first }
    }
    let names = found.map { $0.summary(language) }
    throw Failure(.certificateAmbiguous, context: names.joined(separator: "; "))
  }
}
