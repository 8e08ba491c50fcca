package import DiagnosisKit
import Failures
package import StrictJSON
import TokenKit

extension DiagnosisDocument.Row {
  package func title(_ language: Language) -> String {
    CheckID(rawValue: id)?.title(language) ?? LoginStep(rawValue: id)?.title(language) ?? displaySafe(id)
  }

  /// What is wrong, or because of which link it was skipped; empty for a link that is well.
  package func reason(_ language: Language) -> String {
    if let because {
      let name = CheckID(rawValue: because)?.title(language) ?? displaySafe(because)
      return DiagnosisPhrases[language].because(name)
    }
    guard let cause else { return "" }
    return Cause(rawValue: cause)?.words(language).title ?? displaySafe(cause)
  }

  package func remedy(_ language: Language) -> String? {
    guard verdict != .skipped, let cause else { return nil }
    return Cause(rawValue: cause)?.words(language).remedy
  }
}

extension DiagnosisDocument.Item {
  package func title(_ language: Language) -> String { Fact(rawValue: fact)?.title(language) ?? displaySafe(fact) }

  /// The value for people, made safe to show: ids of ours in words, all else as it is.
  package func shown(_ language: Language) -> String {
    let id = Fact(rawValue: fact)
    let words = DiagnosisPhrases[language]
    switch (id, value) {
    case (.role, "signature"): return words.roleSignature
    case (.role, "encryption"): return words.roleEncryption
    case (.role, "authentication"): return words.roleAuthentication
    case (.role, "cardAuthentication"): return words.roleCardAuthentication
    case (.defaultPIN, "yes"): return words.yes
    case (.defaultPIN, "no"): return words.no
    case (.family, _): return TokenFamily(rawValue: value)?.name ?? displaySafe(value)
    default: return displaySafe(value)
    }
  }
}

extension DiagnosisDocument {
  /// `ukey.doctor/1` with the words of one language beside the ids.
  package func json(_ language: Language) -> JSONValue {
    json { row in
      let reason = row.reason(language)
      return RowWords(title: row.title(language), message: reason.isEmpty ? nil : reason, remedy: row.remedy(language))
    }
  }
}
