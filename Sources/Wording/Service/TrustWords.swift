package import CertificateKit
internal import Failures
package import KeyService

/// The words of `ukey serve trust` and `untrust`.
package struct TrustWords {
  /// One store and what became of it.
  package var line: @Sendable (StoreTrust.Outcome) -> String
  package var noStore: String
  /// The CA, until when it is valid, and what it cannot do.
  package var authority: @Sendable (Certificate) -> String
  package var restart: String
  package var gone: String

  package static subscript(language: Language) -> TrustWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static func line(_ outcome: StoreTrust.Outcome, _ said: String) -> String {
    let symbol: Symbol =
      switch outcome.content {
      case .added, .kept, .removed: .ok
      case .absent: .skipped
      case .locked: .warning
      case .failed: .error
      }
    let store = outcome.store
    return symbol.before(displaySafe(store.title) + "  " + displaySafe(store.folder) + "  " + said)
  }

  private static let zh = TrustWords(
    line: { outcome in
      let said =
        switch outcome.content {
        case .added: "已加入"
        case .kept: "已经在了"
        case .removed: "已取出"
        case .absent: "里面没有"
        case .locked: "设有主密码，请在浏览器的证书设置里手动导入或删除"
        case .failed(let detail): "没有成功：" + displaySafe(detail)
        }
      return line(outcome, said)
    },
    noStore: "没有找到浏览器的证书库",
    authority: { certificate in
      "颁发者“" + displaySafe(certificate.owner) + "”只能证明 localhost 和 127.0.0.1、::1，对任何网站无效；私钥不离开本机。"
    },
    restart: "只有写死 https/wss 的旧网页需要它。请重新启动浏览器。Firefox 新建配置后请再执行一次。",
    gone: "证书和私钥已从本机删除。请重新启动浏览器。")

  private static let en = TrustWords(
    line: { outcome in
      let said =
        switch outcome.content {
        case .added: "added"
        case .kept: "was there already"
        case .removed: "removed"
        case .absent: "was not in it"
        case .locked: "has a password of its own: import or delete it by hand in the browser's settings"
        case .failed(let detail): "failed: " + displaySafe(detail)
        }
      return line(outcome, said)
    },
    noStore: "no browser store was found",
    authority: { certificate in
      "The CA \"" + displaySafe(certificate.owner)
        + "\" can speak for localhost, 127.0.0.1 and ::1 and for no site; its key stays on this computer."
    },
    restart:
      "Only old pages that insist on https or wss need it. Restart your browsers; run it again for a new profile.",
    gone: "Certificate and keys are off this computer. Restart your browsers.")
}
