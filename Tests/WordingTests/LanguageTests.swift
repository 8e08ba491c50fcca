import Testing
import Wording

@Suite struct LanguageTests {
  @Test(arguments: ["zh_CN.UTF-8", "zh_CN.utf8", "zh", "zh_CN", "zh_TW.UTF-8@radical", "ZH_cn.Utf-8"])
  func chinese(_ name: String) { #expect(Language(localeName: name) == .zh) }

  @Test(arguments: ["zh_CN.GB18030", "zh_CN.gbk", "zh_TW.BIG5", "C", "", "en_US.UTF-8", "C.UTF-8", "POSIX"])
  func english(_ name: String) { #expect(Language(localeName: name) == .en) }
}

@Suite struct LanguageChoiceTests {
  @Test func theFirstVariableThatIsSetCounts() {
    #expect(Language.ofLocale { ["LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "C"][$0] } == .zh)
    #expect(Language.ofLocale { ["LC_ALL": "C", "LANG": "zh_CN.UTF-8"][$0] } == .en)
    #expect(Language.ofLocale { _ in nil } == .en)
  }

  @Test func argumentsThatWereNotParsedAreAsked() {
    #expect(Language(arguments: ["ukey", "--lang", "zh", "--bad"]) == .zh)
    #expect(Language(arguments: ["ukey", "--lang=en"]) == .en)
    for arguments in [["ukey"], ["ukey", "--lang"], ["ukey", "--lang", "fr"], ["ukey", "--lang="]] {
      #expect(Language(arguments: arguments) == nil)
    }
  }
}
