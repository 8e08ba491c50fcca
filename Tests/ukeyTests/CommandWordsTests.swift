import Testing
import Wording

@testable import ukey

@Suite struct CommandWordsTests {
  private func meaning(_ line: String) -> CommandWords {
    CommandWords(line.split(separator: " ").map(String.init), root: UKey.self)
  }

  @Test(arguments: [
    ("stauts", "stauts", "status"), ("lsit --json", "lsit", "list"), ("help statsu", "statsu", "status"),
    ("pin chnage", "chnage", "change"), ("unlock requst --kind renew", "requst", "request"),
    ("help pin vrify", "vrify", "verify"), ("renew stauts", "stauts", "status"), ("serve strat", "strat", "start"),
  ])
  func aSlipIsNamed(_ line: String, _ word: String, _ near: String) {
    let group = line.split(separator: " ").map(String.init).prefix { $0 != word }.filter { $0 != "help" }
    #expect(meaning(line) == .unknown(word, near: near, group: Array(group)))
  }

  /// A name that is one of a group is told with the group: by itself it may be another command.
  @Test(arguments: Language.allCases) func whatWasMeantCanBeTyped(_ language: Language) {
    let said = CommandWords.text("stauts", near: "status", group: ["renew"], language)
    #expect(said.contains("renew stauts") && said.contains("renew status") && said.contains("ukey renew --help"))
  }

  @Test func whatIsFarFromAllIsNotGuessed() {
    #expect(meaning("frobnicate") == .unknown("frobnicate", near: nil))
    #expect(meaning("help foo --lang zh") == .unknown("foo", near: nil))
  }

  /// What the parser understands goes to it as it was typed.
  @Test(arguments: [
    "", "status", "status --json", "--demo", "--demo --lang zh", "explain no such word", "cert show --serial 1f",
    "renew --demo",
    "renew request --demo", "unlock apply x.ukresp", "pin change --pin-fd 3", "serve", "serve start", "--version",
    "pin",
    "explain UK-113 --lang zh", "status --help",
  ])
  func theRestIsLeftAlone(_ line: String) {
    #expect(meaning(line) == .parse(line.split(separator: " ").map(String.init)))
  }

  @Test(arguments: [
    ("help", "--help"), ("help pin change", "pin change --help"), ("help pin change --lang zh", "pin change --help"),
    ("--help --lang zh", "--help"), ("--lang zh --help", "--help"), ("-h --lang=en", "--help"),
    ("pin --lang zh", "pin --help"), ("renew --help --lang zh", "renew --help"), ("renew -h --lang=zh", "renew --help"),
    ("serve --lang zh --help", "serve --help"),
  ])
  func helpIsFoundInBothLanguages(_ line: String, _ parsed: String) {
    #expect(meaning(line) == .parse(parsed.split(separator: " ").map(String.init)))
  }

  /// Options before the command are told where they belong; values are not repeated, one may be a PIN.
  @Test func optionsBeforeTheCommand() {
    func said(_ line: String) -> String? {
      CommandWords.misplaced(line.split(separator: " ").map(String.init), UKey.self, .en)
    }
    #expect(said("--demo status")?.hasSuffix("ukey status …") == true)
    #expect(said("--pin 123456 renew resume --order 12")?.hasSuffix("ukey renew resume …") == true)
    #expect(said("--demo --lang zh") == nil && said("status --demo") == nil && said("--demo nothing") == nil)
  }

  /// A PIN typed in the place of a command is not repeated.
  @Test(arguments: ["123456", "Passw0rd!", "a b"])
  func aPINIsNotRepeated(_ word: String) {
    for language in Language.allCases {
      #expect(!CommandWords.text(word, near: nil, group: [], language).contains(word))
      #expect(CommandWords.text("stauts", near: "status", group: [], language).contains("status"))
    }
  }
}
