/// What every page has around it, and the parts that forms are made of.
enum Layout {
  /// - Parameters:
  ///   - scripts: names of our files.
  ///   - isWide: for tables.
  static func page(
    _ visit: Visit, title: String, scripts: [String] = [], isWide: Bool = false, status: Int = 200,
    @HTMLBuilder _ content: () -> HTML
  ) -> Reply {
    let links = navigation(visit)
    return .page(
      frame(
        visit.site, visit.language, title: title, scripts: scripts, isWide: isWide, path: visit.raw.path, links: links,
        content), status: status)
  }

  static func frame(
    _ site: Site, _ t: PageLanguage, title: String, scripts: [String] = [], isWide: Bool = false, path: String,
    links: HTML = .empty, @HTMLBuilder _ content: () -> HTML
  ) -> [UInt8] {
    let name = t(site.configuration.titleZH, site.configuration.titleEN)
    let other: PageLanguage = t == .zh ? .en : .zh
    return document(
      h("html", [Attribute("lang", t.tag)]) {
        h("head") {
          h("meta", [Attribute("charset", "utf-8")])
          h("meta", [Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")])
          h("title") { title + " · " + name }
          h("link", [Attribute("rel", "stylesheet"), Attribute("href", "/assets/platform.css")])
          h("link", [Attribute("rel", "icon"), Attribute("href", "data:,")])
          for script in scripts { h("script", [Attribute("src", "/assets/" + script), Attribute("defer", if: true)]) }
        }
        h("body") {
          h("a", [Attribute("class", "skip"), Attribute("href", "#main")]) { t("跳到正文", "Skip to content") }
          if site.configuration.isDemo {
            h("p", "demo") {
              t("演示：这里的单位、证书和数据都不具法律效力", "DEMO: no company, certificate or record here has legal effect")
            }
          }
          h("header") {
            h("div", "bar") {
              h("a", [Attribute("class", "name"), Attribute("href", "/")]) { name }
              h(
                "a",
                [
                  Attribute("class", "language"), Attribute("lang", other.tag),
                  Attribute("href", "/language/\(other.rawValue)?back=\(path)"),
                ]
              ) { t("English", "中文") }
            }
            h("nav", [Attribute("aria-label", t("主导航", "Main"))]) { links }
          }
          h("main", [Attribute("id", "main"), Attribute("class", isWide ? "wide" : nil)]) {
            h("h1") { title }
            content()
          }
          h("footer") {
            h("p") { t("服务热线 ", "Hotline ") + site.configuration.hotline }
            h("p") {
              t(
                "本网站从不在网页里要求输入 U-Key 密码：密码只在密钥服务自己的窗口里输入。",
                "This site never asks for the PIN of a U-Key in a page: it is typed into the key service’s own window.")
            }
          }
        }
      })
  }

  private static func navigation(_ visit: Visit) -> HTML {
    let t = visit.language
    let places: [(String, String)] =
      switch visit.session?.kind {
      case nil: [("/login", t("登录", "Log in")), ("/register", t("注册", "Register")), ("/faq", t("常见问题", "FAQ"))]
      case .company:
        [("/home", t("本单位", "My company")), ("/account", t("账户", "Account")), ("/faq", t("常见问题", "FAQ"))]
      case .administrator:
        [
          ("/admin", t("单位", "Companies")), ("/admin/authorities", t("CA 与吊销列表", "CAs and lists")),
          ("/admin/rules", t("规则", "Rules")), ("/admin/audit", t("审计", "Audit")),
          ("/admin/account", t("管理员", "Administrators")),
        ]
      }
    return h("ul") {
      for (path, name) in places {
        h("li") {
          h(
            "a",
            [Attribute("href", path), Attribute("aria-current", visit.raw.path == path ? "page" : nil)]
          ) { name }
        }
      }
      if visit.session != nil {
        h("li") { form(visit, "/logout", "inline") { h("button", "link") { t("退出登录", "Log out") } } }
      }
    }
  }

  /// A form of this session.
  static func form(
    _ visit: Visit, _ action: String, _ style: String? = nil, _ attributes: [Attribute] = [],
    @HTMLBuilder _ content: () -> HTML
  ) -> HTML {
    h(
      "form",
      [Attribute("method", "post"), Attribute("action", action), Attribute("class", style)] + attributes
        + [Attribute("accept-charset", "utf-8")]
    ) {
      h(
        "input",
        [Attribute("type", "hidden"), Attribute("name", "form_token"), Attribute("value", visit.formToken)])
      content()
    }
  }

  struct Field {
    var name: String
    var label: String
    var value = ""
    var type = "text"
    var hint: String?
    var problem: String?
    var autocomplete: String?
    var isOptional = false
    /// What is read and cannot be changed.
    var isFixed = false
    var limit = 120
    var mode: String?
  }

  /// A field with its label, hint and what is wrong with it, tied together for a screen reader.
  static func field(_ field: Field, _ t: PageLanguage) -> HTML {
    let id = "f-" + field.name
    let about = [field.hint.map { _ in id + "-hint" }, field.problem.map { _ in id + "-problem" }].compactMap { $0 }
    return h("div", field.problem == nil ? "field" : "field wrong") {
      h("label", [Attribute("for", id)]) {
        field.label
        if field.isOptional { h("span", "note") { t("（可不填）", " (optional)") } }
      }
      h(
        "input",
        [
          Attribute("id", id), Attribute("name", field.name), Attribute("type", field.type),
          field.type == "password" ? Attribute("value", nil) : Attribute("value", field.value),
          Attribute("maxlength", String(field.limit)), Attribute("autocomplete", field.autocomplete ?? "off"),
          Attribute("inputmode", field.mode), Attribute("required", if: !field.isOptional && !field.isFixed),
          Attribute("readonly", if: field.isFixed),
          Attribute("aria-describedby", about.isEmpty ? nil : about.joined(separator: " ")),
          Attribute("aria-invalid", field.problem == nil ? nil : "true"),
        ])
      if let hint = field.hint { h("p", [Attribute("id", id + "-hint"), Attribute("class", "hint")]) { hint } }
      if let problem = field.problem {
        h("p", [Attribute("id", id + "-problem"), Attribute("class", "problem")]) { "✕ " + problem }
      }
    }
  }

  /// The password that is to be replaced.
  static func oldPassword(_ t: PageLanguage) -> HTML {
    field(
      Field(
        name: "old", label: t("原密码", "Old password"), type: "password", autocomplete: "current-password", limit: 128), t
    )
  }

  /// - Parameter after: a sentence behind the rule.
  static func newPassword(_ t: PageLanguage, after: String = "", problem: String? = nil) -> HTML {
    field(
      Field(
        name: "password", label: t("新密码", "New password"), type: "password",
        hint: t("至少 10 个字符。", "At least 10 characters.") + after, problem: problem, autocomplete: "new-password",
        limit: 128), t)
  }

  enum Tone: String {
    case good
    case warning
    case bad
    case plain

    var sign: String {
      switch self {
      case .good: "✓ "
      case .warning: "⚠ "
      case .bad: "✕ "
      case .plain: ""
      }
    }
  }

  /// What happened, and below it what to do. Said aloud when the page comes.
  static func notice(_ tone: Tone, _ title: String, _ todo: String? = nil) -> HTML {
    h("div", [Attribute("class", "notice " + tone.rawValue), Attribute("role", tone == .bad ? "alert" : "status")]) {
      h("p", "what") { tone.sign + title }
      if let todo { h("p") { todo } }
    }
  }

  static func facts(_ facts: [(String, String)]) -> HTML {
    h("dl", "facts") {
      for (name, value) in facts {
        h("div") {
          h("dt") { name }
          h("dd") { value }
        }
      }
    }
  }

  static func table(_ caption: String, _ heads: [String], _ rows: [[HTML]], empty: String) -> HTML {
    rows.isEmpty
      ? h("p", "hint") { empty }
      : h(
        "div",
        [
          Attribute("class", "table"), Attribute("role", "region"), Attribute("aria-label", caption),
          Attribute("tabindex", "0"),
        ]
      ) {
        h("table") {
          h("caption") { caption }
          h("thead") { h("tr") { for head in heads { h("th", [Attribute("scope", "col")]) { head } } } }
          h("tbody") {
            for row in rows {
              h("tr") {
                for (index, cell) in row.enumerated() { h("td", [Attribute("data-head", heads[index])]) { cell } }
              }
            }
          }
        }
      }
  }
}
