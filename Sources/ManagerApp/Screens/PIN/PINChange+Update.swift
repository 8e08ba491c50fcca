import Failures
import TerminalKit
import TokenKit
import Wording

extension State {
  /// The PIN screen, wherever it stands under a help.
  var pinIndex: Int? { overlays.lastIndex { if case .pin = $0 { true } else { false } } }

  var pinScreen: PINScreenState? {
    if let index = pinIndex, case .pin(let pin) = overlays[index] { pin } else { nil }
  }

  @discardableResult
  mutating func changePINScreen<Result>(_ body: (inout PINScreenState) -> Result) -> Result? {
    guard let index = pinIndex, case .pin(var pin) = overlays[index] else { return nil }
    let result = body(&pin)
    overlays[index] = .pin(pin)
    return result
  }

  // MARK: Opening and leaving

  /// Why F2 cannot be used now.
  func pinAvailability() -> Availability {
    guard let slot = selectedSlot, !slot.isEmpty else { return .unavailable(words.noKeySelected) }
    guard let snapshot = slot.snapshot else {
      if case .failed = slot.card { return .unavailable(words.cannotRead) }
      return .unavailable(pinWords.stillReading)
    }
    guard snapshot.isComplete else { return .unavailable(pinWords.stillReading) }
    guard pinApplication(snapshot) != nil else { return .unavailable(pinWords.noPIN) }
    return snapshot.profile == nil ? .unavailable(pinWords.noProfile) : .available
  }

  /// The application of the selected certificate, or else of the main one, or the first that has a PIN.
  private func pinApplication(_ snapshot: TokenSnapshot) -> ApplicationSnapshot? {
    func hasPIN(_ application: ApplicationSnapshot) -> Bool {
      application.userPIN.isOffered || application.adminPIN.isOffered
    }
    if let application = selectedEntry?.application, hasPIN(application) { return application }
    return snapshot.applications.value?.first(where: hasPIN)
  }

  /// - Parameter given: what is known of the key, when it is being read anew just now.
  mutating func openPINScreen(_ given: TokenSnapshot? = nil) -> [Effect] {
    guard let snapshot = given ?? selectedSlot?.snapshot, let application = pinApplication(snapshot) else { return [] }
    let reference = PINReference(
      application: application.name, role: application.userPIN.isOffered ? .user : .admin,
      keySerial: snapshot.device.serial.value)
    return openPINScreen(
      of: snapshot, reference, hasAdmin: application.adminPIN.isOffered && application.userPIN.isOffered)
  }

  /// - Parameter login: what is to be tried with the PIN; `nil`: it is to be changed.
  mutating func openPINScreen(
    of snapshot: TokenSnapshot, _ reference: PINReference, hasAdmin: Bool, login: LoginProgress? = nil
  ) -> [Effect] {
    let serial = snapshot.device.serial.value
    let codes = snapshot.places.compactMap { $0.entry.certificate.value?.uscc?.code }
    let pin = PINScreenState(
      query: PINQuery(ticket: takeTicket(), source: snapshot.source, reference: reference),
      keyTitle: [snapshot.title, serial.map { displaySafe($0) }].compactMap { $0 }.joined(separator: " · "),
      identities: [serial?.text].compactMap { $0 } + codes,
      hasAdmin: hasAdmin,
      adminIsPUK: snapshot.family.traits.adminIsPUK,
      showsApplication: (snapshot.applications.value?.count ?? 0) > 1, login: login)
    overlays.append(.pin(pin))
    return [Self.question(pin)]
  }

  /// Asks the key what must be known before its PIN is.
  private static func question(_ pin: PINScreenState) -> Effect {
    if let login = pin.login { .prepareLogin(pin.query, login.test) } else { .preparePIN(pin.query) }
  }

  private mutating func takeTicket() -> Int {
    ticket &+= 1
    return ticket
  }

  /// Wipes what was typed and asks the key again. - Returns: the question.
  mutating func restartPIN(role: PINReference.Role? = nil) -> [Effect] {
    let number = takeTicket()
    let time = now
    let question = changePINScreen { pin in
      pin.wipe()
      pin.ready = nil
      pin.note = nil
      pin.phase = .asking
      pin.isSlow = false
      pin.query.ticket = number
      if let role { pin.query.reference.role = role }
      pin.login?.restart(now: time)
      return Self.question(pin)
    }
    return question.map { [$0] } ?? []
  }

  /// The program is about to stop or to end: nothing typed may stay behind.
  mutating func wipeTyped() {
    changePINScreen { pin in
      let hadSome = pin.view.counts.contains { $0 > 0 }
      pin.wipe()
      if hadSome { pin.note = .wiped }
      if pin.phase == .weak { pin.phase = .editing }
    }
  }

  /// After a stop the tries may be others: the key is asked again, unless there is a result to read.
  mutating func resumePIN() -> [Effect] {
    wipeTyped()
    guard let pin = pinScreen, !pin.isRunning, !pin.isOver else { return [] }
    let note = pin.note
    let effects = restartPIN()
    changePINScreen { $0.note = note }
    return effects
  }

  // MARK: Keys

  mutating func submitPIN() -> [Effect] {
    guard let pin = pinScreen else { return [] }
    switch pin.phase {
    case .confirming:
      changePINScreen { pin in
        if PINScreenWords.isConfirmation(pin.word.text) {
          pin.consent = .low
          pin.phase = .editing
          pin.note = nil
        } else {
          pin.note = .wordDiffers
        }
        pin.word = TextField("")
      }
      return []
    case .editing:
      guard changePINScreen({ $0.completeField() }) == true else { return [] }
      if pin.view.warnings.isEmpty { return sendPIN() }
      changePINScreen { $0.phase = .weak }
      return []
    case .weak: return sendPIN()
    case .ended, .tried:
      if pin.canRetry { return restartPIN() }
      closePIN()
      return []
    case .asking, .lastTry, .running: return []
    }
  }

  private mutating func sendPIN() -> [Effect] {
    let effect = changePINScreen { pin -> Effect? in
      guard let ready = pin.ready else { return nil }
      let pins = ready.fields.handOver()
      let effect: Effect =
        if let login = pin.login {
          .tryLogin(LoginJob(query: pin.query, consent: pin.consent, test: login.test, pins: pins))
        } else {
          .changePIN(PINChangeJob(query: pin.query, consent: pin.consent, pins: pins))
        }
      pin.wipe()
      pin.wasWarned = false
      pin.isSlow = false
      pin.phase = .running
      return effect
    }
    return (effect ?? nil).map { [$0] } ?? []
  }

  /// One level: the question about a weak PIN goes back to the fields, all else leaves the screen.
  mutating func leavePIN() {
    if pinScreen?.phase == .weak {
      changePINScreen { $0.phase = .editing }
    } else if pinScreen?.isRunning == true {
      // Only possible when it is slow. What is certain is told; if the key answers after all, that replaces it.
      changePINScreen { $0.phase = .ended(.unknown($0.login == nil ? .change : .verify, Failure(.cardTimeout))) }
    } else {
      closePIN()
    }
  }

  private mutating func closePIN() {
    changePINScreen { $0.wipe() }
    if let index = pinIndex { overlays.remove(at: index) }
  }

  mutating func toggleRole() -> [Effect] {
    guard let pin = pinScreen else { return [] }
    return restartPIN(role: pin.role == .user ? .admin : .user)
  }

  /// Ctrl-C while the key works: the first press says what it would cost. - Returns: whether to go.
  mutating func mayInterruptPIN() -> Bool {
    guard let pin = pinScreen, pin.isRunning, !pin.wasWarned else { return true }
    changePINScreen { $0.wasWarned = true }
    say(Grade.warning.symbol + " " + pinWords.interruptWarning, .warning)
    return false
  }

  // MARK: Results

  mutating func take(_ query: PINQuery, _ answer: PINAnswer) {
    changePINScreen { pin in
      if pin.query == query, pin.phase == .asking { pin.take(answer) }
    }
  }

  mutating func take(_ query: PINQuery, _ outcome: PINOutcome) -> [Effect] {
    if let pin = pinScreen, pin.query == query, pin.isRunning || pin.isSlow {
      changePINScreen { $0.phase = .ended(outcome) }
    } else {
      let text = PINWords[language].text(outcome, language)
      say(outcome.grade.symbol + " " + text.title, outcome.grade.style)
    }
    return slot(query.source)?.isEmpty == false ? [.reread(query.source)] : []
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
