import CertificateKit
import Failures
import TerminalKit
import TokenKit
import UnlockKit

/// The screen 解锁申请.
struct UnlockScreenState: Sendable {
  enum Field: Int, Sendable, CaseIterable {
    case kind, name, mobile, reason, delivery, address, file, remember

    /// Chosen with ← → instead of typed.
    var isChoice: Bool { self == .kind || self == .delivery || self == .remember }
  }

  enum Phase: Sendable, Equatable {
    case editing
    /// All that will be written is shown: waits for Enter.
    case review
    case making
    /// Written; the key is held, a response may be named.
    case waiting
    /// Says what will be sent; waits for Enter.
    case confirm
    case applying
    case ended(PINOutcome)
    /// The challenge has ended, or the key has none.
    case closed(Failure?)
  }

  let ticket: Int
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
  /// A word to confirm few tries of the administrator PIN.
  var word = TextField("")
  var problems: [FieldProblem] = []
  var failure: Failure?
  var made: UnlockMade?
  /// Esc was pressed once while a challenge is open.
  var wasWarned = false

  var source: TokenSource { snapshot.source }
  var keySerial: TokenName? { snapshot.device.serial.value }
  var isRunning: Bool { phase == .making || phase == .applying }
  /// The key must stay: its challenge is open.
  var isOpen: Bool { made?.session != nil && (phase == .waiting || phase == .confirm || phase == .applying) }

  init(ticket: Int, snapshot: TokenSnapshot, application: ApplicationSnapshot, reason: String) {
    self.ticket = ticket
    self.snapshot = snapshot
    self.application = application
    keyTitle = [snapshot.title, snapshot.device.serial.value.map { displaySafe($0) }].compactMap { $0 }
      .joined(separator: " · ")
    texts = [
      .name: TextField(""), .mobile: TextField(""), .reason: TextField(reason), .address: TextField(""),
      .file: TextField("~/" + RequestMaking.fileName(keySerial: snapshot.device.serial.value?.text)),
    ]
  }

  func text(_ field: Field) -> String { texts[field]?.text ?? "" }

  var applicant: Applicant {
    Applicant(
      name: text(.name), mobile: text(.mobile), reason: text(.reason), delivery: delivery, address: text(.address))
  }

  /// What was remembered, unless something was typed meanwhile.
  mutating func take(_ remembered: Applicant) {
    guard phase == .editing, text(.name).isEmpty, text(.mobile).isEmpty else { return }
    texts[.name] = TextField(remembered.name)
    texts[.mobile] = TextField(remembered.mobile)
    texts[.address] = TextField(remembered.address)
    delivery = remembered.delivery
    remember = true
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

  /// A key that the table does not bind.
  mutating func handle(_ key: Key) {
    switch phase {
    case .editing: edit(key)
    case .waiting: if made?.session != nil { _ = response.handle(key) }
    case .confirm: _ = word.handle(key)
    default: return
    }
    failure = nil
    wasWarned = false
  }

  private mutating func edit(_ key: Key) {
    problems.removeAll { $0.field.rawValue == "\(focus)" }
    switch (focus, key) {
    case (.kind, .left), (.kind, .right), (.kind, .character(" ")):
      let all = UnlockKind.allCases
      let step = key == .left ? all.count - 1 : 1
      kind = all[((all.firstIndex(of: kind) ?? 0) + step) % all.count]
    case (.delivery, .left), (.delivery, .right), (.delivery, .character(" ")):
      delivery = delivery == .collect ? .post : .collect
    case (.remember, .left), (.remember, .right), (.remember, .character(" ")): remember.toggle()
    default:
      if focus.isChoice { return }
      _ = texts[focus]?.handle(key)
    }
  }

  /// Whether the fields can be shown for review; else the first wrong one gets the focus.
  mutating func check() -> Bool {
    problems = applicant.problems(certificateUSCC: certificateUSCC)
    guard let first = problems.first(where: \.isError) else { return !text(.file).isEmpty }
    focus = fields.first { "\($0)" == first.field.rawValue } ?? focus
    return false
  }

  /// What it takes to send a response to a key with so few tries of the administrator PIN.
  var needed: TryConsent { .needed(triesLeft: made?.adminTries, of: application.adminPIN.value?.triesMax) }
}
