/// Answers that need no visit: something was wrong before anybody was asked.
enum Plain {
  static func unavailable(_ site: Site, _ t: PageLanguage) -> Reply {
    plain(
      site, t, 503, t("暂时无法处理", "Not available for the moment"),
      t("数据库没有应答，这次操作没有改变任何内容。请稍后再试。", "The database did not answer, and nothing was changed. Please try again later."))
  }

  /// The connection to the database broke while it was asked to keep something.
  static func unknown(_ site: Site, _ t: PageLanguage) -> Reply {
    plain(
      site, t, 503, t("不知道是否已保存", "It is not known whether this was saved"),
      t(
        "数据库在保存时中断，没有收到答复。请稍后回来查看结果，再决定是否重做。",
        "The database was lost while it was saving, and gave no answer. Please come back later and look before you repeat it."
      ))
  }

  static func busy(_ site: Site, _ t: PageLanguage) -> Reply {
    var reply = plain(
      site, t, 503, t("访问人数过多", "Too many visitors"),
      t("请稍等几秒再试一次，没有改变任何内容。", "Please try again in a few seconds; nothing was changed."))
    reply.headers.append(("retry-after", "5"))
    return reply
  }

  static func malformed(_ site: Site, _ t: PageLanguage) -> Reply {
    plain(
      site, t, 400, t("提交的内容无法识别", "What was sent cannot be read"),
      t("请返回上一页重新填写；文字须为 UTF-8 编码。", "Please go back and fill in the form again; text has to be UTF-8."))
  }

  static func tooLarge(_ site: Site, _ t: PageLanguage) -> Reply {
    plain(
      site, t, 413, t("提交的内容过大", "What was sent is too large"),
      t("没有保存任何内容。请检查所选的文件或粘贴的内容。", "Nothing was stored. Please check what was pasted."))
  }

  static func notFound(_ site: Site, _ t: PageLanguage) -> Reply {
    plain(
      site, t, 404, t("没有这个页面", "There is no such page"),
      t("请检查网址，或从首页重新进入。", "Please check the address, or begin at the first page."))
  }

  static func stale(_ visit: Visit, isForeign: Bool) -> Reply {
    let t = visit.language
    return plain(
      visit.site, t, 403, t("这张表单已失效", "This form is no longer valid"),
      isForeign
        ? t("请求不是从本网站的页面发出的，没有执行。", "The request did not come from a page of this site and was not carried out.")
        : t(
          "登录状态已变或浏览器不接受 Cookie，没有执行。请返回并刷新页面后重试。",
          "You have logged in or out meanwhile, or the browser takes no cookies; nothing was done. Go back, reload the page and try again."
        ))
  }

  private static func plain(_ site: Site, _ t: PageLanguage, _ status: Int, _ title: String, _ todo: String) -> Reply {
    .page(
      Layout.frame(site, t, title: title, path: "/") {
        Layout.notice(.bad, title, todo)
        h("p") { h("a", [Attribute("href", "/")]) { t("返回首页", "To the first page") } }
      }, status: status)
  }
}
