package import DiagnosisKit

/// A complaint in words: as users put it, and what is left to try when every link that it hangs on holds.
package struct SymptomWords: Sendable, Equatable {
  package let title: String
  /// Said when nothing was found that explains it.
  package let whenWell: String
}

extension Symptom {
  package func words(_ language: Language) -> SymptomWords {
    switch (self, language) {
    case (.button, .zh):
      SymptomWords(
        title: "点登录没反应",
        whenWell: "网址左边的图标里允许“此设备上的应用”，刷新后再点；仍没反应，用 ukey doctor --page 网址 看这个按钮呼叫的是谁。")
    case (.key, .zh):
      SymptomWords(title: "看不到 U-Key", whenWell: "U-Key 在这里看得到。网页里看不到时，按“点登录没反应”再查。")
    case (.pin, .zh):
      SymptomWords(
        title: "密码不对", whenWell: "U-Key 没有锁定。先看键盘的大写锁定和数字小键盘，再慢慢输一次；记不清就不要再试，办理解锁。")
    case (.page, .zh):
      SymptomWords(title: "网页打不开", whenWell: "平台从这里连得上。换一个浏览器，或清除这个网站的缓存后再打开。")
    case (.button, .en):
      SymptomWords(
        title: "The login button does nothing",
        whenWell:
          "Allow apps on this device by the icon left of the address, reload, and click again. If still nothing happens, see whom the button calls: ukey doctor --page URL."
      )
    case (.key, .en):
      SymptomWords(
        title: "The U-Key is not seen",
        whenWell: "It is seen here. If a page does not see it, choose the complaint about the login button.")
    case (.pin, .en):
      SymptomWords(
        title: "The PIN is wrong",
        whenWell:
          "The key is not locked. Look at Caps Lock and Num Lock, then type it once, slowly. If you are not sure of it, try no more and have the key unlocked."
      )
    case (.page, .en):
      SymptomWords(
        title: "The page does not open",
        whenWell: "The platform is reached from here. Try another browser, or clear this site's cache.")
    }
  }
}
