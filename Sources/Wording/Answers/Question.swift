/// What holders ask, as the guide lists it. The number is the key that opens the answer in the help.
package enum Question: Int, Sendable, CaseIterable {
  case loginSilent = 1
  case business
  case changePIN
  case wrongPIN
  case locked
  case handover
  case invoice
  case adminPIN
  case hotline

  package func words(_ language: Language, _ authority: Authority = .current) -> AnswerWords {
    switch language {
    case .zh: zh(authority)
    case .en: en(authority)
    }
  }
}

/// A question with its answer.
package struct AnswerWords: Sendable, Equatable {
  package var title: String
  /// Paragraphs, the first is the shortest true answer.
  package var lines: [String]

  init(_ title: String, _ lines: [String]) {
    self.title = title
    self.lines = lines
  }

  /// What a search looks at.
  package var text: String { ([title] + lines).joined(separator: "\n") }
}

/// What an answer says of the key that is plugged in.
package struct AnswerKeyWords: Sendable {
  /// Above what is said of this very key.
  package var title: @Sendable (_ key: String) -> String
  package var noKey: String
  package var reading: String
  package var tries: @Sendable (_ left: Int, _ maximum: Int?) -> String
  package var triesUnknown: String
  package var locked: String
  package var isDefault: String
  package var notDefault: String
  package var serviceRuns: String
  package var serviceMissing: String
  package var certificate: @Sendable (_ owner: String, _ days: String) -> String
  package var noCertificate: String
  package var serial: @Sendable (String) -> String

  package static subscript(language: Language) -> AnswerKeyWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = AnswerKeyWords(
    title: { "现在插着的 U-Key：\($0)" }, noKey: "现在没有插着可读的 U-Key。", reading: "U-Key 正在读取。",
    tries: { left, maximum in "密码还可以试 \(left) 次" + (maximum.map { "（共 \($0) 次）" } ?? "") },
    triesUnknown: "这把 U-Key 不告诉还能试几次", locked: "密码已锁定：不要再试，按 F3 办解锁", isDefault: "还是初始密码：按 F2 修改",
    notDefault: "不是初始密码", serviceRuns: "密钥服务在运行，网页可以找到 U-Key",
    serviceMissing: "密钥服务没有在运行：网页的登录按钮找不到 U-Key；按 F7 启动", certificate: { "\($0)：\($1)" },
    noCertificate: "没有读到证书：按 F4 检查", serial: { "证书序列号（网上办理要填）：\($0)" })

  private static let en = AnswerKeyWords(
    title: { "The key that is plugged in: \($0)" }, noKey: "No key that can be read is plugged in.",
    reading: "The key is being read.",
    tries: { left, maximum in "PIN: \(left) tries left" + (maximum.map { " of \($0)" } ?? "") },
    triesUnknown: "This key does not tell how many tries are left",
    locked: "The PIN is locked: do not try again; F3 asks for unlocking",
    isDefault: "Still the initial PIN: change it with F2",
    notDefault: "Not the initial PIN", serviceRuns: "The key service runs: web pages find the key",
    serviceMissing: "The key service does not run: login buttons of web pages cannot find the key; F7 starts it",
    certificate: { "\($0): \($1)" }, noCertificate: "No certificate was read: F4 looks why",
    serial: { "Serial number of the certificate (asked for online): \($0)" })
}
