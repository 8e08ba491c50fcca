import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import RenewalKit
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// Making the key pair of a new certificate on the key, beside the request for the business.
struct OnKeyOptions: ParsableArguments {
  @Flag(
    help: "Also make a key pair on the key, in a new container, and an order for its certificate. Asks for the PIN.")
  var onKey = false

  @Option(help: ArgumentHelp("The order file; by default beside the request.", valueName: "file.ukord"))
  var orderOut: String?

  @Option(help: ArgumentHelp("Also write the certificate request (PKCS#10, PEM).", valueName: "file"))
  var csr: String?

  @Flag(help: "Begin a new order though one for this certificate is not finished.")
  var new = false

  /// What would keep the order from being written, before anything is asked. - Throws: `UK-610`.
  func checkNames(_ request: String, overwrites: Bool) throws(Failure) {
    for path in [orderName(request), csr].compactMap({ $0 }) {
      var status = stat()
      if !overwrites, lstat(absolutePath(path), &status) == 0 {
        throw Failure(.fileExists, context: displaySafe(path))
      }
    }
  }

  /// The name that a certificate in a file speaks of, DER. - Throws: `UK-302`, `UK-612`.
  static func subject(_ file: String) throws(Failure) -> [UInt8] {
    let bytes = try Failure.mapping(.fileRead, try readFile(file, limit: 65_536, followsLinks: true))
    let der = bytes.first == 0x30 ? bytes : PEM.certificates(in: bytes).first ?? nil
    guard let der else { throw Failure(.certificateMalformed, context: displaySafe(file)) }
    return try Certificate(der: der).subjectName()
  }

  func orderName(_ request: String) -> String {
    orderOut ?? RenewalOrder.fileName(beside: request)
  }
}

/// The part of a request that is done on the key.
struct OnKeyRequest {
  var run: RenewalRun
  var offer: RenewalOffer
  var directory: StateDirectory
  /// Where the PKCS#10 is to go too.
  var csr: String?
  /// Begin anew though an order is not finished.
  var isNew = false
  var overwrites: Bool

  static let schema = "ukey.renew-request/1"

  private var common: CommonOptions { run.common }

  /// - Parameters:
  ///   - old: the certificate that is renewed; `nil`: there is none.
  ///   - subject: `Name`, DER, to ask for where there is none.
  ///   - file: where the order is to go.
  func begin(
    _ kind: UnlockKind, application: TokenName, old: CertificatePlace?, subject: [UInt8]?, request: [UInt8]?,
    file: String
  ) throws(Failure) -> RenewalEngine {
    let (engine, isResumed) = try RenewalEngine.takeUp(
      kind, on: run.key.snapshot, application: application, old: old, subject: subject, offer: offer, request: request,
      file: absolutePath(file), isNew: isNew, in: directory, now: Int64(time(nil)))
    if isResumed, !common.json { Output.note(run.words.resumed(engine.journal.numberText)) }
    return engine
  }

  /// Makes pair and order and writes them.
  ///
  /// - Parameter request: the file of the request that was written before; `nil`: it was another time.
  /// - Returns: what ended it at the PIN.
  func make(_ given: RenewalEngine, file: String, request: String? = nil) throws(Failure) -> PINOutcome? {
    var engine = given
    engine.progress = run.progress
    if !common.json {
      // With the pair made the order is only written anew.
      if engine.journal.stage == .begun { Output.note(run.words.plan) }
      Output.note(run.words.basis(offer.basis))
    }
    let ended = try run.session(engine.journal.application) { session throws(Failure) in
      try engine.request(session, now: Int64(time(nil)))
    }
    switch ended {
    case .pin(let outcome): return outcome
    case .done(let order):
      let document = try order.write(to: file, csr: csr, overwrites: overwrites)
      try engine.wasRequested(absolutePath(file))
      report(engine.journal, document, file, request)
      return nil
    }
  }

  /// The request is there, and the order has not come to its end: how to go on.
  func noteUnfinished(_ journal: RenewalJournal) {
    if common.json { return }
    Output.note(run.words.requestOnly(run.words.next(journal.stage, journal.numberText)))
  }

  private func report(
    _ journal: RenewalJournal, _ document: SealedDocument, _ file: String, _ request: String?
  ) {
    if common.json {
      Output.line(
        JSONValue.object(
          [("schema", .string(Self.schema)), ("time", documentTime()), ("key", KeyReference(run.key.snapshot).json)]
            + journal.json + [
              ("file", .string(absolutePath(file))), ("request", request.map { .string(absolutePath($0)) }),
              ("csr", csr.map { .string(absolutePath($0)) }),
              ("digest", .string(document.digestText)), ("checkCode", .string(document.checkCode)),
            ]
        ).text)
      return
    }
    Output.line(run.words.orderWritten(displaySafe(file)))
    if let csr { Output.line(run.words.csrWritten(displaySafe(csr))) }
    Output.line(run.words.orderCheckCode + "  " + document.checkCode)
    Output.line(run.words.sendOrder(journal.numberText))
  }
}
