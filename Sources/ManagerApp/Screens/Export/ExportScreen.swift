import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The dialog 导出证书.
struct ExportScreen: ScreenModel {
  enum Phase: Sendable, Equatable {
    case editing
    case writing
    /// Waits for the answer whether the file is overwritten.
    case asking
    case failed(Failure)
  }

  enum Focus: Sendable { case format, path }
  enum Mode: CaseIterable { case fields, overwrite }
  enum Action: Hashable { case save, nextField, previousField, toggleFormat, overwrite }

  var source: TokenSource
  var certificate: Certificate
  var role: ContainerSnapshot.Role
  var format = ExportFormat.pem
  var path: TextField
  var focus = Focus.path
  var phase = Phase.editing

  /// For the selected certificate.
  static func open(_ world: World) -> Opening<ExportScreen> {
    guard let selected = world.selectedCertificate else { return .unavailable(world.whyNoCertificate) }
    return .ready(
      ExportScreen(
        source: selected.source, view: selected.view, certificate: selected.certificate, words: world.words))
  }

  init(source: TokenSource, view: CertificatePlace, certificate: Certificate, words: Words) {
    self.source = source
    self.certificate = certificate
    role = view.entry.role
    path = TextField(exportName(certificate, role: words.roleShort(view.entry.role)) + ".pem")
  }

  var screen: Screen { .export(self) }
  let isCovering = false
  var mode: Mode { phase == .asking ? .overwrite : .fields }

  func draw(_ world: World, _ frame: inout Frame) { ExportPicture(export: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let own: [Binding<Action>] =
      switch mode {
      case .fields:
        [
          .help(rank: 3),
          Binding("Enter", [.enter], .save, rank: 0) { $0.save },
          Binding("Tab ↓", [.tab, .down], .nextField, rank: 2) { $0.nextField },
          Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField },
          Binding("F2", [.function(2)], .toggleFormat, rank: 4) { $0.toggleFormat },
          .back { $0.cancel },
        ]
      case .overwrite:
        [
          Binding("y", [.character("y"), .character("Y")], .overwrite, rank: 0) { $0.overwrite },
          .back("Esc n", [.escape, .character("n"), .character("N")]),
        ]
      }
    return own + [.quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .save, .nextField, .previousField, .toggleFormat:
      phase == .writing ? .unavailable(world.words.writing) : .available
    case .overwrite: .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .save: return save(overwrite: false, &world)
    case .overwrite: return save(overwrite: true, &world)
    case .nextField, .previousField: focus = focus == .path ? .format : .path
    case .toggleFormat: toggleFormat()
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    guard phase != .writing, phase != .asking else { return .stay }
    if focus == .format {
      if key == .left || key == .right || key == .character(" ") { toggleFormat() }
    } else if path.handle(key) {
      phase = .editing
    }
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step { .stay }

  /// The question is left before its dialog.
  mutating func goBack(_ world: inout World) -> Step {
    guard phase == .asking else { return .pop }
    phase = .editing
    return .stay
  }

  /// PEM ↔ DER; the extension of the name follows while it is the usual one.
  private mutating func toggleFormat() {
    let old = "." + format.fileExtension
    format = format == .pem ? .der : .pem
    let text = path.text
    if text.hasSuffix(old) { path.text = String(text.dropLast(old.count)) + "." + format.fileExtension }
  }

  private mutating func save(overwrite: Bool, _ world: inout World) -> Step {
    if path.text.isEmpty {
      world.hint(world.words.pathEmpty, .warning)
      return .stay
    }
    phase = .writing
    return .ask(
      .export(ExportJob(certificate: certificate, format: format, path: path.text, overwrite: overwrite)))
  }

  // MARK: Answers

  static func reply(in answer: ScreenReply) -> ExportReply? {
    if case .export(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: ExportReply, _ world: inout World) -> Step {
    switch reply {
    case .exported(.written(let path)):
      Self.tellWritten(path, &world)
      return .pop
    case .exported(.exists): phase = .asking
    case .exported(.failed(let failure)): phase = .failed(failure)
    }
    return .stay
  }

  /// The dialog was left meanwhile (Esc): the result is told all the same.
  static func missed(_ reply: ExportReply, _ world: inout World) -> [Effect] {
    switch reply {
    case .exported(.written(let path)): tellWritten(path, &world)
    case .exported(.exists): break
    case .exported(.failed(let failure)): world.say(Grade.error.symbol + " " + world.text(failure), .error)
    }
    return []
  }

  private static func tellWritten(_ path: String, _ world: inout World) {
    world.say(Grade.ok.symbol + " " + world.words.exported(displaySafe(path)), .ok)
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }

  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    event.takesAway(source) && phase != .writing ? .pop : .stay
  }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}

/// What became of writing the file.
enum ExportReply: Sendable {
  case exported(ExportOutcome)
}
