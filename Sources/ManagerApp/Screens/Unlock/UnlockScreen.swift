import CertificateKit
import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The screen 解锁申请.
struct UnlockScreen: ScreenModel {
  enum Field: Int, Sendable, CaseIterable {
    case kind, name, mobile, reason, delivery, address, file, remember

    /// Chosen with ← → instead of typed.
    var isChoice: Bool { self == .kind || self == .delivery || self == .remember }

    /// The same field as the rules know it.
    var ruled: FieldProblem.Field? {
      switch self {
      case .name: .name
      case .mobile: .mobile
      case .reason: .reason
      case .address: .address
      case .kind, .delivery, .file, .remember: nil
      }
    }
  }

  enum Phase: Sendable, Equatable {
    case editing
    /// All that will be written is shown: waits for Enter.
    case review
    case making
    /// A request is written, now or earlier: the key may be put away.
    case made
    case challenging
    /// The challenge is open and the key held, a response may be named.
    case waiting
    case checking
    /// The challenge has ended.
    case closed(Failure?)
  }

  let snapshot: TokenSnapshot
  let application: ApplicationSnapshot
  let keyTitle: String

  var phase = Phase.editing
  var focus = Field.name
  var kind = UnlockKind.unlock
  var delivery = Applicant.Delivery.collect
  var remember = false
  var texts: [Field: TextField]
  /// The file of the response.
  var response = TextField("")
  var problems: [FieldProblem] = []
  var failure: Failure?
  var made: UnlockMade?
  var open: UnlockOpen?
  /// Esc was pressed once while a challenge is open.
  var wasWarned = false

  var source: TokenSource { snapshot.source }
  var keySerial: TokenName? { snapshot.device.serial.value }
  var isRunning: Bool { phase == .making || phase == .challenging || phase == .checking }
  /// The key must stay: its challenge is open.
  var isOpen: Bool { open != nil && (phase == .waiting || phase == .checking) }

  init(snapshot: TokenSnapshot, application: ApplicationSnapshot, reason: String) {
    self.snapshot = snapshot
    self.application = application
    keyTitle = [snapshot.title, snapshot.device.serial.value.map { displaySafe($0) }].compactMap { $0 }
      .joined(separator: " · ")
    texts = [
      .name: TextField(""), .mobile: TextField(""), .reason: TextField(reason), .address: TextField(""),
      .file: TextField("~/" + RequestMaking.fileName(keySerial: snapshot.device.serial.value?.text)),
    ]
  }

  var screen: Screen { .unlock(self) }
  let isCovering = true

  func draw(_ world: World, _ frame: inout Frame) { UnlockPicture(unlock: self, world: world).draw(&frame) }

  func text(_ field: Field) -> String { texts[field]?.text ?? "" }

  var applicant: Applicant {
    Applicant(
      name: text(.name), mobile: text(.mobile), reason: text(.reason), delivery: delivery, address: text(.address))
  }

  /// What was remembered, and a request that waits, unless something was typed meanwhile.
  mutating func take(_ found: UnlockFound) {
    guard phase == .editing, text(.name).isEmpty, text(.mobile).isEmpty else { return }
    if let remembered = found.applicant {
      texts[.name] = TextField(remembered.name)
      texts[.mobile] = TextField(remembered.mobile)
      texts[.address] = TextField(remembered.address)
      delivery = remembered.delivery
      remember = true
    }
    if let waiting = found.waiting {
      made = waiting
      phase = .made
    }
  }

  /// The application of the request that was made; `nil` when the key has none of that name any more.
  var challenged: TokenName? {
    made.flatMap { made in snapshot.applications.value?.first { $0.name.text == made.application }?.name }
  }

  /// The fields that are asked for, top to bottom.
  var fields: [Field] { Field.allCases.filter { $0 != .address || delivery == .post } }

  var certificateUSCC: String? {
    snapshot.mainCertificate(application: application.name)?.certificate.value?.uscc?.code
  }

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
