/// When companies are told that their certificate ends.
extension AdministratorRules {
  static func reminders(_ days: [Int], _ visit: Visit) -> HTML {
    let t = visit.language
    return h("section") {
      h("h2") { t("到期提醒", "Reminders") }
      Layout.form(visit, "/admin/reminders") {
        Layout.field(
          Layout.Field(
            name: "days", label: t("证书到期前几天发短信", "Days before the end of a certificate"),
            value: days.map(String.init).joined(separator: " "),
            hint: t(
              "1 至 8 个数，每个 1 至 365，用空格或逗号隔开；每张证书每档只发一次。",
              "One to eight numbers from 1 to 365; each is sent once for a certificate."),
            limit: 60), t)
        h("button", "second") { t("保存", "Save") }
      }
    }
  }

  static func changeReminders(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    guard let days = Reminder.days(visit.form.text("days")) else {
      return try rules(
        visit,
        notice: Layout.notice(
          .bad, t("没有保存", "Not saved"),
          t("请填 1 至 8 个不同的数，每个 1 至 365。", "Please write one to eight different numbers from 1 to 365.")), status: 422)
    }
    let text = days.map(String.init).joined(separator: " ")
    try visit.store.transaction { () throws(DatabaseError) in
      guard try visit.store.reminderDays() != days else { return }
      try visit.store.setReminderDays(days)
      try visit.store.audit("administrator " + me.loginName, "reminders.changed", "reminders", text, at: visit.now)
    }
    return .redirect("/admin/rules")
  }
}
