extension Business {
  /// 简体中文。
  func zh(_ authority: Authority) -> BusinessPage {
    let online = "打开 \(authority.hallName)"
    let here = "也可在此按 Enter 填写，生成申请表，打印盖章后交发证机构。"
    let onKey = "按 Enter：能直接写入的 U-Key 在它上面生成新密钥、写出申请文件，答复来了再回这里写入新证书；其他的填书面申请，打印盖章后交发证机构。"
    let papers = "申请表一式两份、营业执照复印件、法定代表人和经办人身份证复印件、授权书（均盖公章）"
    let answer = "资料审核后由发证机构通知；急用请打 \(authority.hotline)。"
    let bids = "会换发新的加密密钥：用旧证书加密、还没有开标的投标文件今后打不开。请先开标，或办完后重新加密上传。"
    switch self {
    case .unlock:
      return BusinessPage(
        title: "解锁", lead: "忘记密码，或密码输错次数用完被锁定。",
        parts: [
          .init("准备", "U-Key；" + papers),
          .init("网上", online + "，选“证书解锁”，填证书序列号，提交资料；审核通过后插着 U-Key 重设密码。"),
          .init("本机", "按 Enter 填写，打印盖章后提交；批准文件（.ukresp）发回后，在这里导入并设新密码。"),
          .init("多久", answer), .init("费用", "证书不换，通常不收费；以发证机构公布为准。"),
        ],
        warning: nil)
    case .renew:
      return BusinessPage(
        title: "续期", lead: "证书快到期或刚过期。到期前办最省事；过期太久可能只能到柜台办。",
        parts: [
          .init("准备", "U-Key 和它的密码；网上核验单位和经办人身份，或提交" + papers),
          .init("网上", online + "，选“证书续期”，填证书序列号，核验身份、付款，再插着 U-Key 更新证书；更新时不要拔出。几张证书一张一张办。"),
          .init("本机", onKey), .init("多久", "网上核验的当场办完；提交资料的，" + answer),
          .init("费用", "按年收费，以发证机构公布为准。"),
        ],
        warning: bids)
    case .reissue:
      return BusinessPage(
        title: "补办", lead: "U-Key 损坏、读不出来，或者丢了。丢失请先打 \(authority.hotline) 停用旧证书。",
        parts: [
          .init("准备", papers + "；损坏的 U-Key 一并带去"),
          .init("网上", online + "，选“介质补办”，提交资料、付款；新 U-Key 现场领取或邮寄。"),
          .init("本机", "旧 U-Key 还能读时，" + here), .init("多久", answer + "邮寄的，审核后 \(authority.postDays) 个工作日内。"),
          .init("费用", "新 U-Key 收工本费，以发证机构公布为准。"),
        ],
        warning: "旧 U-Key 里的密钥不能复制出来：用它加密、还没有开标的投标文件今后打不开。")
    case .change:
      return BusinessPage(
        title: "变更", lead: "单位名称、信用代码等证书里的内容变了。",
        parts: [
          .init("准备", "U-Key 和它的密码；" + papers + "；登记机关的变更证明"),
          .init("网上", online + "，选“证书变更”，填证书序列号，提交资料；审核后插着 U-Key 更新证书。"),
          .init("本机", onKey), .init("多久", answer), .init("费用", "以发证机构公布为准。"),
        ],
        warning: bids)
    case .handover:
      return BusinessPage(
        title: "领取与发票", lead: "办好之后怎样拿到 U-Key 和发票。",
        parts: [
          .init("现场办理", "当场领取。"), .init("网上办理", "邮寄，\(authority.postDays) 个工作日内送达填写的地址。"),
          .init("发票", "电子发票，发到办理时填写的手机（短信）和电子邮箱；先看垃圾邮件和拦截短信。"),
          .init("没收到", "打 \(authority.hotline)，报单位名称和信用代码；不要报密码。"),
        ],
        warning: nil)
    }
  }
}
