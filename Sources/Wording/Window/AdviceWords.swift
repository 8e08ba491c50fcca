/// What the window recommends, one line a problem, with the key that solves it.
package struct AdviceWords: Sendable {
  package var title: String
  package var serviceDown: String
  /// Where the last diagnosis found the break.
  package var broken: @Sendable (_ link: String) -> String
  package var unreadable: String
  package var locked: String
  package var few: @Sendable (Int) -> String
  /// Of keys that no request unlocks.
  package var lockedHere: String
  package var fewHere: @Sendable (Int) -> String
  package var isDefault: String
  /// A certificate, by its owner.
  package var expired: @Sendable (_ owner: String, _ days: Int) -> String
  package var notYetValid: @Sendable (_ owner: String) -> String
  package var expiring: @Sendable (_ owner: String, _ days: Int) -> String
  /// The same, more pressing.
  package var soon: @Sendable (_ owner: String, _ days: Int) -> String
  /// It cannot wait.
  package var urgent: @Sendable (_ owner: String, _ days: Int) -> String
  /// One of a pair was renewed and this one was not.
  package var halfRenewed: @Sendable (_ owner: String, _ role: String, _ until: String) -> String
  package var renewable: @Sendable (_ owner: String, _ days: Int) -> String
  /// So many lines more than there is room for.
  package var more: @Sendable (Int) -> String

  package static subscript(language: Language) -> AdviceWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  private static let zh = AdviceWords(
    title: "现在建议", serviceDown: "读卡服务没有运行：按 F4 查原因并修复",
    broken: { "故障诊断卡在“\($0)”：按 F4 看怎么办" }, unreadable: "读不出这把 U-Key：按 F4 查原因", locked: "密码已锁定：不要再试，按 F3 办解锁",
    few: { "密码只剩 \($0) 次：记不清就别再试，按 F3 办解锁" },
    lockedHere: "密码已锁定：不要再试，请保管 PUK 或管理员密码的人解锁",
    fewHere: { "密码只剩 \($0) 次：记不清就别再试，请保管 PUK 或管理员密码的人解锁" }, isDefault: "还是初始密码：按 F2 修改",
    expired: { $1 == 0 ? "\($0) 已过期：按 F3 办续期" : "\($0) 已过期 \($1) 天：按 F3 办续期" },
    notYetValid: { "\($0) 尚未生效：按 F4 核对电脑时间" },
    expiring: { "\($0) 还有 \($1) 天到期：未开标的先开标，再按 F3 办续期" },
    soon: { "\($0) 只剩 \($1) 天：请尽快按 F3 办续期；有未开标项目的先开标" },
    urgent: {
      $1 == 0 ? "\($0) 今天到期：马上按 F3 办续期；有未开标项目的先开标" : "\($0) 只剩 \($1) 天：今天就按 F3 办续期；有未开标项目的先开标"
    },
    halfRenewed: { "\($0) 的续期只办了一半，\($1)还是旧的（\($2) 到期）：按 F3 续完" },
    renewable: { "\($0) 还有 \($1) 天到期，可以办续期了：按 F3" }, more: { "另有 \($0) 条" })

  private static let en = AdviceWords(
    title: "What to do now", serviceDown: "The reader service does not run: F4 finds out why and mends it",
    broken: { "The diagnosis found the break at “\($0)”: F4 tells what to do" },
    unreadable: "This key cannot be read: F4 finds out why",
    locked: "The PIN is locked: do not try again, F3 asks for unlocking",
    few: { "\($0) tries left: not sure of the PIN? F3 asks for unlocking" },
    lockedHere: "The PIN is locked: do not try again; who keeps the PUK or administrator PIN unlocks it",
    fewHere: { "\($0) tries left: not sure of the PIN? Who keeps the PUK or administrator PIN sets a new one" },
    isDefault: "Still the initial PIN: change it with F2",
    expired: { $1 == 0 ? "\($0) has expired: renew with F3" : "\($0) expired \($1) days ago: renew with F3" },
    notYetValid: { "\($0) is not valid yet: F4 checks the clock" },
    expiring: { "\($0) ends in \($1) days: have open bids opened, then renew with F3" },
    soon: { "\($0) ends in \($1) days: renew soon with F3, open bids first" },
    urgent: {
      $1 == 0
        ? "\($0) ends today: renew now with F3, open bids first"
        : "\($0) ends in \($1) days: renew today with F3, open bids first"
    },
    halfRenewed: { "\($0) is half renewed, the \($1) is still the old one (ends \($2)): finish with F3" },
    renewable: { "\($0) ends in \($1) days and can be renewed: F3" }, more: { "\($0) more" })
}
