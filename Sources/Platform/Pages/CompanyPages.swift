internal import Base
import CertificateKit

/// What a company sees once it has logged in.
enum CompanyPages {
  static let routes: [Route] = [.get("/home", .company) { visit throws(DatabaseError) in try home(visit) }]

  private static func home(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let session = visit.session, let company = try visit.store.company(id: session.subject) else {
      return .redirect("/login")
    }
    let certificates = try visit.store.certificates(of: company.id)
    let current = certificates.first { $0.fingerprint == session.certificate } ?? certificates.first
    let hotline = visit.site.configuration.hotline
    return Layout.page(visit, title: t("本单位", "My company")) {
      if visit.query["new"] != nil, certificates.count > 1 {
        Layout.notice(
          .good, t("已识别到新证书", "A new certificate was recognised"),
          t(
            "续期或补办后的证书已登记到本账户，旧证书的记录保留。",
            "The renewed or reissued certificate now belongs to this account; the record of the old one stays."))
      }
      if let current { advice(current, visit, hotline) }
      h("section") {
        h("h2") { t("单位信息", "Company") }
        Layout.facts([
          (t("企业名称", "Name"), company.name),
          (
            t("统一社会信用代码", "Code"),
            company.uscc + (company.hasCodeWarning ? t("（⚠ 校验位不符）", " (⚠ check digit wrong)") : " ✓")
          ),
          (t("登录名", "Login name"), company.loginName), (t("状态", "State"), word(company.state, t)),
          (t("注册时间", "Registered"), time(company.created)), (t("回执号", "Receipt"), company.receipt),
        ])
      }
      if let current {
        h("section") {
          h("h2") { t("数字证书", "Certificate") }
          Layout.facts(
            [
              (t("证书所有者", "Owner"), current.owner), (t("序列号", "Serial number"), current.serial),
              (t("颁发者", "Issuer"), current.issuer), (t("信用代码来源", "Code read from"), current.source),
              (t("有效期", "Valid"), LocalTime.date(current.notBefore) + " – " + LocalTime.date(current.notAfter)),
              (t("剩余", "Left"), days(current, visit)),
            ])
          if certificates.count > 1 {
            Layout.table(
              t("登记过的证书", "Certificates on record"), [t("序列号", "Serial"), t("到期", "Ends"), t("登记", "Recorded")],
              certificates.map { [.text($0.serial), .text(LocalTime.date($0.notAfter)), .text(time($0.bound))] },
              empty: "")
          }
        }
      } else {
        Layout.notice(
          .warning, t("本账户还没有登记证书", "No certificate is on record for this account"),
          t("用本单位的 U-Key 登录一次即自动登记。", "Log in once with the U-Key of the company, and it is."))
      }
      h("section") {
        h("h2") { t("经办人", "Contact person") }
        Layout.facts([
          (t("姓名", "Name"), company.contact), (t("手机", "Mobile"), RegistrationPages.masked(company.mobile)),
        ])
        h("p") {
          h("a", [Attribute("href", "/account")]) {
            t("修改经办人、密码，查看登录记录", "Change contact or password, see where you are logged in")
          }
        }
      }
      h("section") {
        h("h2") { t("帮助", "Help") }
        h("p") {
          h("a", [Attribute("href", "/faq")]) { t("常见问题", "FAQ") }
          t(" · 服务热线 ", " · Hotline ") + hotline
        }
      }
    }
  }

  /// How long the certificate lasts, and what to do before it does not.
  private static func advice(_ certificate: BoundCertificate, _ visit: Visit, _ hotline: String) -> HTML {
    let t = visit.language
    let left = daysLeft(certificate, visit)
    switch left {
    case ..<0:
      return Layout.notice(
        .bad, t("证书已过期", "The certificate has expired"),
        t("请立即办理续期，服务热线 \(hotline)。", "Have it renewed at once; hotline \(hotline)."))
    case 0...7:
      return Layout.notice(
        .bad, t("证书还有 \(left) 天到期", "The certificate ends in \(left) days"),
        t("请今天就办理续期；正在投标的先致电 \(hotline)。", "Have it renewed today; with a bid running call \(hotline) first."))
    case 8...30:
      return Layout.notice(
        .warning, t("证书还有 \(left) 天到期", "The certificate ends in \(left) days"),
        t(
          "请先完成开标，再办理续期；过期后不能登录。",
          "Wait for the opening of running bids, then have it renewed; expired, it does not log you in."))
    case 31...90:
      return Layout.notice(
        .warning, t("证书还有 \(left) 天到期，已可续期", "The certificate ends in \(left) days and can be renewed"),
        t("续期后序列号会变，账户不变。", "The serial number changes, the account stays."))
    default:
      return Layout.notice(.good, t("证书有效，剩余 \(left) 天", "The certificate is valid for \(left) days"))
    }
  }

  private static func daysLeft(_ certificate: BoundCertificate, _ visit: Visit) -> Int {
    Validity(notBefore: certificate.notBefore, notAfter: certificate.notAfter).daysLeft(now: visit.now)
  }

  private static func days(_ certificate: BoundCertificate, _ visit: Visit) -> String {
    let left = daysLeft(certificate, visit)
    return left < 0 ? visit.language("已过期", "expired") : visit.language("\(left) 天", "\(left) days")
  }

  static func word(_ state: Company.State, _ t: PageLanguage) -> String {
    switch state {
    case .waiting: t("待审核", "waiting for approval")
    case .active: t("正常", "active")
    case .suspended: t("已停用", "suspended")
    }
  }

  /// To the minute, in the zone of the server.
  static func time(_ seconds: Int64) -> String { LocalTime.date(seconds) + " " + LocalTime.time(seconds).prefix(5) }
}
