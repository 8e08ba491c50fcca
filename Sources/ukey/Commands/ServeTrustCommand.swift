import ArgumentParser
import Base
import CertificateKit
import Failures
import KeyService
import StrictJSON
import Wording

extension ServeCommand {
  /// `ukey serve trust`
  struct Trust: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let browsers trust this service's own certificate, for old pages that insist on TLS.",
      discussion: """
        Makes a CA that can speak for this computer alone and puts it into every browser store of yours that is found. \
        Pages that use http and ws do not need it. Exit code: 0, or 10 when a store did not take it.
        """)

    @OptionGroup var common: CommonOptions

    func run() throws {
      let (certificate, outcomes): (Certificate, [StoreTrust.Outcome])
      do throws(Failure) {
        let (files, tool) = (ServiceFiles(), try StoreTrust())
        let home = try BrowserTrust.home()
        let der = try ServiceIdentity(files).make()
        certificate = try Certificate(der: der)
        outcomes = tool.add(der, file: files.authority, home: home)
      } catch {
        throw common.fail(error)
      }
      try BrowserTrust(common: common, outcomes: outcomes, certificate: certificate).finish()
    }
  }

  /// `ukey serve untrust`
  struct Untrust: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take the service's own certificate out of every browser store, and its keys off this computer.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      let outcomes: [StoreTrust.Outcome]
      do throws(Failure) {
        let tool = try StoreTrust()
        outcomes = tool.remove(home: try BrowserTrust.home())
        // Whatever a store kept: without its key the CA is of no use to anybody.
        try ServiceIdentity(ServiceFiles()).remove()
      } catch {
        throw common.fail(error)
      }
      try BrowserTrust(common: common, outcomes: outcomes, certificate: nil).finish()
    }
  }
}

/// What became of the stores, told and turned into an exit code.
private struct BrowserTrust {
  let common: CommonOptions
  let outcomes: [StoreTrust.Outcome]
  /// The CA that the stores were given; `nil` when it was taken out.
  let certificate: Certificate?

  static func home() throws(Failure) -> String {
    guard let home = TrustedPath.home else { throw Failure(.pathUntrusted, context: "HOME") }
    return home
  }

  func finish() throws {
    // A service that runs opens or closes its ports with TLS at once.
    _ = try? ControlClient(ServiceFiles()).carryOut(.reload)
    Output.line(common.json ? json.text : text)
    let isWhole = outcomes.allSatisfy { outcome in
      switch outcome.content {
      case .locked, .failed: false
      case .added, .kept, .removed, .absent: true
      }
    }
    if !isWhole { throw ExitCode(ProgramExit.serviceFault.rawValue) }
  }

  private var text: String {
    let words = TrustWords[common.language]
    var lines = outcomes.map { "  " + words.line($0) }
    if outcomes.isEmpty { lines.append("  " + words.noStore) }
    if let certificate {
      lines.append(words.authority(certificate))
      lines.append(words.restart)
    } else {
      lines.append(words.gone)
    }
    return lines.joined(separator: "\n")
  }

  private var json: JSONValue {
    .object([
      ("schema", .string(certificate == nil ? "ukey.serve-untrust/1" : "ukey.serve-trust/1")),
      ("fingerprint", certificate.flatMap { try? $0.fingerprint(.sha256) }.map { .string(lowerHexText($0)) }),
      ("notAfter", certificate.map { .int(Int($0.validity.notAfter)) }),
      ("notAfterTime", certificate.map { .string(isoTime($0.validity.notAfter)) }),
      (
        "stores",
        .array(
          outcomes.map { outcome in
            let (result, detail) = Self.name(outcome.content)
            return .object([
              ("title", .string(outcome.store.title)), ("folder", .string(outcome.store.folder)),
              ("result", .string(result)), ("detail", detail.map { .string($0) }),
            ])
          })
      ),
    ])
  }

  private static func name(_ content: StoreTrust.Outcome.Content) -> (String, String?) {
    switch content {
    case .added: ("added", nil)
    case .kept: ("kept", nil)
    case .removed: ("removed", nil)
    case .absent: ("absent", nil)
    case .locked: ("locked", nil)
    case .failed(let detail): ("failed", displaySafe(detail))
    }
  }
}
