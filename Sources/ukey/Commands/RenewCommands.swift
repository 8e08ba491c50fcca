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

/// What follows a request that was made on the key: the answer, where it stands, going on, the old certificate.
enum RenewCommands {
  struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "apply", abstract: "Bring the authority's answer onto the key.",
      discussion: """
        Reads CSRResponse (GM/T 0092), certificates (PEM, DER, PKCS#7), SM2EnvelopedKey and the SKF key pair, in one file or \
        several. Each part is read back, and both pairs are tried. The old certificate stays. Exit code: 0 done, 7 wrong \
        PIN, 8 locked, 9 refused, nothing written.
        """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions
    @OptionGroup var trusting: TrustOptions

    @Argument(help: "The answer, or its parts.", completion: .file())
    var answer: [String]

    @Option(help: ArgumentHelp("Which order, by its number or how it begins.", valueName: "number"))
    var order: String?

    @Flag(help: "Write it though name, code, issuer or chain differ from the old certificate's.")
    var acceptDifferences = false

    @Flag(help: "Write without asking.")
    var yes = false

    func run() throws {
      try RenewalRun.perform(keys, asking, common) { run throws(Failure) in
        try apply(run).map { ($0, RenewalInstallation.schema) }
      }
    }

    private func apply(_ run: RenewalRun) throws(Failure) -> PINOutcome? {
      let directory = try StateDirectory.ofUser()
      let journal = try run.journal(order, in: directory, [.paired, .requested, .answered])
      _ = try run.key.token.renewalOffer()
      var read = IssuedAnswer()
      for file in answer {
        try read.add(
          try Failure.mapping(.fileRead, try readFile(file, limit: IssuedAnswer.limit, followsLinks: true)))
      }
      let checked = try journal.check(read, trust: trusting.choice.directory, now: Int64(time(nil)))
      if !common.json { RenewalComparison(journal: journal, new: checked.signature, language: common.language).show() }
      if !checked.differences.isEmpty {
        let words = run.words
        if !common.json {
          Output.note(words.differencesTitle)
          for difference in checked.differences { Output.note(Symbol.warning.before(words.difference(difference))) }
        }
        // What nobody looked at is not agreed to by the flag that agrees to writing.
        guard acceptDifferences || (!yes && !common.json && LinePrompt.confirms(words.confirmDifferences)) else {
          throw Failure(.answerDiffers, context: checked.differences.map(\.name).joined(separator: ", "))
        }
      }
      if !yes, asking.pinFd == nil, !LinePrompt.confirms(run.words.confirmApply) { throw Failure(.cancelled) }
      var engine = RenewalEngine(journal, in: directory)
      try engine.accept(checked)
      return try RenewalInstallation(run: run).install(engine, checked.differences)
    }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "resume", abstract: "Go on with an order that was interrupted.",
      discussion: "Looks at the key, says where the order stands, and does what is missing.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions

    @Option(help: ArgumentHelp("Which order, by its number or how it begins.", valueName: "number"))
    var order: String?

    @Option(
      help: ArgumentHelp(
        "The order file; by default where it was to be written, or ORDER.ukord.", valueName: "file.ukord"))
    var out: String?

    @Flag(help: "Overwrite existing files.")
    var force = false

    func run() throws {
      try RenewalRun.perform(keys, asking, common, resume)
    }

    private func resume(_ run: RenewalRun) throws(Failure) -> (PINOutcome, String)? {
      let directory = try StateDirectory.ofUser()
      let journal = try run.journal(order, in: directory, [.begun, .paired, .requested, .answered])
      let offer = try run.key.token.renewalOffer()
      if !common.json {
        Output.note(run.words.resumed(journal.numberText) + " · " + run.words.stage(journal.stage))
      }
      let engine = RenewalEngine(journal, in: directory)
      if journal.stage == .answered {
        return try RenewalInstallation(run: run).install(engine, []).map { ($0, RenewalInstallation.schema) }
      }
      let file = out ?? free(journal.file) ?? journal.numberText + RenewalOrder.ending
      let request = OnKeyRequest(
        run: run, offer: offer, directory: directory, overwrites: force)
      return try request.make(engine, file: file).map { ($0, OnKeyRequest.schema) }
    }

    /// Where the order was to go from the beginning, unless there is something.
    private func free(_ path: String?) -> String? {
      var status = stat()
      return path.flatMap { lstat($0, &status) == 0 ? nil : $0 }
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "The orders that this computer knows, and where each stands. Needs no key.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      let directory: StateDirectory
      do throws(Failure) { directory = try StateDirectory.ofUser() } catch { throw common.fail(error) }
      let (journals, failures) = RenewalJournal.all(in: directory)
      if common.json {
        let orders = journals.map { journal in
          JSONValue.object(
            journal.json + [
              ("created", .string(isoTime(journal.created))), ("keySerial", .string(journal.keySerial)),
              ("application", .string(journal.application.text)), ("owner", journal.owner.map { .string($0) }),
            ])
        }
        Output.line(
          JSONValue.object([
            ("schema", "ukey.renew-status/1"), ("time", documentTime()), ("orders", .array(orders)),
            (
              "errors",
              .array(failures.map { FailureReport(failure: $0, language: common.language).inner })
            ),
          ]).text)
        return
      }
      let words = RenewalWords[common.language]
      for failure in failures { Output.note(Symbol.warning.before(failure.line(common.language))) }
      if journals.isEmpty { Output.line(words.noOrders) }
      for journal in journals {
        var lines = [
          words.order + " " + journal.numberText + " · "
            + UnlockWords[common.language].kind(journal.kind) + " · " + LocalTime.date(journal.created),
          "  "
            + [journal.owner, words.key + " " + journal.keySerial].compactMap { $0.map { displaySafe($0) } }
            .joined(separator: " · "),
          "  " + words.stage(journal.stage),
        ]
        let next = words.next(journal.stage, journal.numberText)
        if !next.isEmpty { lines.append("  " + next) }
        Output.line(lines.joined(separator: "\n"))
      }
    }
  }

  struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "forget", abstract: "Put an order away that is no longer wanted. Nothing changes on the key.",
      discussion: """
        What the order has made on the key stays there: a container with a pair, perhaps with certificates. Needs no key.
        """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Which order, by its number or how it begins.", valueName: "number"))
    var order: String

    @Flag(help: "Put it away without asking.")
    var yes = false

    func run() throws {
      do throws(Failure) {
        let directory = try StateDirectory.ofUser()
        let journal = try RenewalJournal.find(order, in: directory) { _ in true }
        let words = RenewalWords[common.language]
        guard yes || LinePrompt.confirms(words.confirmForget(journal.numberText)) else { throw Failure(.cancelled) }
        try journal.forget(in: directory)
        if common.json {
          Output.line(
            JSONValue.object([("schema", "ukey.renew-forget/1"), ("time", documentTime())] + journal.json).text)
        } else {
          Output.line(words.forgotten(journal.numberText, displaySafe(journal.container)))
        }
      } catch {
        throw common.fail(error)
      }
    }
  }

  struct RemoveOld: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove-old", abstract: "Remove the old certificate and its keys, for good.",
      discussion: """
        Only after the new certificate has been tried on the key, and only the container that was renewed. Bids encrypted to \
        the old certificate can never be opened again.
        """)

    static let schema = "ukey.renew-remove-old/1"

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions

    @Option(help: ArgumentHelp("Which order, by its number or how it begins.", valueName: "number"))
    var order: String?

    @Flag(help: "All bids are opened: remove without asking.")
    var yes = false

    func run() throws {
      try RenewalRun.perform(keys, asking, common) { run throws(Failure) in try remove(run).map { ($0, Self.schema) } }
    }

    /// One whose new certificate is on the key; else any of this key, whose stage then says why it is too early.
    private func toRemove(_ run: RenewalRun, _ directory: StateDirectory) throws(Failure) -> RenewalJournal {
      do throws(Failure) { return try run.journal(order, in: directory, [.installed]) } catch {
        guard error.code == .renewalNone else { throw error }
        return try run.journal(order, in: directory, [.begun, .paired, .requested, .answered])
      }
    }

    private func remove(_ run: RenewalRun) throws(Failure) -> PINOutcome? {
      let directory = try StateDirectory.ofUser()
      let journal = try toRemove(run, directory)
      guard journal.stage == .installed || journal.stage == .closed, let old = journal.oldContainer else {
        throw Failure(.oldStillNeeded, context: journal.stage.rawValue)
      }
      guard try run.key.token.renewalOffer().removesOld else {
        throw Failure(.oldStillNeeded, function: run.key.snapshot.family.rawValue, context: displaySafe(old))
      }
      var engine = RenewalEngine(journal, in: directory)
      if journal.stage == .installed {
        if !common.json {
          RenewalComparison(journal: journal, language: common.language).show()
          Output.note(Symbol.warning.before(run.words.removeWarning))
        }
        guard yes || isAgreed() else {
          Output.note(run.words.nothingRemoved)
          throw Failure(.cancelled)
        }
        engine.progress = run.progress
        let ended = try run.session(
          journal.application, isRemoving: true,
          stopped: { engine.mayHaveRemoved ? $0.interruptedRemoving : $0.interrupted }
        ) { session throws(Failure) in try engine.removeOld(session) }
        if case .pin(let outcome) = ended { return outcome }
      }
      if common.json {
        Output.line(
          JSONValue.object(
            [("schema", .string(Self.schema)), ("time", documentTime()), ("key", KeyReference(run.key.snapshot).json)]
              + engine.journal.json
          ).text)
      } else {
        Output.line(run.words.removed(displaySafe(old)))
      }
      return nil
    }

    /// By the word that the window asks for, too.
    private func isAgreed() -> Bool {
      let words = RenewalScreenWords[common.language]
      guard let line = LinePrompt.ask(words.removeAsk + "\n> ") else { return false }
      if RenewalScreenWords.isRemoval(line) { return true }
      Output.note(Symbol.error.before(words.removeDiffers))
      return false
    }
  }
}

extension RenewalJournal {
  /// Who the old certificate speaks of.
  fileprivate var owner: String? { oldCertificate.flatMap { try? Certificate(der: $0) }?.owner }
}
