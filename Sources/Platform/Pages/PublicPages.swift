/// The pages that everybody may read, and the files that they are made of.
enum PublicPages {
  static let routes: [Route] = [
    .get("/") { visit in first(visit) },
    .get("/faq") { visit in questions(visit) },
    .get("/language/{code}") { visit in language(visit) },
    .get("/assets/{name}") { visit in asset(visit) },
  ]

  private static func first(_ visit: Visit) -> Reply {
    let t = visit.language
    return Layout.page(visit, title: t("承包商办事入口", "For contractors")) {
      h("p") {
        t(
          "承包商在这里注册单位信息，用数字证书（U-Key）登录，查看证书有效期与办理提示。",
          "Contractors register here, log in with their certificate (U-Key), and see how long it is valid and what to do."
        )
      }
      h("div", "doors") {
        door("/login", t("登录", "Log in"), t("插入 U-Key，用数字证书登录。", "Insert the U-Key and log in with its certificate."))
        door(
          "/register", t("注册", "Register"),
          t("首次使用：从证书读取企业名称和统一社会信用代码。", "First time here: name and code are read from the certificate."))
        door(
          "/faq", t("常见问题", "FAQ"),
          t("点了登录没反应、密码锁死、证书到期怎么办。", "The login does nothing, the PIN is locked, the certificate ends: what to do."))
      }
      h("section") {
        h("h2") { t("开始之前", "Before you begin") }
        h("ol") {
          h("li") {
            t("安装 U-Key 管理工具，确认它能识别 U-Key。", "Install the U-Key manager and see that it recognises the U-Key.")
          }
          h("li") { t("使用 Chrome、Edge 或 Firefox 的新版本。", "Use a current Chrome, Edge or Firefox.") }
          h("li") {
            t(
              "浏览器询问是否允许访问本机服务时，选择“允许”。",
              "When the browser asks whether this site may reach services of your computer, allow it.")
          }
        }
      }
    }
  }

  private static func door(_ path: String, _ title: String, _ text: String) -> HTML {
    h("a", [Attribute("class", "door"), Attribute("href", path)]) {
      h("strong") { title }
      h("span") { text }
    }
  }

  private static func questions(_ visit: Visit) -> Reply {
    let t = visit.language
    let hotline = visit.site.configuration.hotline
    let all: [(String, String)] = [
      (
        t("点了“证书登录”没有反应？", "“Log in with certificate” does nothing?"),
        t(
          "先看 U-Key 管理工具是否已安装并识别出 U-Key；没有识别时换一个 USB 口，重装后重启电脑。浏览器禁止本网站访问本机服务时，点地址栏左侧图标改为允许。仍不行请拨 \(hotline)。",
          "See whether the U-Key manager is installed and recognises the key. If not, try another USB port, install it again and restart. If the browser keeps this site from services of your computer, allow it by the icon left of the address. Otherwise call \(hotline)."
        )
      ),
      (
        t("U-Key 密码忘了，或提示已锁定？", "PIN forgotten or locked?"),
        t(
          "密码累计输错 10 次会锁定，次数不会因为过一夜而恢复。不要再试，请办理“介质解锁”。",
          "After 10 wrong tries the PIN is locked; waiting does not bring tries back. Do not try on: have the key unlocked (介质解锁)."
        )
      ),
      (
        t("证书快到期了？", "The certificate ends soon?"),
        t(
          "到期前 90 天起可以续期。正在投标的先完成开标再续期：续期后证书序列号会变，旧证书加密的标书要用旧证书解密。续期后直接登录，账户不变。",
          "It can be renewed from 90 days before its end. With a bid running, wait for its opening: the renewed certificate has another serial number. Afterwards just log in; the account stays."
        )
      ),
      (
        t("单位名称或信用代码变了？", "Name or code of the company changed?"),
        t(
          "请先办理证书“变更”，再联系管理员修改本平台的单位信息。",
          "Have the certificate changed (变更) first, then ask the administrator to change the company’s data here.")
      ),
      (
        t("U-Key 丢失或损坏？", "U-Key lost or broken?"),
        t(
          "请立即办理吊销和“介质补办”。丢失期间账户可请管理员停用。",
          "Have it revoked and replaced (介质补办) at once. The administrator can suspend the account meanwhile.")
      ),
      (
        t("网页要我输入 U-Key 密码？", "A page asks for the PIN of the U-Key?"),
        t(
          "本平台的网页从不要求输入 U-Key 密码。密码只在密钥服务自己的窗口里输入；网页里要求输入的，不要填。",
          "No page of this platform asks for it. The PIN is typed into the key service’s own window only.")
      ),
    ]
    return Layout.page(visit, title: t("常见问题", "Frequently asked questions")) {
      for (question, answer) in all {
        h("details") {
          h("summary") { question }
          h("p") { answer }
        }
      }
    }
  }

  /// Back to where it was asked for: a path of this site and nothing else.
  private static func language(_ visit: Visit) -> Reply {
    let back = visit.query.text("back")
    let isPath =
      back.hasPrefix("/") && !back.hasPrefix("//") && back.utf8.count < 200
      && back.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }
    // Pages that only answer forms cannot be asked for.
    let target = isPath && Route.all.contains { $0.method == "GET" && $0.path == back } ? back : "/"
    var reply = Reply.redirect(target)
    if let choice = PageLanguage(rawValue: visit.parameter("code")) {
      reply.set(cookie: Visit.languageCookie, choice.rawValue, seconds: 31_536_000)
    }
    return reply
  }

  private static func asset(_ visit: Visit) -> Reply {
    let (type, bytes): (String, [UInt8])
    switch visit.parameter("name") {
    case "platform.css": (type, bytes) = ("text/css; charset=utf-8", PackageResources.platform_css)
    case "key.js": (type, bytes) = ("text/javascript; charset=utf-8", PackageResources.key_js)
    case "szca.js": (type, bytes) = ("text/javascript; charset=utf-8", PackageResources.szca_js)
    case "ukey.js": (type, bytes) = ("text/javascript; charset=utf-8", PackageResources.ukey_js)
    default: return Plain.notFound(visit.site, visit.language)
    }
    return Reply(
      status: 200,
      headers: [
        ("content-type", type), ("cache-control", "max-age=300"), ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
      ], body: bytes)
  }
}
