import Base
import CertificateKit
import Failures
import Glibc
import StrictJSON
import TokenKit
import Wording

/// A certificate of a comparison and where it is.
struct ComparedCertificate {
  var certificate: Certificate
  var place: CertificatePlace?
  var file: String?
}

/// Two certificates side by side; one is missing where a key has none beside the other's.
struct ComparedPair {
  var left: ComparedCertificate?
  var right: ComparedCertificate?
  /// `nil` where a side is missing or could not be read.
  var comparison: CertificateComparison?

  init(_ left: ComparedCertificate, _ right: ComparedCertificate) {
    self.left = left
    self.right = right
    comparison = CertificateComparison(left.certificate, right.certificate)
  }

  init(_ pairing: KeyComparison.Pairing) {
    func side(_ place: CertificatePlace?) -> ComparedCertificate? {
      place.flatMap { place in place.certificate.value.map { ComparedCertificate(certificate: $0, place: place) } }
    }
    left = side(pairing.left)
    right = side(pairing.right)
    comparison = pairing.comparison
  }
}

/// What `ukey compare` prints.
struct ComparisonReport {
  private var keys: (left: TokenSnapshot, right: TokenSnapshot, rows: [KeyComparison.Row])?
  private let pairs: [ComparedPair]
  private let language: Language
  private let status: StatusJSON

  init(_ pairs: [ComparedPair], _ language: Language) {
    self.pairs = pairs
    self.language = language
    status = StatusJSON(now: Int64(time(nil)), reminderDays: Settings.current.reminderDays, language: language)
  }

  init(_ comparison: KeyComparison, _ keys: (left: TokenSnapshot, right: TokenSnapshot), _ language: Language) {
    self.init(comparison.pairings.map { ComparedPair($0) }, language)
    self.keys = (keys.left, keys.right, comparison.rows)
  }

  // MARK: For people

  /// - Parameter all: also what is the same.
  func text(all: Bool) -> [String] {
    let words = CompareWords[language]
    var lines: [String] = []
    if let keys {
      lines += keys.rows.filter { all || $0.differs }.map { row in
        line(CompareWords.title(row.field, language), shown(row.left), shown(row.right), row.differs)
      }
      let same = pairs.count { $0.comparison?.relation == .same }
      lines.append(words.keys(same, pairs.count - same))
    }
    for pair in pairs {
      if !lines.isEmpty { lines.append("") }
      lines += [pair.left, pair.right].map { $0.map(name) ?? "–" }.enumerated().map {
        ($0.offset == 0 ? "< " : "> ") + $0.element
      }
      guard let comparison = pair.comparison else {
        lines.append(pair.left == nil ? words.onlyRight : pair.right == nil ? words.onlyLeft : words.notRead)
        continue
      }
      lines.append(Symbol.next.before(words.text(comparison.relation)))
      lines += comparison.rows.filter { all || $0.differs }.map { row in
        line(
          CompareWords.title(row.field, language), CompareWords.text(row.left, language),
          CompareWords.text(row.right, language), row.differs)
      }
    }
    return lines
  }

  private func name(_ side: ComparedCertificate) -> String {
    side.file.map { displaySafe($0) } ?? side.place?.summary(language) ?? ""
  }

  private func shown(_ text: String?) -> String { text.map { displaySafe($0) } ?? "–" }

  /// One line where both are the same, else a line a side beneath its name: long values stay whole.
  private func line(_ title: String, _ left: String, _ right: String, _ differs: Bool) -> String {
    let label = title + String(repeating: " ", count: max(2, 20 - textWidth(title)))
    return differs
      ? "  " + label + left + "\n" + "  " + String(repeating: " ", count: textWidth(label)) + right
      : "  " + label + left
  }

  // MARK: For programs

  var json: JSONValue {
    .object([
      ("schema", "ukey.compare/1"), ("time", documentTime(status.now)),
      (
        "keys",
        keys.map { keys in
          .object([
            ("left", KeyReference(keys.left).json), ("right", KeyReference(keys.right).json),
            (
              "rows",
              .array(
                keys.rows.map { row in
                  .object([
                    ("field", .string(row.field.rawValue)), ("left", row.left.map { .string($0) }),
                    ("right", row.right.map { .string($0) }), ("differs", .bool(row.differs)),
                  ])
                })
            ),
          ])
        }
      ),
      ("pairs", .array(pairs.map(pair))),
    ])
  }

  private func pair(_ pair: ComparedPair) -> JSONValue {
    var newer: String?
    var keepsKey: Bool?
    if case .renewal(let rightIsNewer, let keeps)? = pair.comparison?.relation {
      newer = rightIsNewer ? "right" : "left"
      keepsKey = keeps
    }
    return .object([
      ("left", pair.left.map(side)), ("right", pair.right.map(side)),
      ("relation", pair.comparison.map { .string(Self.name($0.relation)) }), ("newer", newer.map { .string($0) }),
      ("keepsKey", keepsKey.map { .bool($0) }),
      (
        "rows",
        pair.comparison.map { comparison in
          .array(
            comparison.rows.map { row in
              .object([
                ("field", .string(row.field.rawValue)), ("left", Self.value(row.left)),
                ("right", Self.value(row.right)),
                ("differs", .bool(row.differs)),
              ])
            })
        }
      ),
    ])
  }

  private func side(_ side: ComparedCertificate) -> JSONValue {
    .object([
      ("file", side.file.map { .string($0) }), ("key", side.place.map { KeyReference($0).json }),
      ("application", side.place.map { .string($0.application.name.text) }),
      ("container", side.place.map { .string($0.container.name.text) }),
      ("certificate", status.certificate(side.certificate, role: side.role)),
    ])
  }

  private static func value(_ value: CertificateComparison.Value) -> JSONValue? {
    switch value {
    case .none: nil
    case .text(let text): .string(text)
    case .time(let time): .string(isoTime(time))
    case .use(let use): .string(StatusJSON.name(use))
    }
  }

  private static func name(_ relation: CertificateComparison.Relation) -> String {
    switch relation {
    case .same: "same"
    case .renewal: "renewal"
    case .pair: "pair"
    case .sameHolder: "sameHolder"
    case .unrelated: "unrelated"
    }
  }
}

extension ComparedCertificate {
  /// Where it is on no key, what it is for.
  fileprivate var role: String {
    place?.role.rawValue
      ?? (certificate.isAuthority
      ? ContainerSnapshot.Role.authority
      : certificate.use == .encryption ? ContainerSnapshot.Role.encryption : ContainerSnapshot.Role.signature).rawValue
  }
}
