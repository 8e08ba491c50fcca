extension LoginWords {
  /// 简体中文.
  static let zh = LoginWords(
    title: "登录自检",
    certificate: "证书",
    noCertificate: "U-Key 上没有可以登录的签名证书",
    hiddenCertificate: "（输入密码后才能看到）",
    noProfile: "没有密码规格。用厂商库 --provider skf:路径",
    asking: "正在检查证书，读取剩余次数…",
    pinHint: "登录时使用的密码",
    ready: "填写完毕，按 Enter 开始自检",
    willTry: "用此密码让 U-Key 签一次名，再用证书核对，不连接网站，不修改 U-Key。密码错误会用掉一次机会。",
    doNotRemove: "请不要拔出 U-Key，等待结果。",
    notTried: "没有进行",
    serviceRuns: "密钥服务在运行：网页上的“证书登录”有程序应答",
    serviceMissing: "密钥服务没有运行：网页上的“证书登录”没有程序应答",
    brokenAt: { "登录自检没有通过：\($0)" },
  )
}
