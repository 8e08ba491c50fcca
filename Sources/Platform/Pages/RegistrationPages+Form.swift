import CertificateKit

extension RegistrationPages {
  /// The form, with what was written or read, and what is wrong with it.
  static func page(
    _ visit: Visit, _ entry: Entry? = nil,
    problems: [(field: RegistrationForm.Field, problem: RegistrationForm.Problem)] = [],
    notice: HTML? = nil, marked: String? = nil, status: Int = 200
  ) throws(DatabaseError) -> Reply {
    let t = visit.language
    let entry = if let entry { entry } else { try self.entry(visit) }
    let form = entry.form
    let finding = entry.certificate?.uscc
    func problem(_ field: RegistrationForm.Field) -> String? {
      problems.first { $0.field == field }.map { RegistrationWords.text($0.problem, $0.field, t) }
    }
    return Layout.page(
      visit, title: t("承包商注册", "Registration of a contractor"), scripts: ["ukey.js", "key.js"], status: status
    ) {
      if let notice { h("div", [Attribute("data-marked", marked)]) { notice } }
      if !problems.isEmpty {
        Layout.notice(
          .bad, t("有 \(problems.count) 处需要修改", "\(problems.count) fields need a change"),
          t("请看标出的各项。密码须重新填写。", "See the fields that are marked. The password has to be typed again."))
      }
      Layout.form(visit, "/register", nil, KeyForm.attributes(visit)) {
        // The first button is the one that Enter presses.
        h("button", [Attribute("class", "unseen"), Attribute("tabindex", "-1"), Attribute("aria-hidden", "true")]) {
          t("提交注册", "Register")
        }
        h("fieldset") {
          h("legend") { t("单位", "Company") }
          if let certificate = entry.certificate, let finding {
            Layout.notice(
              .good, t("以下两项已从证书读取", "Read from the certificate"),
              t(
                "所有者：证书主题的 CN；统一社会信用代码：\(finding.source)。证书序列号 \(certificate.serialText)，已核对您持有它的密钥。",
                "Owner: CN of the subject; code: \(finding.source). Serial number \(certificate.serialText); you have shown that you hold its key."
              ))
            h(
              "button",
              [
                Attribute("class", "link"), Attribute("formaction", "/register/forget"),
                Attribute("formnovalidate", if: true),
              ]
            ) {
              t("不用这张证书", "Do not use this certificate")
            }
          } else {
            h(
              "button",
              [
                Attribute("type", "button"), Attribute("class", "second"), Attribute("data-key", "read"),
                Attribute("hidden", if: true),
              ]
            ) {
              t("插入数字证书读取", "Read from the U-Key")
            }
            h("p", "hint") {
              t(
                "插入 U-Key 后点此按钮，自动填写以下两项；读取时要输入一次 U-Key 密码，以确认证书归贵单位持有。",
                "Fills in the two fields below. The PIN is asked once, to show that the company holds the certificate.")
            }
            h("input", [Attribute("type", "hidden"), Attribute("name", "token")])
            KeyForm.told(visit)
          }
          Layout.field(
            Layout.Field(
              name: "name", label: t("企业名称", "Name of the company"), value: form.name, problem: problem(.name),
              autocomplete: "organization", isFixed: finding != nil), t)
          Layout.field(
            Layout.Field(
              name: "uscc", label: t("统一社会信用代码", "Unified social credit code"), value: form.uscc,
              hint: t("营业执照上的 18 位代码。", "The 18 characters on the business licence."), problem: problem(.uscc),
              isFixed: finding != nil,
              limit: 40), t)
          if !form.uscc.isEmpty, case .checkDigitWrong = USCC.validate(form.uscc) {
            Layout.notice(
              .warning, t("这个代码的校验位不符合 GB 32100", "A check digit of this code is wrong (GB 32100)"),
              t(
                "请再核对一遍。少数早期代码确实如此，仍可提交，管理员审核时会看到此提示。",
                "Please check it again. A few early codes are so; it can be sent, and the administrator will see this.")
            )
          }
        }
        h("fieldset") {
          h("legend") { t("经办人", "Contact person") }
          Layout.field(
            Layout.Field(
              name: "contact", label: t("经办人姓名", "Name"), value: form.contact, problem: problem(.contact),
              autocomplete: "name",
              limit: 60), t)
          Layout.field(
            Layout.Field(
              name: "mobile", label: t("经办人手机", "Mobile"), value: form.mobile, type: "tel", problem: problem(.mobile),
              autocomplete: "tel-national", limit: 20, mode: "numeric"), t)
          h("div", "pair") {
            Layout.field(
              Layout.Field(
                name: "code", label: t("短信验证码", "Code by SMS"), value: form.code, problem: problem(.code),
                autocomplete: "one-time-code", limit: 12, mode: "numeric"), t)
            h(
              "button",
              [
                Attribute("class", "second"), Attribute("formaction", "/register/code"),
                Attribute("formnovalidate", if: true),
              ]
            ) {
              t("获取验证码", "Send a code")
            }
          }
        }
        h("fieldset") {
          h("legend") { t("登录", "Logging in") }
          Layout.field(
            Layout.Field(
              name: "login_name", label: t("登录名", "Login name"), value: form.loginName,
              hint: t("4 到 32 个小写字母、数字、点、横线，以字母开头。", "4 to 32 small letters, digits, dots and dashes, a letter first."),
              problem: problem(.loginName),
              autocomplete: "username", limit: 40), t)
          Layout.field(
            Layout.Field(
              name: "password", label: t("登录密码（不是 U-Key 密码）", "Password (not the PIN of the U-Key)"), type: "password",
              hint: t("至少 10 个字符。", "At least 10 characters."), problem: problem(.password),
              autocomplete: "new-password", limit: 128), t)
          Layout.field(
            Layout.Field(
              name: "again", label: t("确认密码", "Password again"), type: "password", problem: problem(.again),
              autocomplete: "new-password", limit: 128), t)
        }
        h("button") { t("提交注册", "Register") }
      }
    }
  }
}

enum RegistrationWords {
  static func text(_ problem: RegistrationForm.Problem, _ field: RegistrationForm.Field, _ t: PageLanguage) -> String {
    switch problem {
    case .missing: t("请填写这一项", "Please fill this in")
    case .tooLong: t("太长了", "This is too long")
    case .unprintable: t("含有看不见的字符，请删除后重新输入", "There are characters that cannot be seen; please type it again")
    case .codeShape: t("不是 18 位统一社会信用代码（不含 I、O、S、V、Z）", "Not the 18 characters of a code (no I, O, S, V, Z)")
    case .loginNameShape:
      t("须为 4 到 32 个小写字母、数字、点或横线，以字母开头", "4 to 32 small letters, digits, dots or dashes, a letter first")
    case .mobileShape: t("请填写 11 位手机号码", "Please give the 11 digits of a mobile number")
    case .smsShape: t("验证码是 6 位数字", "The code has six digits")
    case .passwordShort: t("至少 10 个字符", "At least 10 characters")
    case .passwordLong: t("最多 128 字节", "At most 128 bytes")
    case .passwordWeak: t("太容易被猜到：不要用登录名、连续或重复的字符", "Too easy to guess: not the login name, no runs, no repetitions")
    case .passwordsDiffer: t("两次填写的密码不一致", "The two passwords differ")
    }
  }
}
