import CertificateKit
import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The screen 业务申请: unlocking, renewal, replacement, change.
struct UnlockScreen: ScreenModel {
  enum Field: Int, Sendable, CaseIterable {
    case kind, certificate, name, mobile, reason, delivery, address, file, remember

    /// Chosen with ← → instead of typed.
    var isChoice: Bool { [.kind, .certificate, .delivery, .remember].contains(self) }

    /// The same field as the rules know it.
    var ruled: FieldProblem.Field? {
      switch self {
      case .name: .name
      case .mobile: .mobile
      case .reason: .reason
      case .address: .address
      case .kind, .certificate, .delivery, .file, .remember: nil
      }
    }
  }

  enum Phase: Sendable, Equatable {
    case editing
    /// All that will be written is shown: waits for Enter.
    case review
    case making
    /// Files of these names are there: waits for what is to be done.
    case taken(Failure)
    /// A request is written, now or earlier: the key may be put away.
    case made
    case challenging
    /// The challenge is open and the key held, a response may be named.
    case waiting
    case checking
    /// The challenge has ended.
    case closed(Failure?)
    /// Another program has applied the response.
    case doneElsewhere
  }

  let snapshot: TokenSnapshot
  let keyTitle: String
  let language: Language
  /// What the request can be about; empty on a key without certificates.
  let subjects: [CertificatePlace]
  /// Place in ``subjects``.
  private(set) var chosen: Int
  /// Of a key without certificates.
  private let onlyApplication: ApplicationSnapshot

  var phase = Phase.editing
  var focus = Field.name
  var kind: UnlockKind {
    didSet { if kind != oldValue { suggestReason() } }
  }
  /// The reason was put there and not typed.
  var isReasonSuggested = true
  var delivery = Applicant.Delivery.collect
  var remember = false
  var texts: [Field: TextField]
  /// The file of the response.
  var response = TextField("")
  var problems: [FieldProblem] = []
  var failure: Failure?
  var made: UnlockMade?
  var open: UnlockOpen?
  private var usualFile: String { "~/" + RequestMaking.fileName(keySerial: keySerial?.text) }
  /// Of ``subjects``, when the screen was opened.
  private let validityStates: [Validity.State?]
  /// A name that is free, where the one that was chosen is taken.
  var freeName: String?
  /// Files of the chosen name may be replaced: asked and answered.
  var overwrites = false
  /// What the desktop can do with the form.
  var canOpen = false
  var canPrint = false
  /// A response that came by itself, while it stands in the field as it came: a proposal.
  var noticed: String?
  /// One that came while something else stood in the field; it is proposed as soon as that is cleared.
  var arrived: String?
  /// Esc was pressed once while a challenge is open.
  var wasWarned = false
  /// The business is done on the key; `nil`: by paper.
  var renewal: RenewalScreen?
  /// Why it is done by paper.
  var obstacle: Failure?

  var source: TokenSource { snapshot.source }
  var keySerial: TokenName? { snapshot.device.serial.value }
  var isRunning: Bool { phase == .making || phase == .challenging || phase == .checking }
  /// The key must stay: its challenge is open.
  var isOpen: Bool { open != nil && (phase == .waiting || phase == .checking) }

  /// - Parameter entry: what was selected.
  init(
    snapshot: TokenSnapshot, application: ApplicationSnapshot, entry: CertificatePlace?, kind: UnlockKind,
    _ world: World
  ) {
    self.snapshot = snapshot
    self.kind = kind
    language = world.language
    validityStates = snapshot.subjects.map {
      $0.certificate.value?.validity.state(now: world.now, reminderDays: world.reminderDays)
    }
    subjects = snapshot.subjects
    let subject = (entry ?? snapshot.mainCertificate).flatMap { snapshot.subject(of: $0) }
    chosen = subjects.firstIndex { $0.path == subject?.path } ?? 0
    onlyApplication = application
    texts = [:]
    keyTitle = [snapshot.title, snapshot.device.serial.value.map { displaySafe($0) }].compactMap { $0 }
      .joined(separator: " · ")
    texts = [
      .name: TextField(""), .mobile: TextField(""), .reason: TextField(""), .address: TextField(""),
      .file: TextField(usualFile),
    ]
    suggestReason()
  }

  var screen: Screen { .unlock(self) }
  let isCovering = true

  /// A new pair is made on the key, as long as the form is still about what was looked at.
  var onKey: RenewalScreen? {
    guard let renewal, kind == renewal.kind, certificate?.der == renewal.certificate.der else { return nil }
    return renewal
  }

  func draw(_ world: World, _ frame: inout Frame) { UnlockPicture(unlock: self, world: world).draw(&frame) }

  func text(_ field: Field) -> String { texts[field]?.text ?? "" }

  var applicant: Applicant {
    Applicant(
      name: text(.name), mobile: text(.mobile), reason: text(.reason), delivery: delivery, address: text(.address))
  }

  /// What was remembered, and a request that waits, unless something was typed meanwhile.
  mutating func take(_ found: UnlockFound) {
    (canOpen, canPrint) = (found.canOpen, found.canPrint)
    if phase == .editing, let name = found.freeName, text(.file) == usualFile { texts[.file] = TextField(name) }
    guard phase == .editing, text(.name).isEmpty, text(.mobile).isEmpty else { return }
    if let remembered = found.applicant {
      texts[.name] = TextField(remembered.name)
      texts[.mobile] = TextField(remembered.mobile)
      texts[.address] = TextField(remembered.address)
      delivery = remembered.delivery
      remember = true
    }
    // One that waits is a request for unlocking; who asks for something else is not led there.
    if kind == .unlock, let waiting = found.waiting {
      made = waiting
      phase = .made
    }
  }

  /// The application of the request that was made; `nil` when the key has none of that name any more.
  var challenged: TokenName? {
    made.flatMap { made in snapshot.applications.value?.first { $0.name.text == made.application }?.name }
  }

  /// The fields that are asked for, top to bottom.
  var fields: [Field] {
    Field.allCases.filter { field in
      switch field {
      case .address: delivery == .post
      case .certificate: subjects.count > 1
      default: true
      }
    }
  }

  /// The certificate that the request is about.
  var subject: CertificatePlace? { subjects.indices.contains(chosen) ? subjects[chosen] : nil }
  var certificate: Certificate? { subject?.certificate.value }
  var application: ApplicationSnapshot { subject?.application ?? onlyApplication }
  var certificateUSCC: String? { certificate?.uscc?.code }

  mutating func choose(by step: Int) {
    guard !subjects.isEmpty else { return }
    chosen = (chosen + step + subjects.count) % subjects.count
    suggestReason()
  }

  /// The usual reason for this kind of request and this certificate, until another is typed.
  private mutating func suggestReason() {
    guard isReasonSuggested else { return }
    texts[.reason] = TextField(
      UnlockWords[language].suggestedReason(
        kind, isLocked: application.userPIN.value?.isLocked == true, isExpired: isExpired))
  }

  private var isExpired: Bool { validityStates.indices.contains(chosen) && validityStates[chosen] == .expired }

  mutating func move(by step: Int) {
    let fields = fields
    let index = fields.firstIndex(of: focus) ?? 0
    focus = fields[(index + step + fields.count) % fields.count]
  }

  /// Whether the fields can be shown for review; else the first wrong one gets the focus.
  mutating func check() -> Bool {
    problems = applicant.problems(certificateUSCC: certificateUSCC)
    guard let first = problems.first(where: \.isError) else { return !text(.file).isEmpty }
    focus = fields.first { $0.ruled == first.field } ?? focus
    return false
  }
}
