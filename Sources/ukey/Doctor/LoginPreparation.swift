import Base
import DiagnosisKit
import Failures
import TokenKit
import Wording

/// The login self-test of a command: everything that is asked of the user is asked before the diagnosis begins, after
/// the tries left have been shown. The PIN is asked only when the links before it hold, and sent at most once.
enum LoginPreparation {
  /// - Returns: the test for the diagnosis; it carries the PIN, which is wiped once it has been tried.
  /// - Throws: as asking for the PIN does: not given, against the rules, few tries not agreed to, cancelled;
  ///   `UK-113` when several keys are plugged in.
  static func prepare(
    _ keys: KeySelection, _ providers: [any TokenProvider], asking: PINOptions, common: CommonOptions,
    reminderDays: Int, now: Int64
  ) throws(Failure) -> LoginTest {
    let key: OneKey
    let application: ApplicationSnapshot
    do throws(Failure) {
      key = try OneKey.find(keys, among: providers)
      application = try key.snapshot.application(asking.application)
    } catch {
      // Nothing is broken: it has to be said which key.
      if error.code == .severalKeys { throw error }
      // Why there is nothing to log in with is the chain's business to explain.
      return { _ in .failed(error) }
    }
    guard let signing = key.snapshot.loginCertificate(application: application.name)?.signingKey else {
      return { _ in .failed(Failure(.certificateMissing)) }
    }
    let test = LoginSelfTest(key: signing, now: now, reminderDays: reminderDays)
    let before = test.before(in: key.snapshot)
    if before.first != nil { return { _ in before } }
    let words = PINWords[common.language]
    let reference = PINReference(application: application.name, role: .user, keySerial: signing.keySerial)
    let session = PINSession(token: key.token, words: words, asking: asking, common: common)
    switch try begin(session, reference) {
    case .failure(let failure): return { _ in .failed(failure) }
    case .success(.ended(let outcome)):
      let trial = LoginTrial.ended(outcome, after: before, test)
      return { _ in trial }
    case .success(.ready(let policy, let consent)):
      let pin = try session.pin(DoctorWords[common.language].pin, policy)
      if policy.refusal(current: pin) != nil { throw Failure(.pinRule) }
      let holder = LoginPIN(pin)
      // Before the threads of the diagnosis begin, which take the mask from here.
      PINSession.holdSignals()
      return { snapshot in
        holder.run(test, consent) { () throws(Failure) in
          guard let provider = providers.first(where: { $0.name == snapshot.source.provider }) else {
            throw Failure(.keyChanged)
          }
          return try provider.open(snapshot.source.reader)
        }
      }
    }
  }

  /// A key that cannot be asked is the chain's business too; what the user said no to, or could not give, is not.
  private static func begin(
    _ session: PINSession, _ reference: PINReference
  ) throws(Failure) -> Result<PINSession.Begun, Failure> {
    do throws(Failure) {
      return .success(try session.begin(reference))
    } catch {
      switch error.code {
      case .pinNotGiven, .pinRule, .pinTries, .cancelled, .secretMemory: throw error
      default: return .failure(error)
      }
    }
  }
}

/// Holds the PIN until the diagnosis comes to the login, and no longer.
private final class LoginPIN: @unchecked Sendable {
  // Unchecked: `turn` guards it. A link that took too long goes on beside the walk that left it behind.
  private let turn = Condition()
  private var pin: PIN?

  init(_ pin: consuming PIN) { self.pin = consume pin }

  /// A second run has no PIN any more: it would be a try that nobody agreed to.
  func run(_ test: LoginSelfTest, _ consent: TryConsent, _ open: @escaping LoginSelfTest.Opening) -> LoginTrial {
    guard let pin = take() else { return .failed(Failure(.pinNotGiven)) }
    return test.run(open, pin: pin, consent: consent)
  }

  private func take() -> PIN? {
    var taken: PIN?
    turn.withLock { taken = pin.take() }
    return taken
  }
}
