import Failures

/// The words of the screen 登录自检 beyond those of the PIN screens and of the diagnosis.
struct LoginWords: Sendable {
  var title: String
  var certificate: String
  var noCertificate: String
  var noProfile: String
  var asking: String
  var pinHint: String
  var ready: String
  var willTry: String
  var running: String
  var doNotRemove: String
  var notTried: String
  var brokenAt: @Sendable (_ step: String) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  static subscript(language: Language) -> LoginWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  /// 简体中文.
  static let zh = LoginWords(
    title: "登录自检",
    certificate: "证书",
    noCertificate: "介质上没有可以登录的签名证书",
    noProfile: "无密码配置。用厂商库 --provider skf:路径",
    asking: "正在检查证书，读取剩余次数…",
    pinHint: "登录时使用的密码",
    ready: "填写完毕，按 Enter 开始自检",
    willTry: "用此密码让介质签一次名，再用证书核对，不连接网站，不修改介质。密码错误会消耗一次机会。",
    running: "正在自检…",
    doNotRemove: "请不要拔出介质，等待结果。",
    notTried: "没有进行",
    brokenAt: { "登录自检没有通过：\($0)" },
  )

  /// English.
  static let en = LoginWords(
    title: "Login self-test",
    certificate: "Certificate",
    noCertificate: "no signature certificate to log in with on the key",
    noProfile: "no PIN profile: --provider skf:PATH",
    asking: "Checking the certificate, reading the tries left…",
    pinHint: "The PIN that you log in with",
    ready: "Complete; Enter begins the self-test",
    willTry:
      "The key signs once with this PIN and the certificate checks it; no website is contacted, nothing on the key changes. A wrong PIN costs a try.",
    running: "Testing…",
    doNotRemove: "Do not remove the key; wait for the result.",
    notTried: "not tried",
    brokenAt: { "The login self-test did not pass: \($0)" },
  )
}
