internal import CertificateKit
internal import Failures
package import KeyService
package import LoginToken
internal import TokenKit

/// The questions of the key service in words. Everything from outside is made safe to show and cut.
package struct PromptWords: PromptWording {
  package let language: Language

  package init(_ language: Language) { self.language = language }

  private func pick(_ chinese: String, _ english: String) -> String { language == .zh ? chinese : english }

  package var title: String { pick("\(Authority.current.name)管理工具", "U-Key manager") }
  package var pinLabel: String { pick("U-Key 密码：", "U-Key PIN:") }
  package var allow: String { pick("允许", "Allow") }
  package var refuse: String { pick("拒绝", "Refuse") }
  package var confirm: String { pick("确定", "OK") }
  package var cancel: String { pick("取消", "Cancel") }

  // What became of it

  package func signed(_ origin: WebOrigin) -> String {
    pick("已为 \(origin.shown) 签名", "signed for \(origin.shown)")
  }

  package func unlocked(_ origin: WebOrigin) -> String {
    pick("密码正确：\(origin.shown) 可在两分钟内签名一次", "PIN right: \(origin.shown) may sign once within two minutes")
  }

  package func withdrawn(_ origin: WebOrigin) -> String {
    pick("网页的请求已结束：\(origin.shown)", "The page's request is over: \(origin.shown)")
  }

  package func wantsPINChange(_ origin: WebOrigin) -> String {
    pick("\(origin.shown) 请求打开修改密码", "\(origin.shown) asked for this dialog")
  }

  // The manager's prompt

  package var pinField: String { pick("U-Key 密码", "U-Key PIN") }
  package var promptTitle: String { pick("网页请求", "A web page asks") }
  /// What a choice allows; empty refuses.
  package func choice(_ permissions: Permissions) -> String {
    if permissions.isEmpty { return pick("拒绝", "Refuse") }
    let words = ServiceWords[language]
    return pick("允许：", "Allow: ") + words.may(permissions, language)
  }
  package var newSite: String {
    pick(
      "这个网站第一次请求使用您的 U-Key。只允许您认识的网站。",
      "This site asks for your key for the first time. Allow only sites that you know.")
  }
  package var eachTime: String {
    pick("允许后，每次签名仍要由您输入密码；可随时收回（F7）。", "Each signature still takes your PIN. Take it back at any time (F7).")
  }
  package var announced: String {
    pick("按 Enter 查看并回答，Esc 拒绝。刚才输入的内容不受影响。", "Enter looks at it, Esc refuses. What you were typing is untouched.")
  }
  package var refusing: String {
    pick("Esc 拒绝后，这个网站 30 秒内不能再问。", "After Esc this site cannot ask again for 30 s.")
  }
  package var working: String { pick("正在使用 U-Key…", "The key is working…") }
  package var onlyHere: String { pick("只在这里输入密码，不要在网页中输入。", "Type the PIN here only, never in the page.") }
  package var fewTriesAfter: String {
    pick("剩余次数过少，网页不能再请求密码；要再试请按 F7。", "Too few tries are left for pages to ask again; F7 lets one.")
  }

  package func previous(_ previous: PINQuestion.Previous) -> String {
    switch previous {
    case .wrong: pick("密码错误。", "That PIN was wrong.")
    case .notSent:
      pick("不可能是此 U-Key 的密码，未发送，不计入次数。", "That can be no PIN of this key. It was not sent; no try was used.")
    }
  }

  /// What is shown of a question, label and value; safe to show, cut.
  package func rows(_ question: PINQuestion) -> [(label: String, text: String)] {
    [
      (pick("网站", "Site"), Self.cut(question.origin.shown)),
      (pick("用途", "Purpose"), purpose(question.purpose)),
      (pick("证书所有者", "Owner"), Self.cut(displaySafe(question.certificate.certificate.owner))),
      ("U-Key", Self.cut(displaySafe(question.certificate.keyID))),
      (
        pick("剩余尝试次数", "Tries left"),
        question.triesLeft.map(String.init) ?? pick("U-Key 未说明", "the key does not say")
      ),
    ]
  }

  package func rows(_ question: PermissionQuestion) -> [(label: String, text: String)] {
    [
      (pick("网站", "Site"), Self.cut(question.origin.shown)),
      (pick("接口", "Interface"), Self.cut(displaySafe(question.adapter))),
    ]
  }

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
    if let previous = question.previous { lines.append(self.previous(previous)) }
    lines += rows(question).map { $0.label + Punctuation[language].colon + $0.text }
    lines.append(onlyHere)
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
