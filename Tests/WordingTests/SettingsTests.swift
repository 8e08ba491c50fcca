import Failures
import Testing

@testable import Wording

@Suite struct SettingsTests {
  private func read(_ text: String) -> Settings {
    var settings = Settings.builtIn
    settings.add(Array(text.utf8), file: "t.conf")
    return settings
  }

  @Test func theShippedFileIsWhole() {
    let settings = Settings.builtIn
    #expect(settings.mistakes.isEmpty)
    #expect(!settings.authority.name.isEmpty && !settings.authority.hotline.isEmpty)
    #expect(!settings.authority.siteName.contains("/") && !settings.authority.hallName.contains("/"))
    #expect(settings.reminderDays > 0 && settings.renewalDays >= settings.reminderDays)
    #expect(settings.reminderDays > settings.soonDays && settings.soonDays > settings.urgentDays)
    #expect(settings.theme == "default" && settings.columns == [.use, .ends, .left, .pin, .key])
  }

  @Test func aLaterFileReplacesLineByLine() {
    let settings = read(
      "# ours\n[authority]\n\tname = 示例CA \r\nhotline=010-1\n[reminder]\ndays = 30\n[window]\nlanguage = zh\n")
    #expect(settings.mistakes.isEmpty)
    #expect(settings.authority.name == "示例CA" && settings.authority.hotline == "010-1")
    #expect(settings.authority.site == Settings.builtIn.authority.site)
    #expect(settings.reminderDays == 30 && settings.language == .zh)
  }

  @Test(arguments: [
    ("[authority]\nphone = 1", 2, 1), ("[reminder]\n  days = soon", 2, 10), ("[reminder]\ndays = -1", 2, 8),
    ("name = x", 1, 1), ("[nobody]", 1, 1), ("[authority]\nno equals sign", 2, 1),
    ("[authority]\nsite = javascript:x", 2, 8), ("[authority]\nname = a\u{202E}b", 2, 8),
    ("[window]\nlanguage = fr", 2, 12), ("[window]\ntheme = dark", 2, 9), ("[reminder]\nsoon-days = x", 2, 13),
    ("[window]\ncolumns = use size", 2, 11), ("[window]\ncolumns = key key", 2, 11),
    ("[reminder]\ndays = 99999999999999999999", 2, 8), ("[platform]\naddress = nowhere", 2, 11),
    ("[platform]\naddress = a:70000", 2, 11), ("[keys]\nproviders = pcsc who:/x", 2, 13), ("[keys]\nreader = x", 2, 1),
  ])
  func mistakesAreToldWithTheirPlace(_ text: String, _ line: Int, _ column: Int) {
    let settings = read(text)
    #expect(settings.mistakes.map(\.line) == [line] && settings.mistakes.map(\.column) == [column])
    var same = settings
    same.mistakes = []
    #expect(same == Settings.builtIn)
  }

  @Test func theColumnsAreASetting() {
    #expect(read("[window]\ncolumns = code  left issuer\n").columns == [.code, .left, .issuer])
    #expect(read("[window]\ncolumns =\n").columns.isEmpty)
  }

  @Test func thePlatformAndTheProvidersAreSettings() {
    #expect(Settings.builtIn.platform != nil && Settings.builtIn.providers.isEmpty)
    let settings = read("[platform]\naddress = portal.example:443\n[keys]\nproviders = pcsc  skf:/opt/x.so\n")
    #expect(settings.mistakes.isEmpty && settings.platform?.text == "portal.example:443")
    #expect(settings.providers == ["pcsc", "skf:/opt/x.so"])
    #expect(read("[platform]\naddress =\n").platform == nil)
  }

  @Test func noiseIsToldWithinLimitsAndChangesNothing() {
    var noise = Settings.builtIn
    noise.add((0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 197 >> 3) }, file: "noise")
    #expect(noise.mistakes.count <= Settings.mistakeLimit && noise.authority == Settings.builtIn.authority)
  }

  /// Another authority's data are in every answer and page, and nothing of the shipped one's.
  @Test(arguments: Language.allCases)
  func anotherAuthoritySpeaksForItself(_ language: Language) {
    let other = Authority(
      name: "示例CA", englishName: "Sample CA", hotline: "010-8888", site: "https://ca.example",
      hall: "https://hall.ca.example", postDays: 7)
    let texts =
      Question.allCases.map { $0.words(language, other).text }
      + Business.allCases.flatMap { business in
        let page = business.page(language, other)
        return [page.title, page.lead, page.warning ?? ""] + page.parts.map(\.text)
      }
    let whole = texts.joined(separator: "\n")
    #expect(whole.contains("010-8888") && whole.contains("hall.ca.example"))
    for word in ["400-112", "szca", "SZCA", "深圳"] { #expect(!whole.contains(word), "\(word)") }
  }
}
