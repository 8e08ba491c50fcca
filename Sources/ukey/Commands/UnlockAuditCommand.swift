import ArgumentParser
import Base
import Failures
import Glibc
import StrictJSON
import UnlockKit
import Wording

/// `ukey unlock audit`: the desk's record.
struct UnlockAuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "The record of the desk's decisions.", subcommands: [Verify.self])

  /// The file that was named, or the operator's own. - Throws: `UK-611`.
  static func path(_ given: String?) throws(Failure) -> String {
    if let given { return given }
    let directory = try StateDirectory.ofUser()
    try directory.prepare()
    return directory.path + "/unlock-audit.jsonl"
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell whether the record is as it was written.",
      discussion: """
        Each line holds its number and the SM3 of the line before. A line altered, removed or inserted shows; a record \
        whose end was cut off shows only against a line noted elsewhere (--holds), as the system's journal has it \
        for each decision. Exit code: 0 whole, 1 not.
        """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The audit file; by default unlock-audit.jsonl in the state directory.", completion: .file())
    var file: String?

    @Option(
      help: ArgumentHelp("Require this line with this SM3, as noted elsewhere.", valueName: "number:sm3"))
    var holds: String?

    private var witness: (number: Int, digest: [UInt8])? {
      guard let parts = holds?.split(separator: ":"), parts.count == 2, let number = Int(parts[0]), number > 0,
        let digest = Base.bytes(hex: String(parts[1])), digest.count == 32
      else { return nil }
      return (number, digest)
    }

    func validate() throws {
      guard holds == nil || witness != nil else {
        throw ValidationError("--holds takes NUMBER:SM3, the digest in 64 lower-case hexadecimal digits")
      }
    }

    func run() throws {
      do throws(Failure) {
        let path = try UnlockAuditCommand.path(file)
        let chain = try AuditReading.chain(path, witness: witness)
        if let found = chain.firstBreak {
          throw Failure(.auditBroken, context: displaySafe(path) + ":\(found.line)")
        }
        if let witness, chain.witnessHolds != true {
          throw Failure(.auditBroken, context: displaySafe(path) + ":\(witness.number) (\(chain.lines))")
        }
        report(chain)
      } catch {
        throw common.fail(error)
      }
    }

    private func report(_ chain: AuditChain) {
      let head = "\(chain.lines):" + lowerHexText(chain.head)
      if common.json {
        Output.line(
          JSONValue.object([
            ("schema", "ukey.unlock-audit-verify/1"), ("time", documentTime()), ("lines", .int(chain.lines)),
            ("tied", .int(chain.tied)),
            ("head", .string(head)),
          ]).text)
        return
      }
      let words = UnlockCommandWords[common.language]
      Output.line(Symbol.ok.before(words.auditWhole(chain.lines)))
      if chain.tied < chain.lines { Output.line(words.auditUntied(chain.lines - chain.tied)) }
      Output.line(words.auditHead + "  " + head)
    }
  }
}
