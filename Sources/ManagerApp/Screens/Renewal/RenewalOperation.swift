import Base
import CertificateKit
import Failures
import Glibc
import RenewalKit
import TokenKit
import UnlockKit

/// Which certificate of which key is to be renewed.
struct RenewalQuery: Sendable, Equatable {
  var source: TokenSource
  /// Of the key that was shown.
  var keySerial: TokenName?
  /// DER, as it was shown.
  var certificate: [UInt8]
}

/// What was seen when the key was looked at.
enum RenewalLooked: Sendable {
  case found(RenewalFound)
  /// Why nothing can be written to it from here.
  case refused(Failure)
}

struct RenewalFound: Sendable {
  var offer: RenewalOffer
  /// The order that the certificate is in.
  var journal: RenewalJournal?
  var snapshot: TokenSnapshot
}

/// An answer that belongs to the order, for the eye.
struct RenewalAnswer: Sendable {
  var files: [String]
  var checked: CheckedAnswer
}

/// What became of reading an answer.
enum RenewalRead: Sendable {
  case checked(RenewalAnswer)
  /// A part of it is there: the others are to be named.
  case incomplete(Failure, files: [String])
  case refused(Failure)
}

extension KeyOperations {
  /// What the key takes, and where an order for the certificate stands; costs no try.
  func look(_ query: RenewalQuery) -> RenewalLooked {
    do throws(Failure) {
      let token = try open(query.source)
      let offer = try token.renewalOffer()
      let snapshot = try token.read(ReadOptions(), progress: { _ in })
      guard let serial = snapshot.device.serial.value, !serial.isEmpty else {
        throw Failure(.renewalNotOffered, context: "serial")
      }
      guard serial == query.keySerial else { throw Failure(.keyChanged) }
      let directory = try StateDirectory.ofUser()
      let journals = RenewalJournal.all(in: directory).journals
      var journal = RenewalJournal.current(journals, keySerial: serial.text, certificate: query.certificate)
      try journal?.closeWhereOldIsGone(snapshot, in: directory)
      if journal == nil {
        let key = try Certificate(der: query.certificate).publicKey
        guard let kind = RenewalKeyKind(key), offer.kinds.contains(kind) else {
          throw Failure(.renewalNotOffered, context: key.name)
        }
      }
      return .found(RenewalFound(offer: offer, journal: journal, snapshot: snapshot))
    } catch {
      return .refused(error)
    }
  }
}

extension RenewalJournal {
  /// Reads an answer, in one file or several, and looks whether it belongs to this order. Touches no key.
  func read(_ files: [String], trust: TrustDirectory?) -> RenewalRead {
    var answer = IssuedAnswer()
    do throws(Failure) {
      for file in files {
        try answer.add(
          try Failure.mapping(.fileRead, try readFile(typedPath(file), limit: IssuedAnswer.limit, followsLinks: true)))
      }
      return .checked(RenewalAnswer(files: files, checked: try check(answer, trust: trust, now: Int64(time(nil)))))
    } catch {
      let lacksOne = answer.certificates.isEmpty || (error.code == .answerPair && error.context == "certificate")
      let isPart = lacksOne && (error.code == .answerOtherKey || error.code == .answerPair)
      return isPart ? .incomplete(error, files: files) : .refused(error)
    }
  }
}
