internal import Base
import CertificateKit

/// What a contractor writes to be registered, judged field by field.
struct RegistrationForm: Sendable, Equatable {
  var name = ""
  var uscc = ""
  var loginName = ""
  var contact = ""
  var mobile = ""
  var code = ""
  var password = ""
  var again = ""

  enum Field: String, Sendable, CaseIterable {
    case name, uscc, loginName = "login_name", contact, mobile, code, password, again
  }

  enum Problem: Sendable, Equatable {
    case missing
    case tooLong
    /// Letters that nobody sees, or that reorder a line.
    case unprintable
    /// Not 18 characters of the alphabet of GB 32100.
    case codeShape
    case loginNameShape
    case mobileShape
    case smsShape
    case passwordShort
    case passwordLong
    /// One kind of character, the login name, or a run.
    case passwordWeak
    case passwordsDiffer
  }

  /// What is wrong, in the order of the form. A check digit that is wrong is a warning, not among these.
  func problems(asksPassword: Bool = true) -> [(field: Field, problem: Problem)] {
    var found: [(Field, Problem)] = []
    func check(_ field: Field, _ text: String, limit: Int, _ rule: (String) -> Problem?) {
      if text.isEmpty {
        found.append((field, .missing))
      } else if text.unicodeScalars.count > limit {
        found.append((field, .tooLong))
      } else if !text.unicodeScalars.allSatisfy(isPrinting) {
        found.append((field, .unprintable))
      } else if let problem = rule(text) {
        found.append((field, problem))
      }
    }
    check(.name, name, limit: 120) { _ in nil }
    check(.uscc, uscc, limit: 40) { USCC.validate($0) == .malformed ? .codeShape : nil }
    check(.loginName, loginName, limit: 40) { Self.isLoginName($0) ? nil : .loginNameShape }
    check(.contact, contact, limit: 60) { _ in nil }
    check(.mobile, mobile, limit: 20) { Self.isMobile($0) ? nil : .mobileShape }
    check(.code, code, limit: 12) { Self.isCode($0) ? nil : .smsShape }
    if asksPassword {
      if let problem = Self.problem(password: password, loginName: loginName) { found.append((.password, problem)) }
      if again != password { found.append((.again, .passwordsDiffer)) }
    }
    return found
  }

  /// 4 to 32 letters, digits, `.`, `_`, `-`, with a letter first: what can be told over the telephone.
  static func isLoginName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard (4...32).contains(bytes.count), let first = bytes.first, (0x61...0x7A).contains(first) else { return false }
    return bytes.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D
    }
  }

  /// A mobile of the mainland: eleven digits from 13 to 19.
  static func isMobile(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 11 && bytes.allSatisfy { (0x30...0x39).contains($0) } && bytes[0] == 0x31 && bytes[1] >= 0x33
  }

  static func isCode(_ text: String) -> Bool {
    text.utf8.count == 6 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Length is what counts; what everybody tries first is refused.
  static func problem(password: String, loginName: String) -> Problem? {
    let scalars = password.unicodeScalars
    if scalars.isEmpty { return .missing }
    if scalars.count < PasswordHash.length.lowerBound { return .passwordShort }
    if password.utf8.count > PasswordHash.length.upperBound { return .passwordLong }
    let lower = password.lowercased()
    if !loginName.isEmpty, lower.contains(loginName.lowercased()) { return .passwordWeak }
    if Set(scalars).count < 5 { return .passwordWeak }
    // 0123456789, abcdefghij: each one more than the one before.
    let steps = zip(scalars, scalars.dropFirst()).filter { Int($1.value) - Int($0.value) == 1 }.count
    return steps >= scalars.count - 3 ? .passwordWeak : nil
  }

  /// As it is compared and kept: without blanks around, names in lower case, the code normalised.
  func tidied() -> RegistrationForm {
    var form = self
    form.name = Self.trimmed(name)
    form.uscc = USCC.normalized(uscc)
    form.loginName = Self.trimmed(loginName).lowercased()
    form.contact = Self.trimmed(contact)
    form.mobile = Self.trimmed(mobile)
    form.code = Self.trimmed(code)
    return form
  }

  static func trimmed(_ text: String) -> String {
    let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    let scalars = text.unicodeScalars.drop(while: isBlank)
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars.reversed().drop(while: isBlank).reversed())
    return String(view)
  }
}
