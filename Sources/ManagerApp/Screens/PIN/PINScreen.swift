import DiagnosisKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The screens that ask for a PIN: 修改密码 and 登录自检.
struct PINScreen: ScreenModel {
  enum Phase: Sendable, Equatable {
    /// The administrator PIN was asked for, which is the authority's: waits for the word.
    case guarding
    /// The tries left are being read; no field is there yet.
    case asking
    /// Few tries: waits for the word.
    case confirming
    /// One try: not sent from here.
    case lastTry
    case editing
    /// The key has a keypad of its own: waits for Enter, nothing is typed here.
    case pad
    /// The new PIN is weak: waits for a second Enter.
    case weak
    case running
    case ended(PINOutcome)
    /// The login has been tried, as far as it went: ``LoginProgress`` tells.
    case tried
  }

  /// What is told below the fields until the next key.
  enum Note: Sendable, Equatable {
    case rule(PINRule)
    /// Keys without a character: NumLock is off, or the arrows were meant to move in a field that shows only dots.
    case navigationKey
    case noRoom
    case wiped
    case wordDiffers
  }

  var query: PINQuery
  let keyTitle: String
  /// Texts about the key that others know: no good as a PIN.
  let identities: [String]
  /// The key has an administrator PIN that can be chosen in place of the user's.
  let hasAdmin: Bool
  let family: TokenFamily
  /// More than one application is on the key, so its name is shown.
  let showsApplication: Bool

  var purpose: Purpose

  var phase = Phase.asking
  var ready: PINReady?
  var consent = TryConsent.normal
  var word = TextField("")
  var view = PINFieldsView()
  var focus = PINField.old
  /// The field was come back to: as its characters cannot be seen, typing begins it anew.
  var startsAnew = false
  var note: Note?
  /// What was typed is looked at; off until asked for, and off again once it is sent or wiped.
  var isShown = false
  /// Unlocked, but the temporary PIN is still there.
  var isHalf = false
  /// The key has not answered for long: Esc leaves, and the outcome may still come.
  var isSlow = false
  /// Seconds that the keypad still waits, while it does.
  var padLeft: Int?

  init(_ snapshot: TokenSnapshot, _ reference: PINReference, hasAdmin: Bool, _ purpose: Purpose) {
    let serial = snapshot.device.serial.value
    let codes = snapshot.places.compactMap { $0.entry.certificate.value?.uscc?.code }
    query = PINQuery(question: 1, source: snapshot.source, reference: reference)
    keyTitle = [snapshot.title, serial.map { displaySafe($0) }].compactMap { $0 }.joined(separator: " · ")
    identities = [serial?.text].compactMap { $0 } + codes
    self.hasAdmin = hasAdmin
    family = snapshot.family
    showsApplication = (snapshot.applications.value?.count ?? 0) > 1
    self.purpose = purpose
    focus = purpose.traits.fields.first ?? .old
    if purpose.guardsAdmin, reference.role == .admin { phase = .guarding }
  }

  var screen: Screen { .pin(self) }
  let isCovering = false

  func draw(_ world: World, _ frame: inout Frame) { PINPicture(pin: self, world: world).draw(&frame) }

  var source: TokenSource { query.source }
  var role: PINReference.Role { query.reference.role }
  var isRunning: Bool { phase == .running }

  /// Nothing can be typed again in this phase: the key has been asked, or cannot be.
  var isOver: Bool {
    switch phase {
    case .ended, .tried: true
    default: false
    }
  }

  /// It is about the administrator PIN, or is asked whether it shall be.
  var isAboutAdmin: Bool { role == .admin || phase == .guarding }

  /// The second PIN is the PUK of a PIV card.
  var adminIsPUK: Bool { family.traits.adminIsPUK }

  /// The PIN is entered at the key or its reader, within this time.
  var padLimit: Duration? { ready?.policy.padLimit }

  /// The fields that are asked for.
  var fields: [PINField] { purpose.traits.fields }

  /// What became of the PIN, once it is over; `nil` also when it was not sent.
  var outcome: PINOutcome? {
    switch phase {
    case .ended(let outcome): outcome
    case .tried: purpose.login?.trial?.outcome
    default: nil
    }
  }

  /// The screen goes with its key. A result is kept: the user has to know it.
  var isBoundToKey: Bool { !isRunning && !isOver }

  /// A new attempt makes sense. After an unknown outcome it does too, but first the key has to be looked at.
  var canRetry: Bool {
    // A response works once.
    if purpose.answer != nil { return false }
    guard let outcome else { return phase == .tried && purpose.login?.trial?.first?.step == .key }
    switch outcome {
    case .wrong, .refused, .notSent(.rule), .notSent(.tries), .notSent(.failure): return true
    case .verified, .changed, .unblocked, .locked, .unknown, .notSent(.noProfile), .notSent(.otherKey): return false
    }
  }

  /// The login holds; what a page calls to get there can be started.
  var offersService: Bool {
    guard phase == .tried, let trial = purpose.login?.trial else { return false }
    return trial.first == nil
  }

  /// Overwrites what was typed.
  mutating func clear() {
    ready?.fields.wipe()
    view = PINFieldsView()
    isShown = false
    focus = fields.first ?? .old
    startsAnew = false
    word = TextField("")
  }

  mutating func refresh() {
    guard let ready else { return }
    view = ready.fields.view(ready.policy, identities: identities)
  }

  /// Goes to another field. What could never be sent does not stay behind unseen: it is wiped and the rule told.
  mutating func move(to field: PINField) {
    let left = focus
    note = nil
    if field != left, let rule = view.rule(left), rule.neverFits {
      ready?.fields.wipe(left)
      refresh()
      note = .rule(rule)
    }
    focus = field
    startsAnew = view.count(field) > 0
  }

  mutating func move(by step: Int) {
    let count = fields.count
    guard count > 1 else { return }
    let index = fields.firstIndex(of: focus) ?? 0
    move(to: fields[(index + step + count) % count])
  }

  /// Enter in a field: on to the next empty one, or all is there. - Returns: whether it can be sent.
  mutating func completeField() -> Bool {
    note = nil
    if let rule = view.rule(focus), !(rule == .sameAsOld && focus == .old) {
      note = .rule(rule)
      startsAnew = view.count(focus) > 0
      return false
    }
    if let empty = fields.first(where: { view.count($0) == 0 }) {
      move(to: empty)
      return false
    }
    if let field = fields.first(where: { view.rule($0) != nil }), let rule = view.rule(field) {
      move(to: field)
      note = .rule(rule)
      return false
    }
    return true
  }
}

extension PINRule {
  /// More characters would not mend it.
  var neverFits: Bool {
    switch self {
    case .notASCII, .fullWidth, .tooLong: true
    default: false
    }
  }
}
