/// What became of a request, in a word or two, by its stable name in the log. A name that is not known here stands for
/// itself.
package enum LogWords {
  /// - Returns: `nil` where the name says it already.
  package static func text(_ name: String, _ language: Language) -> String? {
    switch language {
    case .en: nil
    case .zh: chinese.first { $0.name == name }?.text
    }
  }

  private static let chinese: [(name: String, text: String)] = [
    ("malformed", "格式不正确"), ("unknown-function", "没有此功能"), ("forbidden-file-access", "不提供文件访问"),
    ("forbidden-administration", "不提供管理功能"),
    ("forbidden-tcp-relay", "不转发网络连接"), ("forbidden-decryption", "不提供解密"), ("forbidden-key-change", "不改动 U-Key"),
    ("not-supported", "不支持"), ("not-permitted", "未获允许"), ("prompt-busy", "正在询问另一请求"),
    ("cooling-down", "刚被拒绝，稍后再试"), ("no-prompt", "无处输入密码"), ("cancelled", "已拒绝"), ("timed-out", "无人应答"),
    ("disconnected", "网页或 U-Key 已离开"), ("key-missing", "没有 U-Key"), ("certificate-missing", "没有证书"),
    ("pin-wrong", "密码错误"), ("pin-locked", "密码已锁定"), ("few-tries", "剩余次数过少"), ("no-profile", "不能用密码"),
    ("key-failed", "U-Key 出错"), ("outcome-unknown", "结果未知"), ("data-empty", "没有内容"), ("data-too-large", "内容过大"),
    ("data-certificate", "证书或证书请求，不签"), ("data-signed-attributes", "签名属性，不签"), ("data-tls", "TLS 握手，不签"),
    ("data-login-token", "登录令牌，不签"), ("data-statement", "本程序自己的声明，不签"), ("data-ssh", "SSH 登录，不签"),
    ("data-foreign-origin", "属于另一网站，不签"), ("host-differs", "地址不符"),
    ("other-user", "其他用户的程序"), ("origin-missing", "没有来源"), ("origin-doubled", "来源重复"),
    ("origin-malformed", "来源不正确"), ("origin-insecure", "来源不是 https"), ("mode-refused", "方式不允许"),
    ("path-unknown", "没有此路径"), ("method-refused", "方法不允许"), ("body-too-large", "请求过大"),
  ]
}
