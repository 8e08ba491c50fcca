/// The words that only `ukey watch` says.
package struct WatchWords: Sendable {
  package var noNotifier: String
  package var waitingFor: @Sendable (_ reader: String) -> String

  package static subscript(language: Language) -> WatchWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = WatchWords(
    noNotifier: "没有 notify-send，不发桌面通知（Debian/Ubuntu/UOS：apt install libnotify-bin）",
    waitingFor: { "现在没有名称含“\($0)”的读卡器；插上后会显示。" })

  private static let en = WatchWords(
    noNotifier: "notify-send is not there: no notifications on the desktop (Debian: apt install libnotify-bin)",
    waitingFor: { "There is no reader now with “\($0)” in its name; it is shown when it comes." })
}
