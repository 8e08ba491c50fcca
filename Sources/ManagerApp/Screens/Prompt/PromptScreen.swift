import Failures
import KeyService
import LoginToken
import TerminalKit
import TokenKit
import Wording

/// A web page's request, put to the holder over whatever is shown: what an origin may, or the PIN for one purpose.
struct PromptScreen: ScreenModel {
  enum Question: Sendable, Equatable {
    case permission(PermissionQuestion)
    /// With the certificate as this process reaches it.
    case pin(PINQuestion, HolderCertificate)
  }

  enum Phase: Sendable, Equatable {
    /// It came over a screen in which something may just be typed: the first Enter only leads into it.
    case announced
    case choosing
    /// Few tries: waits for the word.
    case confirming
    case editing
    /// The key works.
    case running
    case ended(PINOutcome)
  }

  /// What is told below the field until the next key.
  enum Note: Sendable, Equatable {
    case rule(PINRule)
    case navigationKey
    case noRoom
    case wiped
    case wordDiffers
  }

  /// Of the service.
  let id: Int
  let question: Question
  var phase: Phase
  /// Row of ``choices``; 0 refuses.
  var choice = 0
  var fields: PINFields?
  var view = PINFieldsView()
  var word = TextField("")
  var note: Note?
  /// What was typed is looked at.
  var isShown = false
  /// The service has its answer, or needs none any more.
  var isAnswered = false

  init(_ id: Int, _ question: PermissionQuestion, isAlone: Bool) {
    self.id = id
    self.question = .permission(question)
    phase = isAlone ? .choosing : .announced
  }

  /// `nil` when the key is not one that this window shows.
  init?(_ id: Int, _ question: PINQuestion, _ fields: PINFields, _ world: World, isAlone: Bool) {
    guard let certificate = world.certificate(question.certificate) else { return nil }
    self.id = id
    self.question = .pin(question, certificate)
    self.fields = fields
    phase = .announced
    if isAlone { phase = first }
  }

  /// Where it begins once it is looked at.
  var first: Phase {
    switch question {
    case .permission: .choosing
    case .pin(let question, _): question.consent > .normal ? .confirming : .editing
    }
  }

  var origin: WebOrigin {
    switch question {
    case .permission(let question): question.origin
    case .pin(let question, _): question.origin
    }
  }

  /// What the holder can answer: nothing, and then each more than the one before.
  var choices: [Permissions] {
    guard case .permission(let question) = question else { return [] }
    var result: [Permissions] = [[]]
    for part in [Permissions.read, .login, .sign] where question.permissions.contains(part) {
      result.append((result.last ?? []).union(part))
    }
    return result
  }

  /// Of no key in particular: the key's own rules are asked before anything is sent.
  static let policy = PINPolicy(minimum: 1, maximum: PIN.capacity)

  var screen: Screen { .prompt(self) }
  let isCovering = false

  func draw(_ world: World, _ frame: inout Frame) { PromptPicture(prompt: self, world: world).draw(&frame) }

  mutating func refresh() {
    if let fields { view = fields.view(Self.policy, identities: []) }
  }
}

extension World {
  /// The certificate of a key that this window shows, which may be reached by another way than the service's.
  func certificate(_ wanted: HolderCertificate) -> HolderCertificate? {
    let places = slots.compactMap(\.snapshot).flatMap(\.places)
    func fits(_ place: CertificatePlace) -> Bool {
      place.certificate.value?.der == wanted.certificate.der && place.keySerial == wanted.key.keySerial
    }
    guard
      let place = places.first(where: { $0.source == wanted.source && fits($0) }) ?? places.first(where: fits),
      let key = place.signingKey
    else { return nil }
    var found = wanted
    found.source = place.source
    found.key = key
    return found
  }
}
