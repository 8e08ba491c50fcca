import ArgumentParser
import Base
import Failures
import Glibc
import RenewalKit
import StrictJSON
import TokenKit
import Wording

/// `ukey desk`: the issuer's side of a renewal.
struct DeskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "desk", abstract: "The issuer's side of a renewal: answers orders with certificates.",
    subcommands: [Issue.self, Authority.self])

  struct Authority: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "authority", abstract: "Make a private authority (私有CA/测试) with its key management in a folder.",
      discussion: """
        Its certificates are worth something only where its own, FOLDER/authority.pem, is trusted. Its key lies in the folder \
        under a passphrase, or with --on-key in a key or PKCS#11 module, which makes it.
        """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var asking: PINOptions
    @OptionGroup var sealing: AuthorityKeyOptions

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @Option(help: "Its common name.")
    var name = "ukey"

    @Flag(
      help: "The authority's key is made in the plugged-in key (SM2), or by its module (P-256, RSA), and stays there.")
    var onKey = false

    static let schema = "ukey.desk-authority/1"

    func run() throws {
      if onKey {
        try RenewalRun.perform(keys, asking, common) { run throws(Failure) in
          switch try AuthorityOnKey(run: run).make(folder, name: name, now: Int64(time(nil))) {
          case .done(let authority): report(authority)
          case .pin(let outcome): return (outcome, Self.schema)
          }
          return nil
        }
        return
      }
      do throws(Failure) {
        try PrivateAuthority.prepare(folder)
        report(
          try PrivateAuthority.make(
            folder, name: name, now: Int64(time(nil)), passphrase: try sealing.askNew(common.language)))
      } catch {
        throw common.fail(error)
      }
    }

    private func report(_ authority: PrivateAuthority) {
      if common.json {
        Output.line(
          JSONValue.object([
            ("schema", .string(Self.schema)), ("time", documentTime()), ("folder", .string(absolutePath(folder))),
            ("subject", .string(authority.certificate.subject.text)),
            ("certificate", .string(authority.certificate.pem)),
          ]).text)
        return
      }
      let words = RenewalWords[common.language]
      Output.line(words.authorityMade(displaySafe(absolutePath(folder))))
      Output.line(Symbol.warning.before(words.privateAuthority))
    }
  }
}
