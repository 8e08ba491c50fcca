import CertificateKit
import Failures
import RenewalKit
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The screen 换发证书: a new pair and certificate on the key, from what will happen to the old one's removal. What it
/// shows is what was found on the key and in the state directory, so that it may be left and come back to at any step.
struct RenewalScreen: ScreenModel {
  enum Phase: Sendable, Equatable {
    /// The key is being looked at.
    case looking
    /// Nothing is begun: what will happen.
    case plan
    /// An order is under way: where it stands, and what comes next.
    case standing
    /// An answer is being read.
    case reading
    /// What the answer brings, against the old certificate.
    case review
    /// The new certificate is there, the old one too.
    case installed
    /// The old one is to go: waits for the word.
    case removing
    case closed
    /// It stopped after the PIN was accepted.
    case stopped(Failure)
  }

  let kind: UnlockKind
  let source: TokenSource
  let keySerial: TokenName?
  let keyTitle: String
  /// The certificate that it was opened for.
  let certificate: Certificate
  private(set) var application: ApplicationSnapshot
  private(set) var snapshot: TokenSnapshot

  var phase = Phase.looking
  var offer: RenewalOffer?
  var journal: RenewalJournal?
  /// The old order is left, another is begun.
  var isNew = false
  /// Written just now.
  var made: UnlockMade?
  var files: RenewalFiles?
  /// Whether this desktop opens the form, and prints it.
  var canOpen = false
  var canPrint = false
  var proof: RenewalProof?
  /// It stopped where the old certificate may be gone.
  var mayHaveRemoved = false
  /// The file of the answer, and those that were read before.
  var field = TextField("")
  var parts: [String] = []
  var answer: RenewalAnswer?
  var failure: Failure?
  var word = TextField("")
  /// Another word was typed.
  var wordDiffers = false
  var scroll = Scroll()

  private init(_ kind: UnlockKind, _ snapshot: TokenSnapshot, _ subject: CertificatePlace, _ certificate: Certificate) {
    self.kind = kind
    self.snapshot = snapshot
    self.certificate = certificate
    source = snapshot.source
    keySerial = snapshot.device.serial.value
    application = subject.application
    keyTitle = [snapshot.title, keySerial.map { displaySafe($0) }].compactMap { $0 }.joined(separator: " · ")
  }

  /// For the selected certificate; without one, and for what is not done on a key, it is a request on paper.
  static func open(_ world: World, _ kind: UnlockKind) -> Opening<RenewalScreen> {
    guard kind.isDoneOnKey, case .read(let snapshot) = world.keyInHand,
      let subject = world.selectedSubject ?? snapshot.mainCertificate.flatMap({ snapshot.subject(of: $0) }),
      let certificate = subject.certificate.value
    else { return .unavailable(world.words.noCertificateSelected) }
    return .ready(RenewalScreen(kind, snapshot, subject, certificate))
  }

  var screen: Screen { .renewal(self) }
  let isCovering = true

  func draw(_ world: World, _ frame: inout Frame) { RenewalPicture(renewal: self, world: world).draw(&frame) }

  var query: RenewalQuery { RenewalQuery(source: source, keySerial: keySerial, certificate: certificate.der) }
  var beginning: RenewalBeginning? { offer.map { RenewalBeginning(offer: $0, isNew: isNew) } }

  /// The business of the order, where there is one.
  var shownKind: UnlockKind { isNew ? kind : journal?.kind ?? kind }

  /// The certificate that is renewed.
  var old: Certificate? { journal?.oldCertificate.flatMap { try? Certificate(der: $0) } ?? certificate }

  /// The one that came of it.
  var new: Certificate? {
    answer?.checked.signature ?? journal?.signature.flatMap { try? Certificate(der: $0) }
  }

  /// Waits for a file to be named.
  var asksForAnswer: Bool { phase == .standing && journal?.stage == .requested }

  /// What was agreed to on the way may have changed the key.
  mutating func take(_ found: RenewalFound) {
    offer = found.offer
    snapshot = found.snapshot
    application = snapshot.applications.value?.first { $0.name == application.name } ?? application
    journal = found.journal
    rephase()
  }

  /// What is shown of the order as it stands.
  mutating func rephase() {
    switch journal?.stage {
    case nil: phase = .plan
    case .installed: phase = .installed
    case .closed: phase = .closed
    case .begun, .paired, .requested, .answered: phase = .standing
    }
  }

  /// As it is after something was done on the key.
  func after(_ ended: RenewalEnded) -> RenewalScreen {
    var screen = self
    screen.journal = ended.journal
    screen.failure = nil
    screen.scroll = Scroll()
    screen.word = TextField("")
    screen.mayHaveRemoved = ended.mayHaveRemoved
    switch ended.result {
    case .requested(let files):
      (screen.files, screen.phase, screen.isNew) = (files, .standing, false)
    case .installed(let proof):
      (screen.proof, screen.phase, screen.answer) = (proof, .installed, nil)
    case .removed: screen.phase = .closed
    case .failed(let failure):
      screen.phase = .stopped(failure)
      screen.answer = nil
    case .pin: break
    }
    return screen
  }

  /// What is to be done next on the key.
  var task: RenewalTask? {
    switch (phase, journal?.stage) {
    case (.review, _), (.standing, .answered): .install
    case (.removing, _): .remove
    case (.standing, .begun), (.standing, .paired): .request
    default: nil
    }
  }

  /// The screen that asks for the PIN and does it; this one comes back after it.
  func askPIN(_ task: RenewalTask) -> Step {
    guard let journal else { return .stay }
    let reference = PINReference(application: journal.application, role: .user, keySerial: keySerial)
    let work = RenewalWork(screen: self, task: task, journal: journal)
    return .replace(PINScreen(snapshot, reference, hasAdmin: false, .renewal(work)))
  }

  /// The same right after the request was written.
  func askPIN(for order: RenewalJournal, _ made: UnlockMade) -> Step {
    var screen = self
    (screen.journal, screen.made, screen.phase, screen.isNew) = (order, made, .standing, false)
    return screen.askPIN(.request)
  }
}

extension UnlockKind {
  /// Where the key takes it. A replacement is for another key.
  var isDoneOnKey: Bool { self == .renew || self == .change }
}

extension RenewalScreen {
  /// How far the order has come, step by step.
  enum Mark: Sendable, Equatable { case done, next, toCome }

  var milestones: [(RenewalMilestone, Mark)] {
    guard let journal else { return [] }
    let hasPair = journal.stage.isBefore(.answered) ? journal.keyKind == .sm2 : journal.envelope != nil
    let steps = RenewalMilestone.allCases.filter { $0 != .encryptionPair || hasPair }
    var hasNext = false
    return steps.map { step in
      if isDone(step, journal) { return (step, .done) }
      defer { hasNext = true }
      return (step, hasNext ? .toCome : .next)
    }
  }

  private func isDone(_ step: RenewalMilestone, _ journal: RenewalJournal) -> Bool {
    let isInstalled = !journal.stage.isBefore(.installed)
    switch step {
    case .pair: return journal.pair != nil
    case .request: return !journal.stage.isBefore(.requested)
    case .answer: return !journal.stage.isBefore(.answered)
    case .encryptionPair: return isInstalled || holds(journal.encryption)
    case .certificates:
      return isInstalled
        || (holds(journal.signature) && (journal.encryption == nil || holds(journal.encryption)))
    case .check: return isInstalled
    case .removal: return journal.stage == .closed
    }
  }

  /// The key holds this certificate, as it was last looked at.
  private func holds(_ der: [UInt8]?) -> Bool {
    der != nil && snapshot.places.contains { $0.certificate.value?.der == der }
  }
}

extension RenewalStage {
  func isBefore(_ other: RenewalStage) -> Bool {
    guard let own = Self.allCases.firstIndex(of: self), let its = Self.allCases.firstIndex(of: other) else {
      return false
    }
    return own < its
  }
}
