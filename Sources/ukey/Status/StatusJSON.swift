import Base
import CertificateKit
import Failures
import Glibc
import StrictJSON
import TokenKit
import Wording

/// `ukey.status/1`: fields are only ever added. Items that were not there are left out; items that could not be read
/// carry an `error` object.
struct StatusJSON {
  var now: Int64
  var reminderDays: Int
  var language: Language
  /// `nil`: chains are not spoken of.
  var trust: TrustDirectory?

  func document(_ reports: [ReaderReport], isDemo: Bool) -> JSONValue {
    .object([
      ("schema", "ukey.status/1"), ("demo", isDemo ? .bool(true) : nil),
      ("time", .string(isoTime(now))), ("readers", .array(reports.map(reader))),
    ])
  }

  func reader(_ report: ReaderReport) -> JSONValue {
    .object([
      ("provider", .string(report.source.provider)), ("reader", .string(report.source.reader)),
      ("present", .bool({ if case .empty = report.content { false } else { true } }())),
      ("error", report.failure.map { FailureReport(failure: $0, language: language).inner }),
      ("key", report.snapshot.map(key)),
    ])
  }

  func key(_ snapshot: TokenSnapshot) -> JSONValue {
    .object([
      ("provider", .string(snapshot.source.provider)), ("reader", .string(snapshot.source.reader)),
      ("name", KeyNames.current[snapshot].map { .string($0) }),
      ("family", .string(snapshot.family.rawValue)), ("atr", .string(hexText(snapshot.atr))),
      (
        "alsoSeen",
        snapshot.alsoSeen.isEmpty
          ? nil
          : .array(
            snapshot.alsoSeen.map {
              .object([("provider", .string($0.provider)), ("reader", .string($0.reader))])
            })
      ),
      ("libraryRestarts", snapshot.libraryRestarts == 0 ? nil : .int(snapshot.libraryRestarts)),
      ("profile", snapshot.profile.map { .string($0) }),
      ("label", text(snapshot.device.label)), ("manufacturer", text(snapshot.device.manufacturer)),
      ("issuer", text(snapshot.device.issuer)), ("serial", text(snapshot.device.serial)),
      ("hardwareVersion", text(snapshot.device.hardwareVersion)),
      ("firmwareVersion", text(snapshot.device.firmwareVersion)),
      ("applications", item(snapshot.applications) { .array($0.map(application)) }),
    ])
  }

  private func application(_ application: ApplicationSnapshot) -> JSONValue {
    .object([
      ("name", .string(application.name.text)), ("userPin", pin(application.userPIN)),
      ("adminPin", pin(application.adminPIN)),
      ("containers", item(application.containers) { .array($0.map(container)) }),
    ])
  }

  func pin(_ status: Reading<PINStatus>) -> JSONValue? { item(status, pin) }

  func pin(_ status: PINStatus) -> JSONValue {
    .object([
      ("triesLeft", status.triesLeft.map { .int($0) }), ("triesMax", status.triesMax.map { .int($0) }),
      ("locked", .bool(status.isLocked)), ("default", status.isDefault.map { .bool($0) }),
      ("verified", status.isVerified ? .bool(true) : nil),
    ])
  }

  private func container(_ container: ContainerSnapshot) -> JSONValue {
    .object([
      ("name", .string(container.name.text)),
      ("kind", item(container.kind) { .string(Self.name($0)) }),
      (
        "certificates",
        .array(
          container.entries.filter { $0.certificate != .absent }.map { entry in
            switch entry.certificate {
            case .value(let value): certificate(value, role: entry.role.rawValue, label: entry.label)
            case .failed(let failure):
              .object([
                ("role", .string(entry.role.rawValue)),
                ("error", FailureReport(failure: failure, language: language).inner),
              ])
            case .absent, .notOffered: .null
            }
          })
      ),
    ])
  }

  /// - Parameter label: what the key itself calls it.
  func certificate(_ certificate: Certificate, role: String, label: TokenName? = nil) -> JSONValue {
    let state = certificate.validity.state(now: now, reminderDays: reminderDays)
    return .object([
      ("role", .string(role)), ("label", label.map { .string($0.text) }),
      ("owner", .string(certificate.owner)),
      ("organization", certificate.subject.organization.map { .string($0) }),
      (
        "uscc",
        certificate.uscc.map { found in
          .object([
            ("code", .string(found.code)), ("source", .string(found.source)),
            ("check", .string(Self.name(found.check))),
          ])
        }
      ),
      ("issuer", .string(certificate.issuer.displayName)),
      ("subjectName", .string(certificate.subject.text)), ("issuerName", .string(certificate.issuer.text)),
      ("serial", .string(certificate.serialText)),
      ("notBefore", .string(isoTime(certificate.validity.notBefore))),
      ("notAfter", .string(isoTime(certificate.validity.notAfter))),
      ("daysLeft", .int(certificate.validity.daysLeft(now: now))), ("state", .string(Self.name(state))),
      ("usage", .string(Self.name(certificate.use))),
      ("algorithm", .string(certificate.publicKey.name)),
      ("signatureAlgorithm", .string(certificate.signatureAlgorithm)),
      ("chain", trust.map { chain($0.verify(certificate, at: now), $0.failures) }),
    ])
  }

  /// - Parameter failures: of the trust directory: what of it was not used.
  private func chain(_ verdict: ChainVerdict, _ failures: [Failure]) -> JSONValue {
    let path: [String] =
      switch verdict {
      case .trusted(let path), .incomplete(_, let path), .weak(_, let path): path
      case .noTrustAnchors, .notTrusted: []
      }
    var weak: WeakLink?
    if case .weak(let link, _) = verdict { weak = link }
    return .object([
      ("verdict", .string(verdict.name)), ("reason", .string(Words[language].chain(verdict))),
      (
        "weak",
        weak.map { link in
          .object([
            ("certificate", .string(link.certificate)), ("what", .string(link.reason == .key ? "key" : "digest")),
            ("algorithm", .string(link.algorithm)),
          ])
        }
      ),
      ("path", path.isEmpty ? nil : .array(path.map { .string($0) })),
      (
        "notUsed",
        failures.isEmpty ? nil : .array(failures.prefix(16).map { .string(displaySafe($0.description)) })
      ),
    ])
  }

  private func text(_ reading: Reading<String>) -> JSONValue? { item(reading) { .string($0) } }

  private func text(_ reading: Reading<TokenName>) -> JSONValue? { item(reading) { .string($0.text) } }

  private func item<Value>(_ reading: Reading<Value>, _ body: (Value) -> JSONValue) -> JSONValue? {
    switch reading {
    case .value(let value): body(value)
    case .failed(let failure): .object([("error", FailureReport(failure: failure, language: language).inner)])
    case .absent, .notOffered: nil
    }
  }

  private static func name(_ kind: ContainerSnapshot.Kind) -> String {
    switch kind {
    case .empty: "empty"
    case .rsa: "rsa"
    case .sm2: "sm2"
    case .ec: "ec"
    case .unknown(let value): "unknown(\(value))"
    }
  }

  private static func name(_ check: USCCFinding.Check) -> String {
    switch check {
    case .valid: "valid"
    case .checkDigitWrong: "checkDigitWrong"
    case .organizationCodeOnly: "organizationCodeOnly"
    }
  }

  private static func name(_ state: Validity.State) -> String {
    switch state {
    case .notYetValid: "notYetValid"
    case .valid: "valid"
    case .expiring: "expiring"
    case .expired: "expired"
    }
  }

  static func name(_ use: CertificateUse) -> String {
    switch use {
    case .signature: "signature"
    case .encryption: "encryption"
    case .both: "both"
    case .unknown: "unknown"
    }
  }
}
