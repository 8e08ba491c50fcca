import CertificateKit
import LoginToken

/// What a refused login is told: what is so, and what to do about it. Never whether an account exists.
struct LoginWords: Sendable, Equatable {
  var title: String
  var todo: String

  init(_ answer: LoginAnswer, _ t: PageLanguage, hotline: String) {
    let call = t("仍不行请拨服务热线 \(hotline)。", "If that does not help, call the hotline \(hotline).")
    (title, todo) =
      switch answer {
      case .refused(let refusal): Self.words(refusal, t, call)
      case .unregistered:
        (
          t("证书有效，但贵单位尚未注册", "The certificate is good, but the company is not registered"),
          t(
            "请先注册：注册页可以直接从 U-Key 读取企业名称和统一社会信用代码。",
            "Please register first: name and code are read from the U-Key there.")
        )
      case .otherCompany:
        (
          t("这张证书属于别的单位", "This certificate belongs to another company"),
          t("请换用本单位的 U-Key，或清空登录名后用这张证书登录它自己的账户。", "Use the U-Key of your company, or leave the login name empty.")
        )
      case .waiting:
        (
          t("注册申请正在等待审核", "The registration waits for approval"),
          t("审核通过后即可登录，不需要重新注册。\(call)", "You can log in once it is approved; do not register again. \(call)")
        )
      case .suspended(let reason):
        (
          t("账户已停用", "The account is suspended"),
          (reason.isEmpty ? "" : t("原因：\(reason)。", "Reason: \(reason). "))
            + t("请联系管理员。\(call)", "Please ask the administrator. \(call)")
        )
      case .passwordWrong:
        (
          t("登录名或密码不正确", "Login name or password is wrong"),
          t("请检查大小写后重试；也可以用数字证书登录。", "Check capital letters and try again, or log in with the certificate.")
        )
      case .passwordNotAllowed:
        (
          t("没有开放密码登录", "Logging in with a password is not open here"),
          t("请用数字证书登录。", "Please log in with the certificate.")
        )
      case .szcaNotAllowed:
        (
          t("没有开放旧版驱动登录", "The older protocol is not open here"),
          t("请使用“证书登录”。", "Please use “Log in with certificate”.")
        )
      case .tooMany:
        (
          t("尝试次数过多", "Too many tries"),
          t(
            "请过 15 分钟再试；用数字证书登录不受影响。",
            "Try again in a quarter of an hour; logging in with the certificate works meanwhile.")
        )
      }
  }

  private static func words(_ refusal: LoginRefusal, _ t: PageLanguage, _ call: String) -> (String, String) {
    switch refusal {
    case .challengeUnknown, .challengeExpired, .originDiffers, .contentDiffers:
      (
        t("这次登录已过期或已用过", "This login is too old or was used already"),
        t(
          "登录须在 5 分钟内完成，且只能用一次。请再点一次“证书登录”。",
          "A login counts once and for five minutes. Please press “Log in with certificate” again.")
      )
    case .certificateExpired:
      (
        t("证书已过期", "The certificate has expired"),
        t("先办理续期，再用新证书登录；账户不变。\(call)", "Have it renewed, then log in with the new one; the account stays. \(call)")
      )
    case .certificateNotYetValid:
      (
        t("证书尚未生效", "The certificate is not valid yet"),
        t(
          "请先核对电脑的日期和时间；无误则等证书生效日再登录。",
          "Check date and time of the computer; if they are right, wait for the day on which it begins.")
      )
    case .revoked:
      (
        t("证书已被吊销", "The certificate is revoked"),
        t(
          "这张证书不能再用。请办理介质补办或重新申领；不是本单位申请吊销的，立即致电发证机构。",
          "It cannot be used any more. Have it replaced; if your company did not ask for this, call the authority at once."
        )
      )
    case .untrusted(.noTrustAnchors):
      (
        t("本平台尚未配置发证机构", "No certification authority is configured here"),
        t("请联系平台管理员。", "Please ask the administrator of the platform.")
      )
    case .untrusted(.notTrusted(.issuerDiffers)), .untrusted(.notTrusted(.signatureWrong)):
      (
        t("发证机构只是名称与本平台认可的相同", "Its authority has the name of one that this platform trusts, but is another"),
        t(
          "可能是测试证书或仿冒证书：请停止使用，并致电发证机构核实这把 U-Key 的来源。\(call)",
          "It may be a test or a forgery: stop using it, and ask the authority where this U-Key comes from. \(call)")
      )
    case .untrusted(.notTrusted(.expired)), .untrusted(.notTrusted(.notYetValid)):
      (
        t("发证机构自己的证书不在有效期内", "The authority’s own certificate is not valid now"),
        t("不是贵单位证书的问题：请联系平台管理员。\(call)", "Yours is not the cause: please ask the administrator. \(call)")
      )
    case .untrusted(.weak):
      (
        t("证书使用的算法或密钥长度已不安全", "The certificate rests on an algorithm or a key that is no longer safe"),
        t("请向发证机构申请更换证书。\(call)", "Have the authority replace the certificate. \(call)")
      )
    case .untrusted:
      (
        t("证书不是本平台认可的机构签发的", "The certificate is not of an authority that this platform trusts"),
        t("请确认插入的是本平台适用的 U-Key。\(call)", "See that it is the U-Key for this platform. \(call)")
      )
    case .revocationListMissing, .revocationListExpired:
      (
        t("暂时无法确认证书是否已被吊销", "Whether the certificate is revoked cannot be found out at present"),
        t(
          "本平台的吊销列表缺失或过期，不是贵单位证书的问题。请稍后再试，或联系管理员。",
          "The platform’s revocation list is missing or old; your certificate is not the cause. Try later or ask the administrator."
        )
      )
    case .identityMissing:
      (
        t("证书里没有统一社会信用代码", "The certificate does not name the company’s code"),
        t("个人证书不能登录单位账户。请使用单位证书，或办理证书变更。", "A person’s certificate does not log a company in. Use that of the company.")
      )
    case .keyUsage:
      (
        t("这张证书不能用于签名", "This certificate is not for signatures"),
        t("请使用 U-Key 里的签名证书（不是加密证书）。", "Use the signature certificate of the U-Key, not that for encryption.")
      )
    case .signatureWrong:
      (
        t("签名核对不上", "The signature does not fit"),
        t("请拔下 U-Key 重新插入后再试。\(call)", "Take the U-Key out, insert it again and try once more. \(call)")
      )
    case .algorithm:
      (
        t("签名算法不被接受", "The algorithm of the signature is not taken"),
        t("请升级 U-Key 管理工具。\(call)", "Please update the U-Key manager. \(call)")
      )
    case .malformed, .unknownFormat, .certificateMalformed:
      (
        t("密钥服务送来的内容无法识别", "What the key service sent cannot be read"),
        t("请升级 U-Key 管理工具后重试。\(call)", "Please update the U-Key manager and try again. \(call)")
      )
    case .storeUnavailable:
      (t("暂时无法处理", "Not available for the moment"), t("请稍后再试。", "Please try again later."))
    }
  }
}
