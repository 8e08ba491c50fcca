import DiagnosisKit
import Failures
import StrictJSON
import Wording

/// One thing that the program can name and that a user may ask about.
enum Explanation: Equatable {
  case failure(FailureCode)
  case cause(Cause)
  case check(CheckID)
  case exit(Int32)
  /// What holders ask.
  case question(Question)

  /// Everything there is, by kind.
  static let all: [Explanation] =
    FailureCode.allCases.map { .failure($0) } + Cause.allCases.map { .cause($0) }
    + CheckID.allCases.map { .check($0) } + ExplainWords[.en].exits.map { .exit($0.code) }
    + Question.allCases.map { .question($0) }

  /// What is meant by a word: the one of that name, else all in whose name or words it stands.
  ///
  /// Codes with or without `UK-`, in either case; a number that is no code is an exit code. Words of both languages.
  static func matches(_ word: String) -> [Explanation] {
    let wanted = word.lowercased()
    if wanted.isEmpty { return [] }
    let named = all.filter { entry in
      switch entry {
      case .failure(let code): [code.rawValue.lowercased(), String(code.rawValue.dropFirst(3))].contains(wanted)
      case .cause(let cause): cause.rawValue == wanted
      case .check(let check): check.rawValue == wanted
      case .exit(let code): String(code) == wanted
      case .question: entry.id == wanted
      }
    }
    if !named.isEmpty { return named }
    return all.filter { entry in
      entry.id.lowercased().contains(wanted)
        || Language.allCases.contains { language in
          (entry.title(language) + "\n" + (entry.remedy(language) ?? "")).lowercased().contains(wanted)
        }
    }
  }

  /// As it is printed elsewhere, and as it can be asked for.
  var id: String {
    switch self {
    case .failure(let code): code.rawValue
    case .cause(let cause): cause.rawValue
    case .check(let check): check.rawValue
    case .exit(let code): String(code)
    case .question(let question): "q\(question.rawValue)"
    }
  }

  func title(_ language: Language) -> String {
    switch self {
    case .failure(let code): code.words(language).title
    case .cause(let cause): cause.words(language).title
    case .check(let check): check.title(language)
    case .exit(let code): ExplainWords[language].exits.first { $0.code == code }?.title ?? ""
    case .question(let question): question.words(language).title
    }
  }

  func remedy(_ language: Language) -> String? {
    switch self {
    case .failure(let code): code.words(language).remedy
    case .cause(let cause): cause.words(language).remedy
    case .question(let question): question.words(language).lines.joined(separator: "\n")
    case .check, .exit: nil
    }
  }

  /// What a command ends with that tells this.
  var exitCode: Int32? {
    switch self {
    case .failure(let code): ProgramExit(Failure(code)).rawValue
    case .cause(let cause): ProgramExit(gravest: cause)?.rawValue
    case .check, .exit, .question: nil
    }
  }

  private var kind: String {
    switch self {
    case .failure: "failure"
    case .cause: "cause"
    case .check: "check"
    case .exit: "exit"
    case .question: "question"
    }
  }

  func kind(_ language: Language) -> String {
    let words = ExplainWords[language]
    return switch self {
    case .failure: words.failure
    case .cause: words.cause
    case .check: words.check
    case .exit: words.exit
    case .question: words.question
    }
  }

  /// `UK-113  several keys …`.
  func line(_ language: Language) -> String { id + "  " + title(language) }

  /// All that is known of it.
  func text(_ language: Language) -> String {
    var lines = [kind(language) + " " + id, title(language)]
    if let remedy = remedy(language) {
      lines += remedy.split(separator: "\n").map { "  " + Symbol.next.before(String($0)) }
    }
    if let exitCode { lines.append("  " + ExplainWords[language].endsWith(exitCode)) }
    return lines.joined(separator: "\n")
  }

  func json(_ language: Language) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("kind", .string(kind)), ("id", .string(id)), ("title", .string(title(language))),
    ]
    if let remedy = remedy(language) { members.append(("remedy", .string(remedy))) }
    if let exitCode { members.append(("exit", .int(Int(exitCode)))) }
    return .object(members)
  }
}
