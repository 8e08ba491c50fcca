import CertificateKit

/// What waits for the yes of a second administrator.
extension AdministratorRules {
  static func describe(_ proposal: Proposal, _ t: PageLanguage) -> String {
    if let rule = Rule(rawValue: proposal.kind) { return t("关闭：", "Switch off: ") + title(rule, t).0 }
    switch proposal.kind {
    case "administrator.add": return t("增加管理员：", "Add administrator: ") + proposal.value
    case "administrator.remove": return t("移除管理员：", "Remove administrator: ") + proposal.value
    default: break
    }
    let certificate = Base64.decode(proposal.value.utf8).flatMap { try? Certificate(der: $0) }
    return t("添加 CA：", "Add CA: ") + (certificate?.owner ?? "?") + " "
      + (certificate.map { String(LoginDesk.fingerprint($0).prefix(16)) + "…" } ?? "")
  }

  static func propose(
    _ kind: String, _ value: String, about: String, _ me: Administrator, _ visit: Visit
  ) throws(DatabaseError) {
    try visit.store.transaction { () throws(DatabaseError) in
      // The same twice would ask the second administrator twice.
      if try visit.store.openProposals().contains(where: { $0.kind == kind && $0.value == value }) { return }
      try visit.store.propose(
        Proposal(
          id: try Store.newID(), kind: kind, value: value, administrator: me.loginName, created: visit.now))
      try visit.store.audit("administrator " + me.loginName, "proposal", kind, about, at: visit.now)
    }
  }

  static func decide(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    let id = visit.form.text("id")
    let isYes = visit.form.text("answer") == "yes"
    // Hashing a password takes its time: before the transaction.
    var newcomer: (administrator: Administrator, password: String)?
    if isYes, let asked = try visit.store.openProposals().first(where: { $0.id == id }),
      asked.kind == "administrator.add"
    {
      newcomer = try Administrator.make(asked.value, visit.site.configuration.passwordCost, now: visit.now)
    }
    let isDone = try visit.store.transaction { () throws(DatabaseError) in
      // Who was removed while the password was made decides nothing.
      guard try visit.store.administrator(id: me.id) != nil,
        let proposal = try visit.store.decide(id, isYes: isYes, by: me.loginName, now: visit.now)
      else {
        return false
      }
      let isCarriedOut = isYes ? try carryOut(proposal, newcomer?.administrator, me, visit) : true
      try visit.store.audit(
        "administrator " + me.loginName,
        isYes ? (isCarriedOut ? "proposal.accepted" : "proposal.void") : "proposal.refused", proposal.kind,
        "of " + proposal.administrator, at: visit.now)
      return isCarriedOut
    }
    guard isDone else {
      return try rules(
        visit,
        notice: Layout.notice(
          .bad, t("没有执行", "Nothing was done"),
          t("须由另一位管理员同意，且只能决定一次。", "Another administrator has to say yes, and once.")), status: 409)
    }
    if let newcomer { return try added(newcomer.administrator.loginName, newcomer.password, visit) }
    // Who agreed to their own removal is logged out.
    return .redirect("/admin/rules")
  }

  /// - Returns: `false` when it makes no sense any more.
  private static func carryOut(
    _ proposal: Proposal, _ newcomer: Administrator?, _ me: Administrator, _ visit: Visit
  ) throws(DatabaseError) -> Bool {
    if let rule = Rule(rawValue: proposal.kind) {
      try visit.store.set(rule, proposal.value == "on")
      return true
    }
    let actor = "administrator " + me.loginName
    let subject = "administrator " + proposal.value
    switch proposal.kind {
    case "administrator.add":
      guard let newcomer, newcomer.loginName == proposal.value, try visit.store.add(newcomer) else { return false }
      try visit.store.audit(actor, "administrator.added", subject, at: visit.now)
      return true
    case "administrator.remove":
      guard try visit.store.removeAdministrator(loginName: proposal.value, by: me.loginName, now: visit.now) else {
        return false
      }
      try visit.store.audit(actor, "administrator.removed", subject, at: visit.now)
      return true
    case "authority.add":
      guard let der = Base64.decode(proposal.value.utf8), let certificate = try? Certificate(der: der) else {
        return false
      }
      _ = try visit.store.add(
        StoredAuthority(
          fingerprint: LoginDesk.fingerprint(certificate), der: der, owner: certificate.owner, added: visit.now,
          administrator: proposal.administrator + " + " + me.loginName))
      try visit.store.touchTrust()
      return true
    default: return false
    }
  }
}
