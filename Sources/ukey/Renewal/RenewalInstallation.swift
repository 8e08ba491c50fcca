import Base
import CertificateKit
import Failures
import Glibc
import RenewalKit
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// Bringing an accepted answer onto the key.
struct RenewalInstallation {
  static let schema = "ukey.renew-apply/1"

  var run: RenewalRun

  /// - Returns: what ended it at the PIN.
  func install(_ given: RenewalEngine, _ differences: [AnswerDifference]) throws(Failure) -> PINOutcome? {
    var engine = given
    engine.progress = run.progress
    let ended = try run.session(engine.journal.application) { session throws(Failure) in
      try engine.install(session)
    }
    switch ended {
    case .pin(let outcome): return outcome
    case .done(let proof):
      report(engine.journal, proof, differences)
      return nil
    }
  }

  private func report(_ journal: RenewalJournal, _ proof: RenewalProof, _ differences: [AnswerDifference]) {
    let words = run.words
    if run.common.json {
      let pair = !proof.hasEncryptionPair ? "none" : proof.encryptionPair == true ? "proved" : "notTried"
      Output.line(
        JSONValue.object(
          [("schema", .string(Self.schema)), ("time", documentTime()), ("key", KeyReference(run.key.snapshot).json)]
            + journal.json + [
              ("encryptionPair", .string(pair)), ("differences", .array(differences.map(\.json))),
            ]
        ).text)
      return
    }
    Output.line(Symbol.ok.before(words.installed(displaySafe(journal.container))))
    if proof.hasEncryptionPair {
      Output.line(
        proof.encryptionPair == true
          ? Symbol.ok.before(words.pairProved) : Symbol.unknown.before(words.pairNotTried))
    }
    Output.line(words.loginOnce(displaySafe(journal.container), journal.numberText))
  }
}

extension AnswerDifference {
  /// What differs, with both values where there are any.
  var json: JSONValue {
    let (old, new): (String?, String?) =
      switch self {
      case .owner(let old, let new): (old, new)
      case .uscc(let old, let new): (old, new)
      case .issuer(let old, let new): (old, new)
      case .chain(let verdict): (nil, verdict.name)
      case .notLonger(let old, let new): (isoTime(old), isoTime(new))
      case .noEncryptionPair: (nil, nil)
      }
    return .object([("what", .string(name)), ("old", old.map { .string($0) }), ("new", new.map { .string($0) })])
  }
}
