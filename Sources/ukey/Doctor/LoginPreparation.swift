import Base
import DiagnosisKit
import Failures
import TokenKit
import Wording

/// The login self-test of a command: everything that is asked of the user is asked before the diagnosis begins, after
/// the tries left have been shown. The PIN is asked only when the links before it hold, and sent at most once.
enum LoginPreparation {
  /// The test for the diagnosis, and the key as it was read for it.
  struct Prepared {
    /// It carries the PIN, which is wiped once it has been tried.
    var test: LoginTest
    /// Complete but for certificates that do not log in; `nil` where the key could not be read.
    var seen: TokenSnapshot?
    /// What is in ``seen`` is to be seen after a login only.
    var isHidden = false

    init(_ test: @escaping LoginTest) { self.test = test }

    /// Nothing is left to be tried.
    init(_ trial: LoginTrial, _ seen: TokenSnapshot? = nil) {
      test = { _ in trial }
      self.seen = seen
    }
  }

  /// - Parameter container: only its certificates.
  /// - Throws: as asking for the PIN does: not given, against the rules, few tries not agreed to, cancelled;
  ///   `UK-113` when several keys are plugged in.
  static func prepare(
    _ keys: KeySelection, _ providers: [any TokenProvider], asking: PINOptions, common: CommonOptions,
    reminderDays: Int, now: Int64, container: String? = nil
  ) throws(Failure) -> Prepared {
    let key: OneKey
    let application: ApplicationSnapshot
    do throws(Failure) {
      let isRetired = container.map { PIVSlots.isRetired($0) } == true
      key = try OneKey.find(keys, among: providers, .login, retiredSlots: isRetired)
      application = try key.snapshot.application(asking.application)
    } catch {
      // Nothing is broken: it has to be said which key.
      if error.code == .severalKeys { throw error }
      // Why there is nothing to log in with is the chain's business to explain.
      return Prepared(.failed(error))
    }
    let session = PINSession(
      token: key.token, words: PINWords[common.language], asking: asking, common: common, snapshot: key.snapshot)
    let reference = PINReference(
      application: application.name, role: .user, keySerial: key.snapshot.device.serial.value)
    var found: (test: LoginSelfTest, before: LoginTrial)?
    if let place = place(key.snapshot, application, container), let signing = place.signingKey {
      let test = LoginSelfTest(key: signing, now: now, reminderDays: reminderDays)
      found = (test, test.before(in: key.snapshot))
      Output.note(DoctorWords[common.language].trying(place.summary(common.language)))
    } else if application.containers.failure?.code != .certificatesPrivate {
      return Prepared(.failed(Failure(.certificateMissing)), key.snapshot)
    }
    let before = found?.before ?? LoginTrial()
    if before.first != nil { return Prepared(before, key.snapshot) }
    switch try begin(session, reference) {
    case .failure(let failure):
      return Prepared(.ended(.notSent(.failure(failure)), after: before, on: key.snapshot.family), key.snapshot)
    case .success(.ended(let outcome)):
      return Prepared(.ended(outcome, after: before, on: key.snapshot.family), key.snapshot)
    case .success(.ready(let policy, let consent)):
      let pin = try session.pin(DoctorWords[common.language].pin, policy)
      if policy.refusal(current: pin) != nil { throw Failure(.pinRule) }
      // Before the threads of the diagnosis begin, which take the mask from here.
      PINSession.holdSignals()
      if let found {
        var prepared = Prepared(test(found.test, consume pin, consent, providers, common))
        prepared.seen = key.snapshot
        return prepared
      }
      return try hidden(key.token, consume pin, reference, consent, providers, common) { snapshot in
        guard let application = snapshot.applications.value?.first(where: { $0.name == reference.application }),
          let place = place(snapshot, application, container), let signing = place.signingKey
        else { return nil }
        Output.note(DoctorWords[common.language].trying(place.summary(common.language)))
        return LoginSelfTest(key: signing, now: now, reminderDays: reminderDays)
      }
    }
  }

  private static func place(
    _ snapshot: TokenSnapshot, _ application: ApplicationSnapshot, _ container: String?
  ) -> CertificatePlace? {
    guard let container else { return snapshot.loginCertificate(application: application.name) }
    let named = application.containers.value?.first { $0.name.text.lowercased() == container.lowercased() }
    return named.flatMap { snapshot.loginCertificate(application: application.name, container: $0.name) }
  }

  /// The certificates are to be seen after a login only: the key is read once more with this PIN, which is sent again for
  /// the signature only where it was right.
  ///
  /// - Throws: what became of the PIN, where it was not accepted: the chain has nothing to look at then.
  private static func hidden(
    _ token: any Token, _ pin: consuming PIN, _ reference: PINReference, _ consent: TryConsent,
    _ providers: [any TokenProvider], _ common: CommonOptions, _ choose: (TokenSnapshot) -> LoginSelfTest?
  ) throws(Failure) -> Prepared {
    switch token.readLoggedIn(pin, reference, consent: consent) {
    case .pin(let outcome): throw outcome.loginFailure
    case .read(let snapshot):
      guard let chosen = choose(snapshot) else { return Prepared(.failed(Failure(.certificateMissing)), snapshot) }
      let before = chosen.before(in: snapshot)
      var prepared =
        before.first == nil ? Prepared(test(chosen, consume pin, consent, providers, common)) : Prepared(before)
      prepared.seen = snapshot
      prepared.isHidden = true
      return prepared
    }
  }

  /// The test itself, on the key as the diagnosis has it.
  private static func test(
    _ test: LoginSelfTest, _ pin: consuming PIN, _ consent: TryConsent, _ providers: [any TokenProvider],
    _ common: CommonOptions
  ) -> LoginTest {
    let holder = LoginPIN(pin)
    let (language, isJSON) = (common.language, common.json)
    return { snapshot in
      let notice = WaitNotice(language) {
        let report = FailureReport(failure: Failure(.pinUnknown, causes: [Failure(.cancelled)]), language: language)
        if isJSON { Output.outcome(report.json.text) } else { Output.note(report.text) }
        return .outcomeUnknown
      }
      defer { notice.end() }
      var test = test
      test.seen = snapshot
      return holder.run(test, consent) { () throws(Failure) in
        guard let provider = providers.first(where: { $0.name == snapshot.source.provider }) else {
          throw Failure(.keyChanged)
        }
        return try provider.open(snapshot.source.reader)
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

extension PINOutcome {
  /// What became of a PIN that did not let us in, as a failure.
  fileprivate var loginFailure: Failure {
    switch self {
    case .wrong(let left): Failure(.pinWrong, context: left.map { "\($0)" })
    case .locked: Failure(.pinLocked)
    case .unknown(_, let failure): Failure(.pinUnknown, causes: [failure])
    case .refused(let failure), .notSent(.failure(let failure)): failure
    case .notSent(.rule(let rule)): Failure(.pinRule, context: rule.name)
    case .notSent(.tries(let left)): Failure(.pinTries, context: left.map { "\($0)" })
    case .notSent(.noProfile): Failure(.pinProfile)
    case .notSent(.otherKey): Failure(.keyChanged)
    case .verified, .changed, .unblocked: Failure(.internalError, function: "login")
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
