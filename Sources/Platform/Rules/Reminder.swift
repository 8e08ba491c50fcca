internal import Base
import CertificateKit

/// When a company is told that its certificate ends.
enum Reminder {
  /// Days before the end, unless administrators have set others.
  static let usual = [90, 60, 30, 7]

  /// As administrators write them: one to eight numbers from 1 to 365 with anything between; `nil` for other texts.
  static func days(_ text: String) -> [Int]? {
    let words = text.split { ", ，、;；".contains($0) }
    let days = Set(words.compactMap { Int($0) }).filter { (1...365).contains($0) }
    guard (1...8).contains(words.count), days.count == words.count else { return nil }
    return days.sorted(by: >)
  }

  /// The one that is due with so many days left: the narrowest that has been reached. After the end none.
  static func due(daysLeft: Int, _ days: [Int] = usual) -> Int? {
    guard daysLeft >= 0 else { return nil }
    return days.filter { daysLeft <= $0 }.min()
  }

  /// The text for a mobile, at most 70 characters less the name: what to do, and no link to click.
  static func text(name: String, daysLeft: Int, notAfter: Int64, hotline: String) -> String {
    "【承包商平台】\(name)：贵单位数字证书将于\(LocalTime.date(notAfter))到期（剩余\(daysLeft)天），"
      + "请先续期再投标、登录。续期办理咨询\(hotline)。"
  }
}

extension Store {
  func reminderDays() throws(DatabaseError) -> [Int] {
    try setting("reminder.days").flatMap(Reminder.days) ?? Reminder.usual
  }

  func setReminderDays(_ days: [Int]) throws(DatabaseError) {
    try set("reminder.days", days.map(String.init).joined(separator: " "))
  }

  /// Puts the reminders that are due into the outbox, each once for a certificate. - Returns: how many.
  package func remind(hotline: String, now: Int64) throws(DatabaseError) -> Int {
    try transaction { () throws(DatabaseError) in
      var count = 0
      let days = try reminderDays()
      let limit = Int64((days.max() ?? 0) + 1) * 86_400
      for (certificate, mobile, name) in try endingCertificates(from: now, to: now + limit) {
        let validity = Validity(notBefore: certificate.notBefore, notAfter: certificate.notAfter)
        let left = validity.daysLeft(now: now)
        guard let stage = Reminder.due(daysLeft: left, days) else { continue }
        let text = Reminder.text(name: name, daysLeft: left, notAfter: certificate.notAfter, hotline: hotline)
        let about = "reminder \(certificate.fingerprint) \(stage)"
        if try send(.reminder, about: about, to: mobile, text, now: now) {
          try audit("system", "reminder.\(stage)", "company \(certificate.company)", certificate.serial, at: now)
          count += 1
        }
      }
      return count
    }
  }
}
