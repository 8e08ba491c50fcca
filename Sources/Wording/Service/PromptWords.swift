internal import CertificateKit
internal import Failures
package import KeyService
internal import LoginToken
internal import TokenKit

/// The questions of the key service in words. Everything from outside is made safe to show and cut.
package struct PromptWords: PromptWording {
  package let language: Language

  package init(_ language: Language) { self.language = language }

  private func pick(_ chinese: String, _ english: String) -> String { language == .zh ? chinese : english }

  package var title: String { pick("深圳CA管理工具", "U-Key manager") }
  package var pinLabel: String { pick("U-Key 密码：", "U-Key PIN:") }
  package var allow: String { pick("允许", "Allow") }
  package var refuse: String { pick("拒绝", "Refuse") }
  package var confirm: String { pick("确定", "OK") }
  package var cancel: String { pick("取消", "Cancel") }

  package func lines(_ question: PermissionQuestion) -> [String] {
    var lines = [
      pick("一个网站想使用您的 U-Key：", "A web site wants to use your U-Key:"), "  " + Self.cut(question.origin.shown),
      pick("它将可以：", "It may then:"),
    ]
    if question.permissions.contains(.read) {
      lines.append("  · " + pick("读取证书（含单位名称和统一社会信用代码）", "read your certificates, with name and credit code"))
    }
    if question.permissions.contains(.login) {
      lines.append("  · " + pick("请求用证书登录本网站", "ask for logins to this site"))
    }
    if question.permissions.contains(.sign) {
      lines.append("  · " + pick("请求登录和签名，内容由网站决定", "ask for logins and signatures over what it chooses"))
    }
    lines.append(
      pick(
        "每次签名仍要由您输入密码。可随时用 ukey serve origins 收回。",
        "Each signature still takes your PIN. Take it back at any time: ukey serve origins."))
    return lines
  }

  package func lines(_ question: PINQuestion) -> [String] {
    var lines: [String] = []
    switch question.previous {
    case .wrong: lines.append(pick("密码错误。", "That PIN was wrong."))
    case .notSent:
      lines.append(
        pick("不可能是此 U-Key 的密码，未发送，没有消耗次数。", "That can be no PIN of this key. It was not sent; no try was used."))
    case nil: break
    }
    lines.append(pick("网站：", "Site: ") + Self.cut(question.origin.shown))
    lines.append(pick("用途：", "Purpose: ") + purpose(question.purpose))
    lines.append(pick("证书所有者：", "Owner: ") + Self.cut(displaySafe(question.certificate.certificate.owner)))
    lines.append("U-Key" + pick("：", ": ") + Self.cut(displaySafe(question.certificate.keyID)))
    if let left = question.triesLeft {
      lines.append(pick("剩余尝试次数：\(left)", "Tries left: \(left)"))
    } else {
      lines.append(pick("剩余尝试次数：U-Key 未说明", "Tries left: the key does not say"))
    }
    lines.append(pick("只在这里输入密码，不要在网页中输入。", "Type the PIN here only, never in the page."))
    return lines
  }

  /// What is confirmed before a PIN is tried with few tries left.
  package func fewTries(_ question: PINQuestion) -> [String] {
    let left = question.triesLeft.map(String.init) ?? "?"
    return [
      pick("只剩 \(left) 次机会，用完后密码锁定。", "Only \(left) tries are left; then the PIN is locked."),
      pick("确信记得密码再继续。", "Go on only when you are sure of your PIN."),
    ]
  }

  private func purpose(_ purpose: PINQuestion.Purpose) -> String {
    switch purpose {
    case .login: pick("登录本网站", "log in to this site")
    case .session(let seconds):
      pick(
        "网页登录；\(seconds) 秒内可签名一次", "the page logs in; it may ask for one signature within \(seconds) s")
    case .signature(let bytes, let preview):
      pick("签名（\(bytes) 字节）：", "signature (\(bytes) bytes): ") + preview
    }
  }

  private static func cut(_ text: String) -> String {
    text.unicodeScalars.count <= 255 ? text : String(text.unicodeScalars.prefix(254)) + "…"
  }
}
