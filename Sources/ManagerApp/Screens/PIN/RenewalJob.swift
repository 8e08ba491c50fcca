import Base
import Failures
import Glibc
import RenewalKit
import TokenKit
import UnlockKit

/// The files of an order.
struct RenewalFiles: Sendable, Equatable {
  var order: String
  var csr: String
  var checkCode: String
}

/// What is to be done on the key.
enum RenewalTask: Sendable, Equatable {
  case request, install, remove
}

/// Such a thing to be done. It owns the PIN, which is wiped when it has been.
struct RenewalJob: Sendable, Equatable {
  var query: PINQuery
  var consent: TryConsent
  var task: RenewalTask
  var journal: RenewalJournal
  /// That was agreed to; `nil`: the one that is kept already.
  var answer: RenewalAnswer?
  /// The PIN is entered at the key, within this time.
  var padLimit: Duration?
  let pins: PINFields

  /// Seconds after which the user is told that the key does not answer: making an RSA pair takes its time.
  static let limit = 90

  static func == (left: RenewalJob, right: RenewalJob) -> Bool {
    left.query == right.query && left.consent == right.consent && left.task == right.task
      && left.journal == right.journal && left.pins === right.pins
  }
}

/// How it ended, and the order as it is now.
struct RenewalEnded: Sendable {
  enum Result: Sendable {
    case requested(RenewalFiles)
    case installed(RenewalProof)
    case removed
    case pin(PINOutcome)
    case failed(Failure)
  }

  var journal: RenewalJournal
  var result: Result
  /// The old certificate may be gone, whatever else is said.
  var mayHaveRemoved = false
}

extension KeyOperations {
  /// Does what is to be done, once. The PIN is wiped whatever becomes of it; what a failure has left is found by looking.
  func renew(_ job: RenewalJob, _ began: @escaping (RenewalStep) -> Void) -> RenewalEnded {
    defer { job.pins.wipe() }
    var engine: RenewalEngine?
    let result = job.pins.use { pin, _ in
      do throws(Failure) {
        let directory = try StateDirectory.ofUser()
        // As it is now: another program may have carried it on.
        let journal = try RenewalJournal.find(job.journal.numberText, in: directory) { _ in true }
        engine = RenewalEngine(journal, in: directory)
        return try carryOut(job, &engine, pin, began)
      } catch {
        return .failed(error)
      }
    }
    let gone = RenewalEnded.Result.failed(Failure(.internalError, function: "PINFields"))
    return RenewalEnded(
      journal: engine?.journal ?? job.journal, result: result ?? gone, mayHaveRemoved: engine?.mayHaveRemoved ?? false)
  }

  private func carryOut(
    _ job: RenewalJob, _ kept: inout RenewalEngine?, _ pin: borrowing PIN, _ began: @escaping (RenewalStep) -> Void
  ) throws(Failure) -> RenewalEnded.Result {
    guard var engine = kept else { throw Failure(.internalError, function: "RenewalEngine") }
    defer { kept = engine }
    engine.progress = began
    if let answer = job.answer { try engine.accept(answer.checked) }
    let token = try open(job.query.source)
    let (reference, consent) = (job.query.reference, job.consent)
    switch job.task {
    case .request:
      let end = token.renewing(reference, pin: pin, consent: consent) { session throws(Failure) in
        try engine.request(session, now: Int64(time(nil)))
      }
      return try Self.result(end) { order throws(Failure) in
        let files = try order.write(beside: engine.journal.file)
        try engine.wasRequested(files.order)
        return .requested(files)
      }
    case .install:
      let end = token.renewing(reference, pin: pin, consent: consent) { session throws(Failure) in
        try engine.install(session)
      }
      return try Self.result(end) { .installed($0) }
    case .remove:
      let end = token.renewing(reference, pin: pin, consent: consent) { session throws(Failure) in
        try engine.removeOld(session)
      }
      return try Self.result(end) { .removed }
    }
  }

  private static func result<Value>(
    _ end: RenewalEnd<Value>, _ done: (Value) throws(Failure) -> RenewalEnded.Result
  ) throws(Failure) -> RenewalEnded.Result {
    switch end {
    case .done(let value): try done(value)
    case .pin(let outcome): .pin(outcome)
    case .failed(let failure): .failed(failure)
    }
  }
}

extension RenewalOrder {
  /// Writes the order where it was to go. What lies there and is another's stays: the order's number makes a name of its own.
  fileprivate func write(beside wanted: String?) throws(Failure) -> RenewalFiles {
    let usual = wanted ?? absolutePath("~/" + numberText + Self.ending)
    var file = usual
    var status = stat()
    var isOwn = Self.isThere(number, in: usual)
    let isTaken = [usual, Self.csrName(beside: usual)].contains { (path: String) in lstat(path, &status) == 0 }
    if isTaken, !isOwn {
      file = String(usual.dropLast(Self.ending.count)) + "-" + numberText + Self.ending
      isOwn = true
    }
    let csr = Self.csrName(beside: file)
    let document = try write(to: file, csr: csr, overwrites: isOwn)
    return RenewalFiles(order: file, csr: csr, checkCode: document.checkCode)
  }
}
