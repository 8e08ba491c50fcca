package import UnlockKit

/// What a holder may have to do with the certificate authority.
package enum Business: String, Sendable, CaseIterable {
  /// 介质解锁.
  case unlock
  /// 续期.
  case renew
  /// 补办.
  case reissue
  /// 变更.
  case change
  /// 领取与发票: nothing is asked for.
  case handover

  package init(_ kind: UnlockKind) {
    self =
      switch kind {
      case .unlock: .unlock
      case .renew: .renew
      case .reissue: .reissue
      case .change: .change
      }
  }

  /// The request that it begins with.
  package var kind: UnlockKind? {
    switch self {
    case .unlock: .unlock
    case .renew: .renew
    case .reissue: .reissue
    case .change: .change
    case .handover: nil
    }
  }

  package func page(_ language: Language, _ authority: Authority = .current) -> BusinessPage {
    switch language {
    case .zh: zh(authority)
    case .en: en(authority)
    }
  }
}

/// What is to be known of it, on a screen or paper.
package struct BusinessPage: Sendable, Equatable {
  package var title: String
  /// When it is the right thing.
  package var lead: String
  /// What to prepare, where and how, how long, what it costs; in that order.
  package var parts: [Part]
  /// What is lost by it; `nil`: nothing.
  package var warning: String?

  package struct Part: Sendable, Equatable {
    package var label: String
    package var text: String

    init(_ label: String, _ text: String) {
      self.label = label
      self.text = text
    }
  }
}
