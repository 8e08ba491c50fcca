package import KeyService

/// Why something was refused, in words that a page may show. They say nothing that the page does not know.
package enum RefusalWords {
  /// Both languages, since it is not known who reads the page.
  package static let texts = RefusalTexts(chinese: { chinese($0) }, english: { english($0) })

  private static func chinese(_ refusal: Refusal) -> String {
    switch refusal {
    case .malformed: "请求格式不正确"
    case .unknownFunction: "本服务没有这个功能"
    case .forbidden: "本服务不向网页提供此功能"
    case .notSupported: "不支持所要求的算法或项目"
    case .notPermitted: "持有人没有允许本网站这样做"
    case .promptBusy: "已有一个密码窗口打开，请先完成"
    case .coolingDown(let seconds): "您刚刚取消过，请 \(seconds) 秒后再试"
    case .noPrompt: "没有可以输入密码的窗口：请打开 U-Key 管理工具，或在终端运行 ukey serve tty"
    case .cancelled: "已取消"
    case .timedOut: "等待超时"
    case .disconnected: "U-Key 已拔出或网页已关闭"
    case .keyMissing: "没有插入 U-Key"
    case .certificateMissing: "U-Key 中没有所要的证书"
    case .pinWrong(let left): left.map { "密码错误，还可以试 \($0) 次" } ?? "密码错误"
    case .pinLocked: "U-Key 密码已锁定，请办理介质解锁"
    case .fewTries(let left): "剩余次数过少" + (left.map { "（\($0) 次）" } ?? "") + "，网页不能再请求密码；请在 U-Key 管理工具中操作"
    case .noProfile: "不能在此 U-Key 上使用密码"
    case .keyFailed: "U-Key 操作失败，没有签名"
    case .outcomeUnknown: "U-Key 没有应答，结果未知"
    case .data: "所要签名的数据不予签名"
    }
  }

  private static func english(_ refusal: Refusal) -> String {
    switch refusal {
    case .malformed: "the request is malformed"
    case .unknownFunction: "this service has no such function"
    case .forbidden: "this service does not offer that to web pages"
    case .notSupported: "the algorithm or item is not supported"
    case .notPermitted: "the holder has not allowed this site to do it"
    case .promptBusy: "a PIN prompt is open already"
    case .coolingDown(let seconds): "cancelled a moment ago; try again in \(seconds) s"
    case .noPrompt: "there is nowhere to type the PIN: open the manager (ukey), or run ukey serve tty in a terminal"
    case .cancelled: "cancelled"
    case .timedOut: "timed out"
    case .disconnected: "the key was pulled out or the page closed"
    case .keyMissing: "no key is plugged in"
    case .certificateMissing: "the key has no such certificate"
    case .pinWrong(let left): "wrong PIN" + (left.map { ", \($0) tries left" } ?? "")
    case .pinLocked: "the PIN is locked"
    case .fewTries: "too few tries left for a web page to ask for the PIN; use the manager"
    case .noProfile: "PINs cannot be used on this key here"
    case .keyFailed: "the key failed; nothing was signed"
    case .outcomeUnknown: "the key did not answer; the outcome is not known"
    case .data: "this data is not signed"
    }
  }
}
