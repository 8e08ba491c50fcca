import ArgumentParser
import Base
import Failures
import Glibc
import RenewalKit
import StrictJSON
import TokenKit
import UnlockKit
import Wording

/// `ukey desk`: the issuer's side of a renewal, without any key.
struct DeskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "desk", abstract: "The issuer's side of a renewal: answers orders with certificates.",
    subcommands: [Issue.self, Authority.self])

  struct Authority: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "authority", abstract: "Make a private authority (私有CA/测试) with its key management in a folder.",
      discussion: "Its certificates are worth something only where its own, FOLDER/authority.pem, is trusted.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @Option(help: "Its common name.")
    var name = "ukey"

    func run() throws {
      let words = RenewalWords[common.language]
      do throws(Failure) {
        let authority = try PrivateAuthority.make(folder, name: name, now: Int64(time(nil)))
        if common.json {
          Output.line(
            JSONValue.object([
              ("schema", "ukey.desk-authority/1"), ("time", documentTime()), ("folder", .string(absolutePath(folder))),
              ("subject", .string(authority.certificate.subject.text)),
              ("certificate", .string(authority.certificate.pem)),
            ]).text)
        } else {
          Output.line(words.authorityMade(displaySafe(absolutePath(folder))))
          Output.line(Symbol.warning.before(words.privateAuthority))
        }
      } catch {
        throw common.fail(error)
      }
    }
  }

  struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "issue", abstract: "Answer an order with a certificate.",
      discussion: """
        With --authority by a private authority (ukey desk authority), with --connector by a program: it gets a line of JSON \
        and the PKCS#10 in PEM, and gives CSRResponse (GM/T 0092). One order has one answer: asked again, the same bytes \
        are given. Each decision is appended to the audit file.
        """)

    @OptionGroup var common: CommonOptions
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

    func run() throws {
      do throws(Failure) {
        let log = try AuditLog(UnlockAuditCommand.path(audit), now: Int64(time(nil)))
        try issue(log)
      } catch {
        throw common.fail(error)
      }
    }

    private var stem: String { order.hasSuffix(RenewalOrder.ending) ? String(order.dropLast(6)) : order }

    private func issue(_ log: AuditLog) throws(Failure) {
      let name = order.split(separator: "/").last.map(String.init) ?? order
      var read: RenewalOrder?
      func record(_ answer: [UInt8]?, _ failure: Failure?) throws(Failure) {
        log.add(
          IssueDecision(
            time: Int64(time(nil)), file: name, order: read, answer: answer, failure: failure, decidedBy: .ofProcess()))
        try log.commit()
      }
      do throws(Failure) {
        let (order, document) = try RenewalOrder.parse(
          try Failure.mapping(.fileRead, try readFile(order, limit: SealedDocument.limit)))
        read = order
        try checkRequest(order)
        let desk = try desk()
        if !common.json { show(order, document) }
        if !yes, !LinePrompt.confirms(RenewalWords[common.language].confirmIssue) { throw Failure(.cancelled) }
        let (bytes, isRepeated) = try desk.answer(order, document: document, now: Int64(time(nil)))
        let target = out ?? stem + ".csrrsp"
        // On the record before anybody can have it.
        try record(try Digest.sm3(bytes), nil)
        switch writeFile(bytes, to: target, overwrite: force || isRepeated, mode: 0o600) {
        case .written(let path): try report(order, bytes, path, isRepeated)
        case .exists: throw Failure(.fileExists, context: displaySafe(target))
        case .failed(let error): throw Failure(.fileWrite, error)
        }
      } catch {
        if error.code != .unlockLog, error.code != .fileExists { try record(nil, error) }
        throw error
      }
    }

    private func desk() throws(Failure) -> IssuingDesk {
      if let authority {
        return IssuingDesk(
          issuer: .privateAuthority(try PrivateAuthority(folder: authority)),
          folder: answers ?? authority + "/answers", days: Int64(days))
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

    private func show(_ order: RenewalOrder, _ document: SealedDocument) {
      let words = RenewalWords[common.language]
      let unlock = UnlockWords[common.language]
      Output.line(words.order + "  " + order.numberText + " · " + unlock.kind(order.kind))
      Output.line(words.key + "  " + displaySafe(order.keySerial))
      if let old = order.old?.certificate {
        Output.line(unlock.owner + "  " + displaySafe(old.owner))
        Output.line(Symbol.ok.before(words.statementSigned))
        if let trust = trusting.choice.directory {
          Output.line(words.difference(.chain(trust.verify(old, at: Int64(time(nil))))))
        }
      } else {
        Output.line(Symbol.warning.before(words.noStatement))
      }
      Output.line(unlock.checkCode + "  " + document.checkCode)
      if authority != nil { Output.line(Symbol.warning.before(words.privateAuthority)) }
    }

    private func report(
      _ order: RenewalOrder, _ bytes: [UInt8], _ path: String, _ isRepeated: Bool
    ) throws(Failure) {
      if common.json {
        Output.line(
          JSONValue.object([
            ("schema", "ukey.desk-issue/1"), ("time", documentTime()), ("order", .string(order.numberText)),
            ("kind", .string(order.kind.rawValue)), ("keySerial", .string(order.keySerial)),
            ("answer", .string(path)), ("digest", .string(lowerHexText(try Digest.sm3(bytes)))),
            ("repeated", .bool(isRepeated)), ("private", .bool(authority != nil)),
          ]).text)
        return
      }
      let words = RenewalWords[common.language]
      if isRepeated { Output.line(words.issuedBefore) }
      Output.line(words.issued(displaySafe(path)))
    }
  }
}
