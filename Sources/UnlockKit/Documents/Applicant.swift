internal import CertificateKit
internal import Failures
internal import StrictJSON

/// What is asked of the certificate authority.
package enum UnlockKind: String, Sendable, CaseIterable {
  /// 介质解锁.
  case unlock
  /// 续期.
  case renew
  /// 补办.
  case reissue
  /// 变更.
  case change

  /// Renewal and change make a new encryption key pair: what was encrypted to the old certificate, such as an open bid,
  /// cannot be opened afterwards.
  package var replacesEncryptionKey: Bool { self != .unlock }
}

/// 经办人 and what the person asks for.
package struct Applicant: Sendable, Equatable {
  package enum Delivery: String, Sendable, CaseIterable {
    /// 自取.
    case collect
    /// 邮寄.
    case post
  }

  package var name: String
  /// Eleven digits.
  package var mobile: String
  package var reason: String
  package var delivery: Delivery
  /// Where to send it; empty when it is collected.
  package var address: String
  /// 统一社会信用代码 as the person knows it; empty to take that of the certificate.
  package var uscc: String

  package init(
    name: String = "", mobile: String = "", reason: String = "", delivery: Delivery = .collect, address: String = "",
    uscc: String = ""
  ) {
    self.name = name
    self.mobile = mobile
    self.reason = reason
    self.delivery = delivery
    self.address = address
    self.uscc = uscc
  }
}

/// One thing about a field: an error stops, a warning is shown.
package struct FieldProblem: Sendable, Equatable {
  package enum Field: String, Sendable, CaseIterable {
    case name
    case mobile
    case reason
    case address
    case uscc
  }

  package enum Issue: Sendable, Equatable {
    case missing
    case tooLong(maximum: Int)
    /// Control characters, bidirectional overrides and other characters that do not show.
    case invisibleCharacters
    /// Not eleven digits beginning with 13 to 19.
    case notMobile
    /// The check digits of the credit code are wrong: early pilot codes are so.
    case usccCheck
    case usccShape
    /// Differs from that in the certificate.
    case usccDiffers
  }

  package var field: Field
  package var issue: Issue

  package init(_ field: Field, _ issue: Issue) {
    self.field = field
    self.issue = issue
  }

  package var isError: Bool {
    switch issue {
    case .usccCheck, .usccShape, .usccDiffers: false
    default: true
    }
  }
}

extension Applicant {
  /// Characters a field may have.
  static let limits: [FieldProblem.Field: Int] = [.name: 40, .mobile: 11, .reason: 100, .address: 120, .uscc: 18]

  /// As it is written: trimmed, full-width digits and letters made half-width where they stand for numbers.
  package var normalized: Applicant {
    var result = self
    result.name = Self.trimmed(name)
    result.reason = Self.trimmed(reason)
    result.address = delivery == .post ? Self.trimmed(address) : ""
    result.mobile = Self.normalizedMobile(mobile)
    result.uscc = USCC.normalized(uscc)
    return result
  }

  /// What is wrong with the fields, after ``normalized``; errors first.
  ///
  /// - Parameter certificateUSCC: the code in the certificate, to compare with.
  package func problems(certificateUSCC: String? = nil) -> [FieldProblem] {
    let applicant = normalized
    var found: [FieldProblem] = []
    func check(_ field: FieldProblem.Field, _ text: String, isRequired: Bool) {
      if text.isEmpty {
        if isRequired { found.append(FieldProblem(field, .missing)) }
        return
      }
      let limit = Self.limits[field] ?? 0
      if displaySafe(text) != text {
        found.append(FieldProblem(field, .invisibleCharacters))
      } else if field == .mobile {
        if !Self.isMobile(text) { found.append(FieldProblem(field, .notMobile)) }
      } else if text.unicodeScalars.count > limit {
        found.append(FieldProblem(field, .tooLong(maximum: limit)))
      }
    }
    check(.name, applicant.name, isRequired: true)
    check(.mobile, applicant.mobile, isRequired: true)
    check(.reason, applicant.reason, isRequired: true)
    check(.address, applicant.address, isRequired: delivery == .post)
    check(.uscc, applicant.uscc, isRequired: false)
    guard !applicant.uscc.isEmpty, !found.contains(where: { $0.field == .uscc }) else { return found }
    switch USCC.validate(applicant.uscc) {
    case .valid: break
    case .checkDigitWrong: found.append(FieldProblem(.uscc, .usccCheck))
    case .malformed: found.append(FieldProblem(.uscc, .usccShape))
    }
    if let certificateUSCC, certificateUSCC != applicant.uscc { found.append(FieldProblem(.uscc, .usccDiffers)) }
    return found
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\u{3000}" || scalar == "\t" }
    let kept = scalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    var view = String.UnicodeScalarView()
    view.append(contentsOf: kept)
    return String(view)
  }

  /// Without blanks, hyphens and +86, digits half-width.
  private static func normalizedMobile(_ text: String) -> String {
    let kept = USCC.normalized(text).unicodeScalars.filter { !" -".unicodeScalars.contains($0) }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: kept)
    let digits = String(view)
    return digits.hasPrefix("+86") ? String(digits.dropFirst(3)) : digits
  }

  private static func isMobile(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 11 && bytes.allSatisfy { (0x30...0x39).contains($0) } && bytes[0] == 0x31
      && (0x33...0x39).contains(bytes[1])
  }
}

extension Applicant {
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("mobile", .string(mobile)), ("reason", .string(reason)),
      ("delivery", .string(delivery.rawValue)), ("address", address.isEmpty ? nil : .string(address)),
      ("uscc", uscc.isEmpty ? nil : .string(uscc)),
    ])
  }

  init(_ element: JSONElement?, _ path: String) throws(Failure) {
    var reader = try MemberReader(element, path)
    address = try reader.optionalText("address", limit: 480) ?? ""
    delivery = try reader.choice("delivery", Delivery.self)
    mobile = try reader.text("mobile", limit: 32)
    name = try reader.text("name", limit: 160)
    reason = try reader.text("reason", limit: 400)
    uscc = try reader.optionalText("uscc", limit: 64) ?? ""
    try reader.finish()
  }
}
