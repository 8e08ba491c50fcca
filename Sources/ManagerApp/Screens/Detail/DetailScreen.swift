import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The full contents of one certificate, scrolled.
struct DetailScreen: ScreenModel {
  enum Mode: CaseIterable { case text }
  enum Action: Hashable { case move(Motion), changePIN, business, diagnose, login, export, copy }

  var source: TokenSource
  var view: CertificatePlace
  var certificate: Certificate
  /// `nil` until it has been checked.
  var verdict: ChainVerdict?
  /// `nil` until OpenSSL has been asked.
  var description: CertificateDescription?
  var scroll = Scroll()

  /// For the selected certificate.
  static func open(_ world: World) -> Opening<DetailScreen> {
    guard let selected = world.selectedCertificate else { return .unavailable(world.whyNoCertificate) }
    return .ready(DetailScreen(source: selected.source, view: selected.view, certificate: selected.certificate))
  }

  init(source: TokenSource, view: CertificatePlace, certificate: Certificate) {
    self.source = source
    self.view = view
    self.certificate = certificate
  }

  var screen: Screen { .detail(self) }
  let isCovering = true
  var mode: Mode { .text }

  func draw(_ world: World, _ frame: inout Frame) { DetailPicture(detail: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    [
      .help("F1 ?", [.function(1), .character("?")], rank: 0),
      Binding("F2", [.function(2)], .changePIN, rank: 3) { $0.changePIN },
      Binding("F3", [.function(3)], .business, rank: 4) { $0.business },
      Binding("F4", [.function(4)], .diagnose, rank: 5) { $0.diagnose },
      Binding("F5", [.function(5)], .login, rank: 6) { $0.login },
      Binding("F6 e", [.function(6), .character("e")], .export, rank: 2) { $0.export },
      Binding("y", [.character("y")], .copy, rank: 7) { CopyWords[$0.language].copy },
    ] + Binding.movement(Action.move) + [
      .back("Esc q", [.escape, .character("q"), .left, .backspace]), .quit(),
    ] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move, .business, .diagnose, .export: .available
    case .changePIN: PINScreen.change(world).availability
    case .login: PINScreen.login(world).availability
    case .copy: CopyScreen.open(world).availability
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let motion):
      move(motion, world)
      return .stay
    case .changePIN: return PINScreen.change(world).step
    case .business: return .push(BusinessScreen(world))
    case .diagnose: return .push(DiagnosisScreen())
    case .login: return PINScreen.login(world).step
    case .copy: return CopyScreen.open(world).step
    case .export:
      return .push(ExportScreen(source: source, view: view, certificate: certificate, world))
    }
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, world) }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  private mutating func move(_ motion: Motion, _ world: World) {
    let picture = DetailPicture(detail: self, world: world)
    scroll.move(motion, page: picture.page, count: picture.lines.count)
  }

  // MARK: Answers

  static func reply(in answer: ScreenReply) -> DetailReply? {
    if case .detail(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: DetailReply, _ world: inout World) -> Step {
    switch reply {
    case .described(let description): self.description = description
    case .verdict(let verdict): self.verdict = verdict
    }
    return .stay
  }

  static func missed(_ reply: DetailReply, _ world: inout World) -> [Effect] { [] }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [.describe(certificate), .verify(certificate)] }

  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { event.takesAway(source) ? .pop : .stay }
  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}

/// What is found out about the certificate of the screen.
enum DetailReply: Sendable {
  case described(CertificateDescription)
  case verdict(ChainVerdict)
}

/// What OpenSSL says of a certificate: its text and its fingerprints, or why there is none.
struct CertificateDescription: Sendable {
  var lines: [String]
  var fingerprints: [(name: String, text: String)]

  static let algorithms = [("SHA-256", FingerprintAlgorithm.sha256), ("SM3", .sm3)]

  /// Works with OpenSSL; not for the UI loop.
  init(_ certificate: Certificate) {
    do throws(Failure) {
      lines = try certificate.text().split(separator: "\n", omittingEmptySubsequences: false).prefix(2000)
        .map(String.init)
    } catch {
      lines = [error.reference]
    }
    fingerprints = Self.algorithms.map { name, algorithm in (name, Self.fingerprint(certificate, algorithm)) }
  }

  /// In words why there is none.
  static func fingerprint(_ certificate: Certificate, _ algorithm: FingerprintAlgorithm) -> String {
    do throws(Failure) {
      return try certificate.fingerprintText(algorithm)
    } catch {
      return error.reference
    }
  }
}
