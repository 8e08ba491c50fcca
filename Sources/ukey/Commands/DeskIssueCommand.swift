import ArgumentParser
import Base
import Failures
import Glibc
import RenewalKit
import StrictJSON
import TokenKit
import UnlockKit
import Wording

extension DeskCommand {
  struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "issue", abstract: "Answer an order with a certificate.",
      discussion: """
        With --authority by a private authority (ukey desk authority), with --connector by a program: it gets a line of JSON \
        and the PKCS#10 in PEM, and gives CSRResponse (GM/T 0092). One order has one answer: asked again, the same bytes \
        are given. Each decision is appended to the audit file. Nothing is issued while the old certificate's chain is not \
        trusted, it is out of date, or there is none: --accept-unverified overrules that, and the record says so.
        """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions
    @OptionGroup var sealing: AuthorityKeyOptions
    @OptionGroup var trusting: TrustOptions

    @Argument(help: "The .ukord file.", completion: .file(extensions: ["ukord"]))
    var order: String

    @Option(help: ArgumentHelp("The folder of a private authority.", valueName: "folder"), completion: .directory)
    var authority: String?

    @Option(help: ArgumentHelp("The program that issues.", valueName: "program"), completion: .file())
    var connector: String?

    @Option(help: "The answer file; by default beside the order.")
    var out: String?

    @Option(
      help: ArgumentHelp(
        "The request that belongs to it; by default NAME.ukreq beside the order, where it is there.",
        valueName: "file.ukreq"),
      completion: .file(extensions: ["ukreq"]))
    var request: String?

    @Option(
      help: ArgumentHelp(
        "Where answers are kept; by default answers in the authority's folder or the state directory.",
        valueName: "folder"), completion: .directory)
    var answers: String?

    @Option(help: "Days that certificates of the private authority are valid.")
    var days = 365

    @Option(help: "The audit file; by default unlock-audit.jsonl in the state directory.")
    var audit: String?

    @Flag(help: "Issue though the old certificate was not verified: you know in another way who asks. Recorded.")
    var acceptUnverified = false

    @Flag(help: "Issue without asking.")
    var yes = false

    @Flag(help: "Overwrite an existing answer file.")
    var force = false

    func validate() throws {
      guard (authority == nil) != (connector == nil) else {
        throw ValidationError("one of --authority and --connector is needed")
      }
      guard (1...3650).contains(days) else { throw ValidationError("--days takes 1 to 3650") }
    }

    static let schema = "ukey.desk-issue/1"

    func run() throws {
      let log: AuditLog
      let own: PrivateAuthority?
      do throws(Failure) {
        log = try AuditLog(UnlockAuditCommand.path(audit), now: Int64(time(nil)))
        own = try authority.map { folder throws(Failure) in try sealing.open(folder, common.language) }
      } catch {
        throw common.fail(error)
      }
      if own?.isOpen == true, let authority {
        Output.note(Symbol.warning.before(RenewalWords[common.language].keyNotSealed(displaySafe(authority))))
      }
      guard let own, own.isOnKey else {
        do throws(Failure) {
          _ = try issue(log, own, nil)
        } catch {
          throw common.fail(error)
        }
        return
      }
      try RenewalRun.perform(keys, asking, common) { run throws(Failure) in
        try issue(log, own, run).map { ($0, Self.schema) }
      }
    }

    private var stem: String { order.hasSuffix(RenewalOrder.ending) ? String(order.dropLast(6)) : order }

    /// - Parameter run: with the authority's key where that is in no file.
    /// - Returns: what ended it at the PIN of that key.
    private func issue(
      _ log: AuditLog, _ own: PrivateAuthority?, _ run: RenewalRun?
    ) throws(Failure) -> PINOutcome? {
      let name = order.split(separator: "/").last.map(String.init) ?? order
      var read: RenewalOrder?
      var overruled: [OldCertificateDoubt] = []
      func record(_ answer: [UInt8]?, _ failure: Failure?) throws(Failure) {
        log.add(
          IssueDecision(
            time: Int64(time(nil)), file: name, order: read, answer: answer, failure: failure, overruled: overruled,
            decidedBy: .ofProcess()))
        try log.commit()
      }
      do throws(Failure) {
        let (order, document) = try RenewalOrder.parse(
          try Failure.mapping(.fileRead, try readFile(order, limit: SealedDocument.limit)))
        read = order
        try checkRequest(order)
        let desk = try desk(own)
        let trust = trusting.choice
        let (authorities, lists) = (trust.directory, trust.directory.map { trust.revocationLists(of: $0) } ?? [])
        let doubts = order.doubts(trust: authorities, lists: lists.map(\.list), now: Int64(time(nil)))
        if !common.json { show(order, document, doubts) }
        guard doubts.isEmpty || acceptUnverified else {
          throw Failure(.oldNotVerified, context: doubts.map(\.name).joined(separator: ", "))
        }
        overruled = doubts
        if !yes, !LinePrompt.confirms(RenewalWords[common.language].confirmIssue) { throw Failure(.cancelled) }
        let now = Int64(time(nil))
        let (bytes, isRepeated): ([UInt8], Bool)
        if let run, let own {
          let ended = try AuthorityOnKey(run: run).signing(own) { sign throws(Failure) in
            try desk.answer(order, document: document, now: now, sign: sign)
          }
          switch ended {
          case .done(let answer): (bytes, isRepeated) = answer
          case .pin(let outcome): return outcome
          }
        } else {
          (bytes, isRepeated) = try desk.answer(order, document: document, now: now)
        }
        let target = out ?? stem + ".csrrsp"
        // On the record before anybody can have it.
        try record(try Digest.sm3(bytes), nil)
        switch writeFile(bytes, to: target, overwrite: force || isRepeated, mode: 0o600) {
        case .written(let path): try report(order, bytes, path, isRepeated, overruled)
        case .exists: throw Failure(.fileExists, context: displaySafe(target))
        case .failed(let error): throw Failure(.fileWrite, error)
        }
        return nil
      } catch {
        if error.code != .unlockLog, error.code != .fileExists { try record(nil, error) }
        throw error
      }
    }

    private func desk(_ own: PrivateAuthority?) throws(Failure) -> IssuingDesk {
      if let own, let authority {
        return IssuingDesk(
          issuer: .privateAuthority(own), folder: answers ?? authority + "/answers", days: Int64(days))
      }
      let folder = if let answers { answers } else { try StateDirectory.ofUser().make("answers") }
      return IssuingDesk(issuer: .program(connector ?? ""), folder: folder)
    }

    /// - Throws: `UK-540` when the request is not the one that the order names.
    private func checkRequest(_ order: RenewalOrder) throws(Failure) {
      var status = stat()
      let file = request ?? (stat(stem + ".ukreq", &status) == 0 ? stem + ".ukreq" : nil)
      guard let file else { return }
      let (request, document) = try UnlockRequest.parse(
        try Failure.mapping(.fileRead, try readFile(file, limit: SealedDocument.limit)))
      guard document.digest == order.request, request.kind == order.kind else {
        throw Failure(.orderForged, context: displaySafe(file))
      }
      if !common.json {
        Output.line(
          RequestText(request: request, checkCode: document.checkCode, language: common.language).lines
            .joined(separator: "\n"))
      }
    }

    private func show(_ order: RenewalOrder, _ document: SealedDocument, _ doubts: [OldCertificateDoubt]) {
      let words = RenewalWords[common.language]
      let unlock = UnlockWords[common.language]
      Output.line(words.order + "  " + order.numberText + " · " + unlock.kind(order.kind))
      Output.line(words.key + "  " + displaySafe(order.keySerial))
      if let old = order.old?.certificate {
        Output.line(unlock.owner + "  " + displaySafe(old.owner))
        Output.line(Symbol.ok.before(words.statementSigned))
      }
      for doubt in doubts { Output.line(Symbol.warning.before(words.doubt(doubt))) }
      if !doubts.isEmpty, acceptUnverified { Output.line(Symbol.warning.before(words.overruled)) }
      Output.line(words.orderCheckCode + "  " + document.checkCode)
      if authority != nil { Output.line(Symbol.warning.before(words.privateAuthority)) }
    }

    private func report(
      _ order: RenewalOrder, _ bytes: [UInt8], _ path: String, _ isRepeated: Bool,
      _ overruled: [OldCertificateDoubt]
    ) throws(Failure) {
      if common.json {
        Output.line(
          JSONValue.object([
            ("schema", .string(Self.schema)), ("time", documentTime()), ("order", .string(order.numberText)),
            ("kind", .string(order.kind.rawValue)), ("keySerial", .string(order.keySerial)),
            ("answer", .string(path)), ("digest", .string(lowerHexText(try Digest.sm3(bytes)))),
            ("repeated", .bool(isRepeated)), ("private", .bool(authority != nil)),
            ("overruled", .array(overruled.map { .string($0.name) })),
          ]).text)
        return
      }
      let words = RenewalWords[common.language]
      if isRepeated { Output.line(words.issuedBefore) }
      Output.line(words.issued(displaySafe(path)))
    }
  }
}
