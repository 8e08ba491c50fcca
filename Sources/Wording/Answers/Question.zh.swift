extension Question {
  /// 简体中文。
  func zh(_ authority: Authority) -> AnswerWords {
    switch self {
    case .loginSilent:
      AnswerWords(
        "点“证书登录”没反应",
        [
          "先看这里能不能看到证书：看不到，按 F4（故障诊断）再按 2；看得到，按 F4 再按 1，它逐项检查并指出卡在哪一步。",
          "常见原因：密钥服务没有启动（F7 启动）；浏览器没有允许网页访问本机；别的证书软件占着 U-Key；插着几把 U-Key；证书过期或密码锁定。",
          "这里没有问题而网页仍没反应：按 F5 自检，U-Key 能签名就说明问题在网页或浏览器一边。",
          "仍不行：拔出重插、重启电脑；再打 \(authority.hotline)，念出 F4 的第一行。",
        ])
    case .business:
      AnswerWords(
        "续期、补办、变更、解锁怎么办",
        [
          "按 F3（办业务），选一项就看到准备什么、到哪办、多久、有什么后果；也可以网上办：\(authority.hallName)。",
          "续期：证书快到期。补办：U-Key 坏了或丢了。变更：单位名称等变了。解锁：密码忘了或锁了。",
          "续期、补办、变更会换加密密钥：有没开标的投标文件，请先开标。",
        ])
    case .changePIN:
      AnswerWords(
        "怎样修改密码",
        [
          "选中 U-Key 按 F2：输入旧密码，再输入两遍新密码，回车。",
          "只能用半角的字母、数字和符号，一般 6 到 16 位。不要用生日、电话、信用代码或 123456。",
          "初始密码请马上改掉。密码不要告诉任何人，客服也不会问。",
        ])
    case .wrongPIN:
      AnswerWords(
        "密码输错会怎样，还能试几次",
        [
          "每输错一次少一次，用完就锁定；多数 U-Key 共 10 次。次数不会隔天恢复。",
          "输对一次后是否重新计数，看 U-Key 的型号；屏幕上的“剩余次数”是从 U-Key 里读出来的，以它为准。",
          "记不清就不要再试，按 F3 办解锁；锁定之前也可以办。",
        ])
    case .locked:
      AnswerWords(
        "密码忘了，或者已经锁定",
        [
          "不要再试。按 F3 选“解锁”，按提示填写；也可以网上办：\(authority.hallName)（证书解锁）。",
          "解锁不换证书，不影响已经加密的投标文件。",
          "解锁后的临时密码请马上改成自己的。管理员密码（PUK）也锁了就只能补办。",
        ])
    case .handover:
      AnswerWords(
        "怎么领取 U-Key",
        [
          "现场办理：当场领取。网上办理：邮寄，\(authority.postDays) 个工作日内送达填写的地址。",
          "拿到后先插上看一看：所有者、信用代码、有效期对不对；然后按 F2 把初始密码改掉。",
          "没收到：打 \(authority.hotline)，报单位名称和信用代码。",
        ])
    case .invoice:
      AnswerWords(
        "怎么拿发票",
        [
          "电子发票，发到办理时填写的手机（短信）和电子邮箱。",
          "没看到：先找垃圾邮件和被拦截的短信，再打 \(authority.hotline)。",
        ])
    case .adminPIN:
      AnswerWords(
        "管理员密码（PUK）是什么",
        [
          "由发证机构保管，用来解锁。它不是您的密码：请勿修改，请勿试输；试错会让 U-Key 只能补办。",
          "别人让您输入管理员密码时，请先打 \(authority.hotline) 核实。",
        ])
    case .hotline:
      AnswerWords(
        "客服电话",
        [
          "\(authority.name) 客服 \(authority.hotline)，网站 \(authority.siteName)，网上办理 \(authority.hallName)。",
          "打电话时可以说：单位名称、信用代码、U-Key 序列号、证书序列号、屏幕上的 UK- 编号。",
          "绝不要说：密码。任何人都不应该问您的密码。",
        ])
    }
  }
}
