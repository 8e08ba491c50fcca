import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// How urgent something is, with its symbol and style.
enum Grade: Int, Comparable {
  case none, ok, warning, error

  static func < (a: Grade, b: Grade) -> Bool { a.rawValue < b.rawValue }

  var symbol: String {
    switch self {
    case .none: ""
    case .ok: Symbol.ok.rawValue
    case .warning: Symbol.warning.rawValue
    case .error: Symbol.error.rawValue
    }
  }

  var style: Style {
    switch self {
    case .none: .normal
    case .ok: .ok
    case .warning: .warning
    case .error: .error
    }
  }
}

extension Picture {
  func grade(_ certificate: Reading<Certificate>) -> Grade {
    switch certificate {
    case .value(let certificate): grade(certificate.validity)
    case .failed: .error
    case .absent, .notOffered: .none
    }
  }

  func grade(_ validity: Validity) -> Grade {
    switch validity.state(now: now, reminderDays: world.reminderDays) {
    case .valid: .ok
    case .expiring: .warning
    case .expired, .notYetValid: .error
    }
  }

  func grade(_ pin: Reading<PINStatus>) -> Grade {
    switch pin {
    case .value(let status):
      if status.isLocked { return .error }
      if status.isLow || status.isDefault == true { return .warning }
      return status.triesLeft == nil ? .none : .ok
    case .failed: return .warning
    case .absent, .notOffered: return .none
    }
  }
}

extension Grade {
  init?(symbol: String) {
    guard let grade = [Grade.ok, .warning, .error].first(where: { $0.symbol == symbol }) else { return nil }
    self = grade
  }
}
