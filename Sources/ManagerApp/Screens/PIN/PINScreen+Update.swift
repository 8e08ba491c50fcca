import DiagnosisKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import Wording

// MARK: Opening

extension PINScreen {
  /// 修改密码 of the selected key.
  static func change(_ world: World) -> Opening<PINScreen> {
    let words = PINScreenWords[world.language]
    switch world.keyInHand {
    case .unavailable(let reason): return .unavailable(reason)
    case .read(let snapshot):
      guard let screen = change(snapshot, world) else { return .unavailable(words.noPIN) }
      return snapshot.profile == nil ? .unavailable(words.noProfile) : .ready(screen)
    }
  }

  /// 修改密码 of this key; `nil` when it has no application with a PIN.
  static func change(_ snapshot: TokenSnapshot, _ world: World) -> PINScreen? {
    guard let application = application(snapshot, world) else { return nil }
    let reference = PINReference(
      application: application.name, role: application.userPIN.isOffered ? .user : .admin,
      keySerial: snapshot.device.serial.value)
    let hasAdmin = application.adminPIN.isOffered && application.userPIN.isOffered
    return PINScreen(snapshot, reference, hasAdmin: hasAdmin, .change)
  }

  /// The application of the selected certificate, or else of the main one, or the first that has a PIN.
  private static func application(_ snapshot: TokenSnapshot, _ world: World) -> ApplicationSnapshot? {
    func hasPIN(_ application: ApplicationSnapshot) -> Bool {
      application.userPIN.isOffered || application.adminPIN.isOffered
    }
    if let application = world.selectedEntry?.application, hasPIN(application) { return application }
    return snapshot.applications.value?.first(where: hasPIN)
  }

  /// 登录自检 with the selected certificate.
  static func login(_ world: World) -> Opening<PINScreen> {
    let words = LoginWords[world.language]
    switch world.keyInHand {
    case .unavailable(let reason): return .unavailable(reason)
    case .read(let snapshot):
      guard let place = loginCertificate(snapshot, world), let key = place.signingKey else {
        return hiddenLogin(snapshot, world)
      }
      guard snapshot.profile != nil else { return .unavailable(words.noProfile) }
      return .ready(login(snapshot, key, place.role, world))
    }
  }

  /// 登录自检 with this certificate of this key.
  static func login(
    _ snapshot: TokenSnapshot, _ key: SigningKey, _ role: ContainerSnapshot.Role, _ world: World
  ) -> PINScreen {
    let test = LoginSelfTest(key: key, now: world.now, reminderDays: world.reminderDays)
    let reference = PINReference(application: key.application, role: .user, keySerial: key.keySerial)
    let progress = LoginProgress(subject: .certificate(test), title: title(key, role, world.language))
    return PINScreen(snapshot, reference, hasAdmin: false, .login(progress))
  }

  /// 登录自检 of a key that shows its certificates after a login only.
  private static func hiddenLogin(_ snapshot: TokenSnapshot, _ world: World) -> Opening<PINScreen> {
    let words = LoginWords[world.language]
    let hiding = snapshot.applications.value?.first { $0.containers.failure?.code == .certificatesPrivate }
    guard let application = hiding?.name else { return .unavailable(words.noCertificate) }
    let reference = PINReference(
      application: application, role: .user, keySerial: snapshot.device.serial.value)
    let subject = LoginSubject.hidden(application: application, now: world.now, reminderDays: world.reminderDays)
    let progress = LoginProgress(subject: subject, title: words.hiddenCertificate)
    return .ready(PINScreen(snapshot, reference, hasAdmin: false, .login(progress)))
  }

  static func title(_ key: SigningKey, _ role: ContainerSnapshot.Role, _ language: Language) -> String {
    Words[language].role(role) + " · " + displaySafe(key.certificate.owner)
  }

  /// The selected certificate, where it logs in; of an encryption certificate, the signature certificate beside it; of a
  /// key, the one that logs in.
  private static func loginCertificate(_ snapshot: TokenSnapshot, _ world: World) -> CertificatePlace? {
    guard case .entry = world.selection, let place = world.selectedEntry else { return snapshot.loginCertificate() }
    if place.signingKey != nil { return place }
    return snapshot.loginCertificate(application: place.application.name, container: place.container.name)
  }
}

// MARK: Life

extension PINScreen {
  /// Asks the key what must be known before its PIN is.
  private var question: Effect {
    switch purpose {
    case .change, .answer, .renewal: .preparePIN(query)
    case .login(let login): .prepareLogin(query, login.subject)
    }
  }

  mutating func opened(_ world: World) -> [Effect] { phase == .guarding ? [] : [question] }

  /// Another key may be in the reader: what was typed for the one before goes with its screen.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    let isGone = event.takesAway(source) || event.replaces(source, keySerial: query.reference.keySerial)
    return isBoundToKey && isGone ? left : .stay
  }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {}

  /// After a stop the tries may be others: the key is asked again, unless there is a result to read.
  mutating func resumed(_ world: World) -> [Effect] {
    guard !isRunning, !isOver, phase != .guarding else { return [] }
    let note = note
    defer { self.note = note }
    return restart(world)
  }

  func hold(_ world: World) -> Hold? {
    guard isRunning else { return nil }
    let words = PINScreenWords[world.language]
    let warning =
      purpose.renewal == nil ? words.interruptWarning : RenewalScreenWords[world.language].interruptWarning
    return Hold(reason: words.running, interruptWarning: warning, mayGoBack: isSlow || padLeft != nil)
  }

  mutating func wipe() {
    let hadSome = view.counts.contains { $0 > 0 }
    clear()
    if hadSome { note = .wiped }
    if phase == .weak { phase = .editing }
  }

  func closed() -> [Effect] { purpose.answer.map { [.release($0.session)] } ?? [] }

  /// Wipes what was typed and waits for the word that leads to the administrator PIN.
  mutating func askForAdmin() {
    clear()
    ready = nil
    note = nil
    phase = .guarding
    // What the key was asked for the other PIN is not waited for any more.
    query.question += 1
  }

  /// Wipes what was typed and asks the key again. - Returns: the question.
  mutating func restart(_ world: World, role: PINReference.Role? = nil) -> [Effect] {
    clear()
    ready = nil
    note = nil
    phase = .asking
    isSlow = false
    padLeft = nil
    query.question += 1
    if let role { query.reference.role = role }
    purpose.changeLogin { $0.restart(now: world.now) }
    return [question]
  }
}

// MARK: Answers

/// What comes of the questions to a key and of what its PIN was sent for.
enum PINReply: Sendable {
  /// The tries left and empty fields for a PIN.
  case prepared(PINQuery, PINAnswer)
  case changed(PINQuery, PINOutcome)
  /// The operation has not ended within ``PINChangeJob/limit``.
  case slow(PINQuery)
  /// The keypad waits for so many seconds more.
  case pad(PINQuery, secondsLeft: Int)
  /// A login being tried has come so far.
  case login(PINQuery, LoginEvent)
  case tried(PINQuery, LoginTrial)
  /// After a login the key has shown with which certificate it is tried.
  case chosen(PINQuery, LoginSelfTest)
  /// A response was sent with the holder's own PIN; half: the key is unlocked, and has the temporary one.
  case answered(PINQuery, PINOutcome, isHalf: Bool)
  /// A renewal has come to this step.
  case step(PINQuery, RenewalStep)
  case renewed(PINQuery, RenewalEnded)
  /// The key service came, or why it did not start.
  case service(Failure?)
}

extension PINScreen {
  static func reply(in answer: ScreenReply) -> PINReply? {
    switch answer {
    case .pin(let reply): reply
    case .service(.connected): .service(nil)
    case .service(.started(let failure?)): .service(failure)
    default: nil
    }
  }

  mutating func take(_ reply: PINReply, _ world: inout World) -> Step {
    // What was said when it was left is as much as is known.
    if isNoNews(reply) { return Step(move: .stay, effects: Self.reread(query, world)) }
    // A key that was given up may answer yet.
    let isAwaited = isRunning || isSlow
    switch reply {
    case .prepared(query, let answer): if phase == .asking { take(answer) }
    case .slow(query): if isRunning { isSlow = true }
    case .pad(query, let left): if isRunning { padLeft = left }
    case .login(query, let event): if isRunning { purpose.changeLogin { $0.take(event) } }
    case .chosen(query, let test):
      let title = Self.title(test.key, .signature, world.language)
      purpose.changeLogin { ($0.subject, $0.title) = (.certificate(test), title) }
    case .changed(query, let outcome) where isAwaited:
      phase = .ended(outcome)
      return Step(move: .stay, effects: Self.reread(query, world))
    case .answered(query, let outcome, let isHalf) where isAwaited:
      phase = .ended(outcome)
      self.isHalf = isHalf
      return Step(move: .stay, effects: Self.reread(query, world))
    case .step(query, let step): if isRunning { purpose.begin(step) }
    case .renewed(query, let ended) where isAwaited: return take(ended, world)
    case .tried(query, let trial) where isAwaited:
      end(trial)
      return Step(move: .stay, effects: Self.reread(query, world))
    case .service(let failure):
      purpose.changeLogin { $0.isServiceStarting = false }
      if let failure { world.sayServiceFailed(failure) }
    case .prepared, .slow, .pad, .login, .chosen, .changed, .tried, .answered, .step, .renewed:
      // To an earlier question of this screen.
      return Step(move: .stay, effects: Self.missed(reply, &world))
    }
    return .stay
  }

  /// Whether it says again that it is not known what became of it.
  private func isNoNews(_ reply: PINReply) -> Bool {
    guard case .ended(.unknown) = phase else { return false }
    switch reply {
    case .changed(query, .unknown), .answered(query, .unknown, _): return true
    case .renewed(query, let ended):
      if case .pin(.unknown) = ended.result { return true } else { return false }
    case .tried(query, let trial): if case .unknown? = trial.outcome { return true } else { return false }
    default: return false
    }
  }

  /// Its screen was left: a result is told all the same.
  static func missed(_ reply: PINReply, _ world: inout World) -> [Effect] {
    switch reply {
    case .prepared, .slow, .pad, .login, .chosen, .service, .step: return []
    case .renewed(let query, let ended):
      let (text, grade) = RenewalWork.told(ended, world.language)
      world.say(grade.symbol + " " + text, grade.style)
      return reread(query, world)
    case .changed(let query, let outcome):
      let text = PINWords[world.language].text(outcome, world.language)
      world.say(outcome.grade.symbol + " " + text.title, outcome.grade.style)
      return reread(query, world)
    case .answered(let query, let outcome, _):
      let text = UnlockWords[world.language].text(outcome, world.language)
      world.say(outcome.grade.symbol + " " + text.title, outcome.grade.style)
      return reread(query, world)
    case .tried(let query, let trial):
      if let (step, finding) = trial.first {
        let text = LoginWords[world.language].brokenAt(step.title(world.language))
        world.say(finding.verdict.symbol + " " + text, finding.verdict.style)
      } else {
        world.say(Verdict.ok.symbol + " " + DiagnosisPhrases[world.language].loginPassed, .ok)
      }
      return reread(query, world)
    }
  }

  static func reread(_ query: PINQuery, _ world: World) -> [Effect] {
    world.slot(query.source)?.isEmpty == false ? [.reread(query.source)] : []
  }

  /// The tries left as just read decide what is asked first.
  private mutating func take(_ answer: PINAnswer) {
    switch answer {
    case .ended(let outcome): phase = .ended(outcome)
    case .broken(let trial): end(trial)
    case .ready(let ready):
      self.ready = ready
      switch ready.status.consentNeeded {
      case .normal: phase = ready.policy.padLimit == nil ? .editing : .pad
      case .low: phase = .confirming
      case .last:
        phase = .lastTry
        self.ready?.fields.wipe()
      }
      consent = .normal
    }
  }

  private mutating func end(_ trial: LoginTrial) {
    purpose.changeLogin { $0.end(trial) }
    phase = .tried
  }
}

extension Reading {
  /// There is such a thing, whether or not it could be read.
  var isOffered: Bool {
    switch self {
    case .value, .failed: true
    case .absent, .notOffered: false
    }
  }
}

extension PINOutcome {
  var grade: Grade {
    switch self {
    case .verified, .changed, .unblocked: .ok
    case .wrong, .locked: .error
    case .notSent, .refused, .unknown: .warning
    }
  }
}
