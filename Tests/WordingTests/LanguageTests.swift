import Testing
import Wording

@Suite struct LanguageTests {
  @Test(arguments: ["zh_CN.UTF-8", "zh_CN.utf8", "zh", "zh_CN", "zh_TW.UTF-8@radical", "ZH_cn.Utf-8"])
  func chinese(_ name: String) { #expect(Language(localeName: name) == .zh) }

  @Test(arguments: ["zh_CN.GB18030", "zh_CN.gbk", "zh_TW.BIG5", "C", "", "en_US.UTF-8", "C.UTF-8", "POSIX"])
  func english(_ name: String) { #expect(Language(localeName: name) == .en) }
}
