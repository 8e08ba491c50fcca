import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

extension PINScreen {
  /// What the PIN is asked for. All that stands before a PIN is asked, and when it is wiped, is the same.
  enum Purpose: Sendable {
    case change
    case login(LoginProgress)
    /// The holder's own PIN, set together with a response of the desk.
    case answer(UnlockAnswer)
    /// A new certificate on the key.
    case renewal(RenewalWork)
  }
}

extension PINScreen.Purpose {
  /// What differs besides the words.
  struct Traits {
    /// The fields that are asked for.
    var fields: [PINField]
    /// The administrator's PIN can be chosen in place of the user's.
    var offersRoles: Bool
    /// The diagnosis may help when it fails.
    var offersDiagnosis: Bool
    var submitWord: @Sendable (Words) -> String
    /// What is unknown when the key does not answer.
    var operation: PINOutcome.Uncertain
    /// The command that does the same in the shell.
    var command: String
  }

  /// What differs in words.
  struct Texts {
    var asking: String
    var firstField: String
    /// - Parameter policy: what a PIN may be.
    var firstHint: (_ policy: String) -> String
    var complete: String
    var willHappen: String
    /// Labels that stand in the column of the fields.
    var labels: [String]
  }

  var traits: Traits {
    switch self {
    case .change:
      Traits(
        fields: PINField.allCases, offersRoles: true, offersDiagnosis: false, submitWord: { $0.submit },
        operation: .change, command: "ukey pin change")
    case .login:
      Traits(
        fields: [.old], offersRoles: false, offersDiagnosis: true, submitWord: { $0.beginTest },
        operation: .verify, command: "ukey login-test")
    case .answer:
      Traits(
        fields: [.new, .again], offersRoles: false, offersDiagnosis: false, submitWord: { $0.submit },
        operation: .unblock, command: "ukey unlock apply")
    case .renewal(let work):
      Traits(
        fields: [.old], offersRoles: false, offersDiagnosis: false,
        submitWord: { RenewalScreenWords[$0.language].begin }, operation: .verify,
        command: work.task == .remove ? "ukey renew remove-old" : "ukey renew resume")
    }
  }

  func texts(_ language: Language, comma: String) -> Texts {
    let shared = PINWords[language]
    switch self {
    case .change:
      let words = PINScreenWords[language]
      return Texts(
        asking: words.asking, firstField: shared.oldPIN, firstHint: { _ in words.oldHint },
        complete: words.complete, willHappen: words.willChange,
        labels: [shared.oldPIN, shared.newPIN, shared.repeatPIN, words.kind])
    case .login:
      let words = LoginWords[language]
      return Texts(
        asking: words.asking, firstField: shared.pin, firstHint: { words.pinHint + comma + $0 },
        complete: words.ready, willHappen: words.willTry, labels: [shared.pin, words.certificate])
    case .answer:
      let words = UnlockWords[language]
      return Texts(
        asking: PINScreenWords[language].asking, firstField: "", firstHint: { $0 },
        complete: PINScreenWords[language].complete, willHappen: words.askOwnPIN,
        labels: [shared.newPIN, shared.repeatPIN, words.adminPIN])
    case .renewal(let work):
      let words = RenewalScreenWords[language]
      return Texts(
        asking: PINScreenWords[language].asking, firstField: shared.pin, firstHint: { $0 }, complete: words.ready,
        willHappen: words.willDo(work.act), labels: [shared.pin, UnlockWords[language].certificate])
    }
  }

  /// Seconds after which the user is told that the key does not answer.
  var limit: Int {
    if case .renewal = self { RenewalJob.limit } else { PINChangeJob.limit }
  }

  /// The administrator PIN itself is typed here, and not just used for an answer of the desk.
  var guardsAdmin: Bool {
    if case .change = self { true } else { false }
  }

  /// How far the login has been tried.
  var login: LoginProgress? {
    if case .login(let progress) = self { progress } else { nil }
  }

  var answer: UnlockAnswer? {
    if case .answer(let answer) = self { answer } else { nil }
  }

  /// What a renewal does with the PIN.
  var renewal: RenewalWork? {
    if case .renewal(let work) = self { work } else { nil }
  }

  mutating func begin(_ step: RenewalStep) {
    guard case .renewal(var work) = self else { return }
    work.begun.append(step)
    self = .renewal(work)
  }

  mutating func changeLogin(_ body: (inout LoginProgress) -> Void) {
    guard case .login(var progress) = self else { return }
    body(&progress)
    self = .login(progress)
  }
}
