import CertificateKit
import Failures
import Testing
import TokenKit

@testable import DiagnosisKit

/// The login self-test on a key whose answers the test makes.
@Suite struct LoginTests {
  private static let now: Int64 = 1_795_449_600

  private static func certificate(_ serial: UInt8 = 1, usage: KeyUsage? = [.digitalSignature]) -> Certificate {
    let name = DistinguishedName(attributes: [.init(oid: "2.5.4.3", shortName: "CN", value: "示例")])
    return Certificate(
      der: [0x30, 0x03, 0x02, 0x01, serial], subject: name, issuer: name, serial: [serial],
      validity: Validity(notBefore: now - 86_400, notAfter: now + 30 * 86_400), publicKey: .sm2,
      signatureAlgorithm: "SM3withSM2", keyUsage: usage, extendedKeyUsage: [], uscc: nil)
  }

  private static func test(_ certificate: Certificate = certificate(), serial: TokenName? = "S1") -> LoginSelfTest {
    LoginSelfTest(
      key: SigningKey(application: "A", container: "C", certificate: certificate, keySerial: serial), now: now,
      reminderDays: 60)
  }

  private func run(
    _ token: LoginToken, _ test: LoginSelfTest = test(), opening failure: Failure? = nil
  ) throws -> (trial: LoginTrial, events: [LoginEvent]) {
    var pin = try PIN()
    for scalar in "123456".unicodeScalars { _ = pin.append(scalar) }
    var events: [LoginEvent] = []
    let trial = test.run(
      { () throws(Failure) in
        if let failure { throw failure }
        return token
      }, pin: pin, consent: .normal
    ) { events.append($0) }
    return (trial, events)
  }

  @Test func aBrokenLinkBeforeThePINSendsNone() throws {
    let lost = Failure(.readerLost)
    let cases: [(LoginToken, LoginSelfTest, Failure?, LoginStep, Cause)] = [
      (LoginToken(), Self.test(), lost, .key, .loginKeyLost),
      (LoginToken(), Self.test(serial: "S2"), nil, .key, .loginOtherKey),
      (LoginToken(), Self.test(Self.certificate(2)), nil, .certificate, .signatureMissing),
      (
        LoginToken(certificate: .failed(Failure(.certificateMalformed))), Self.test(), nil, .certificate,
        .certificateBroken
      ),
      (
        LoginToken(certificate: .value(Self.certificate(usage: [.keyAgreement]))),
        Self.test(Self.certificate(usage: [.keyAgreement])), nil, .usage, .wrongUsage
      ),
    ]
    for (token, test, failure, step, cause) in cases {
      let (trial, events) = try run(token, test, opening: failure)
      #expect(trial.first?.step == step && trial.first?.finding.cause == cause)
      #expect(token.signatures == 0 && trial.outcome == nil && trial.first != nil)
      #expect(!events.contains(.started(.pin)))
    }
    for (seconds, cause) in [(Int64(31 * 86_400), Cause.expired), (-2 * 86_400, .notYetValid)] {
      var test = Self.test()
      test.now += seconds
      let token = LoginToken()
      #expect(try run(token, test).trial.first?.finding.cause == cause && token.signatures == 0)
    }
  }

  @Test func whatBecameOfThePINIsTheLink() throws {
    let lost = Failure(.cardRemoved)
    let cases: [(PINOutcome, LoginStep, Cause)] = [
      (.wrong(triesLeft: 4), .pin, .loginPIN), (.locked, .pin, .pinLocked),
      (.unknown(.verify, lost), .pin, .loginUnknown), (.notSent(.tries(2)), .pin, .loginFewTries),
      (.notSent(.noProfile), .pin, .loginNoProfile), (.notSent(.otherKey), .pin, .loginOtherKey),
      (.notSent(.failure(lost)), .pin, .loginNotSent), (.refused(lost), .signature, .loginRefused),
      // A driver that verifies by itself tells so by this failure.
      (.refused(Failure(.signatureInvalid)), .verification, .loginMismatch),
      // Of the login itself: nothing was signed, and whether the PIN is right is not known, unless it says so.
      (.refused(Failure(.libraryRefused, function: "C_Login", number: .ckr(0x100))), .pin, .loginNotCompared),
      (.refused(Failure(.libraryRefused, function: "C_Login", number: .ckr(0xA3))), .pin, .loginExpired),
      (.refused(Failure(.libraryRefused, function: "C_Login", number: .ckr(0x102))), .pin, .loginNoPIN),
      (.refused(Failure(.libraryRefused, function: "C_Sign", number: .ckr(0x30))), .signature, .loginRefused),
      (.notSent(.failure(Failure(.pinNotSet))), .pin, .loginNoPIN),
      // Plugging in again would not help.
      (.refused(Failure(.privateKeyMissing)), .signature, .loginNoPrivateKey),
    ]
    for (outcome, step, cause) in cases {
      let (trial, events) = try run(LoginToken(.pin(outcome)))
      #expect(trial.first?.step == step && trial.first?.finding.cause == cause && trial.outcome == outcome)
      #expect(trial.finding.verdict == .fault && trial.finding.cause == cause)
      // Each link that was found is told once and in order, the broken one last.
      let told = events.compactMap { if case .found(let step, _) = $0 { step } else { nil } }
      #expect(told == trial.steps.map(\.step) && told.last == step)
    }
    #expect(
      try run(LoginToken(.pin(.wrong(triesLeft: 4)))).trial.first?.finding.evidence == [Evidence(.triesLeft, "4")])
  }

  /// A key that was reached and has nothing to log in with is not one that cannot be reached.
  @Test func aKeyWithoutSuchACertificateWasReached() {
    let trial = LoginTrial.failed(Failure(.certificateMissing))
    #expect(trial.first?.step == .certificate && trial.first?.finding.cause == .loginNoCertificate)
    #expect(LoginTrial.failed(Failure(.readerLost)).first?.finding.cause == .loginKeyLost)
  }

  /// What unlocks a PIN is a matter of the kind of key.
  @Test func aLockedPINIsToldWithItsOwnWayOut() {
    func cause(_ family: TokenFamily?) -> Cause? {
      LoginTrial.ended(.locked, after: LoginTrial(), on: family).first?.finding.cause
    }
    #expect(cause(.piv) == .pinLockedHere && cause(.pkcs11) == .pinLockedHere)
    #expect(cause(.gmt0017) == .pinLocked && cause(nil) == .pinLocked)
  }

  /// What this program cannot ask of a key is no fault of the key, and no reason to ask for a PIN.
  @Test func whatCannotBeTestedIsSaidBeforeThePIN() throws {
    let token = LoginToken(obstacle: Failure(.keyKindUnusable, context: "RSA-4096"))
    let (trial, events) = try run(token)
    #expect(trial.first?.step == .usage && trial.first?.finding.cause == .loginUntestable)
    #expect(trial.finding.verdict == .unknown && trial.outcome == nil && token.signatures == 0)
    #expect(!events.contains(.started(.pin)))
  }

  @Test func aSignatureThatDoesNotFitIsSeen() throws {
    let (trial, _) = try run(LoginToken(.signed([0x30, 0])))
    #expect(trial.first?.step == .verification)
    #expect(trial.findings[.signature]?.verdict == .ok)
  }

  @Test func theStepsStandInTheReportAndComeBack() throws {
    let (trial, _) = try run(LoginToken(.pin(.wrong(triesLeft: 4))))
    let result = DiagnosisResult(
      findings: [.login: trial.finding], only: nil, options: DiagnosisOptions(now: Self.now), microseconds: 1)
    for full in [true, false] {
      let document = DiagnosisDocument(result, full: full)
      let row = try #require(document.rows.first)
      #expect(row.steps.map(\.id) == ["login.key", "login.certificate", "login.validity", "login.usage", "login.pin"])
      let file = document.json { DiagnosisDocument.RowWords(title: $0.id, message: nil, remedy: nil) }
      #expect(try DiagnosisDocument(parsing: Array(file.text.utf8)) == document)
    }
  }

  @Test func allLinksThatHoldMakeAPassedTrial() {
    var trial = LoginTrial()
    for step in LoginStep.allCases { trial.set(step, .ok()) }
    #expect(trial.first == nil && trial.steps.map(\.step) == LoginStep.allCases)
  }

  @Test func theSignatureCertificateComesBeforeTheOneForAuthentication() {
    let snapshot = LoginToken().snapshot
    #expect(snapshot.loginCertificate()?.container.name == "C")
    #expect(snapshot.loginCertificate(container: "none") == nil)
    #expect(snapshot.loginCertificate(application: "none") == nil)
  }
}

private final class LoginToken: Token, @unchecked Sendable {
  // Unchecked: each test uses it on one thread.
  let source = TokenSource(provider: "pcsc", reader: "R")
  private let certificate: Reading<Certificate>
  private let answer: SignOutcome
  private(set) var signatures = 0

  private let obstacle: Failure?

  init(_ answer: SignOutcome = .signed([]), certificate: Reading<Certificate>? = nil, obstacle: Failure? = nil) {
    self.answer = answer
    self.obstacle = obstacle
    self.certificate = certificate ?? .value(LoginTests.shown)
  }

  var snapshot: TokenSnapshot {
    TokenSnapshot(
      source: source, family: .gmt0017, atr: [0x3B], device: DeviceInfo(serial: .value("S1")), profile: "A-lm",
      applications: .value([
        ApplicationSnapshot(
          name: "A", userPIN: .notOffered, adminPIN: .notOffered,
          containers: .value([
            ContainerSnapshot(
              name: "C", kind: .value(.sm2), entries: [.init(role: .signature, certificate: certificate)],
              signingObstacle: obstacle)
          ]))
      ]), isComplete: true)
  }

  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot { snapshot }
  func pinSupport() throws(Failure) -> PINSupport { .noProfile }
  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus { throw Failure(.notSupported) }
  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome { .locked }
  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome { .locked }
  func unblockPIN(
    _ reference: PINReference, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome { .locked }
  func sign(_ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent) -> SignOutcome {
    signatures += 1
    return answer
  }
}

extension LoginTests {
  fileprivate static var shown: Certificate { certificate() }
}
