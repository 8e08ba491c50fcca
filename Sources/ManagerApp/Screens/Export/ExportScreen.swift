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

  enum Focus: Sendable, CaseIterable { case scope, format, path }
  enum Mode: CaseIterable { case fields, overwrite }
  enum Action: Hashable { case save, tab, nextField, previousField, toggleFormat, overwrite }

  var source: TokenSource
  var certificate: Certificate
  let place: CertificatePlace
  /// What the keys held when the dialog was opened; that of the certificate first.
  let snapshots: [TokenSnapshot]
  private let language: Language
  var scope = ExportScope.certificate
  var form = ExportForm.pem
  var path: TextField
  /// The path is the one that was put there and not typed.
  private var isSuggested = true
  var focus = Focus.path
  var phase = Phase.editing

  /// For the selected certificate.
  static func open(_ world: World) -> Opening<ExportScreen> {
    guard let selected = world.selectedCertificate else { return .unavailable(world.whyNoCertificate) }
    return .ready(
      ExportScreen(
        source: selected.source, view: selected.view, certificate: selected.certificate, world))
  }

  init(source: TokenSource, view: CertificatePlace, certificate: Certificate, _ world: World) {
    self.source = source
    self.certificate = certificate
    place = view
    language = world.language
    let all = world.slots.compactMap(\.snapshot)
    snapshots = all.filter { $0.source == source } + all.filter { $0.source != source }
    path = TextField("")
    suggestPath()
  }

  var role: ContainerSnapshot.Role { place.role }

  /// The name of a file, or of a folder where several files are written.
  private mutating func suggestPath() {
    guard isSuggested else { return }
    let stem =
      switch scope {
      case .certificate: exportName(certificate, role: Words[language].roleShort(role))
      case .key: exportName(keySerial: place.keySerial?.text ?? source.reader)
      case .all: exportName(keySerial: nil)
      }
    path = TextField(writesFolder ? stem : stem + "." + form.fileExtension)
  }

  /// Several files into a folder, and not one file.
  var writesFolder: Bool { scope != .certificate && form.format != nil }

  /// How many certificates it is.
  var count: Int {
    switch scope {
    case .certificate: 1
    case .key: ExportFolder(snapshots.first?.filledPlaces ?? [], format: .der, language: language).items.count
    case .all: ExportFolder(snapshots.flatMap(\.filledPlaces), format: .der, language: language).items.count
    }
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
          Binding("Tab", [.tab], .tab, rank: 2) { $0.nextField },
          Binding("↓", [.down], .nextField) { $0.nextField },
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
    case .save, .tab, .nextField, .previousField, .toggleFormat:
      phase == .writing ? .unavailable(world.words.writing) : .available
    case .overwrite: .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .save: return save(overwrite: false, &world)
    case .overwrite: return save(overwrite: true, &world)
    case .tab:
      if focus == .path { return .ask(.completePath(path.text, ending: nil)) }
      move(by: 1)
    case .nextField: move(by: 1)
    case .previousField: move(by: -1)
    case .toggleFormat: choose(by: 1)
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    guard phase != .writing, phase != .asking else { return .stay }
    let step = key == .left ? -1 : key == .right || key == .character(" ") ? 1 : 0
    switch focus {
    case .format: if step != 0 { choose(by: step) }
    case .scope: if step != 0 { chooseScope(by: step) }
    case .path:
      let before = path.text
      guard path.handle(key) else { return .stay }
      if path.text != before { isSuggested = false }
      phase = .editing
    }
    return .stay
  }

  private mutating func move(by step: Int) {
    let all = Focus.allCases
    focus = all[((all.firstIndex(of: focus) ?? 0) + step + all.count) % all.count]
  }

  private mutating func chooseScope(by step: Int) {
    let all = ExportScope.allCases
    scope = all[((all.firstIndex(of: scope) ?? 0) + step + all.count) % all.count]
    phase = .editing
    suggestPath()
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step { .stay }

  /// The question is left before its dialog.
  mutating func goBack(_ world: inout World) -> Step {
    guard phase == .asking else { return .pop }
    phase = .editing
    return .stay
  }

  /// The next form; the extension of a name that was typed follows while it is the usual one.
  private mutating func choose(by step: Int) {
    let old = "." + form.fileExtension
    let all = ExportForm.allCases
    form = all[((all.firstIndex(of: form) ?? 0) + step + all.count) % all.count]
    phase = .editing
    suggestPath()
    let text = path.text
    if !isSuggested, text.hasSuffix(old), !writesFolder {
      path.text = String(text.dropLast(old.count)) + "." + form.fileExtension
    }
  }

  private mutating func save(overwrite: Bool, _ world: inout World) -> Step {
    if path.text.isEmpty {
      world.hint(world.words.pathEmpty, .warning)
      return .stay
    }
    phase = .writing
    if scope == .certificate, let format = form.format {
      return .ask(
        .export(ExportJob(certificate: certificate, format: format, path: path.text, overwrite: overwrite)))
    }
    return .ask(
      .exportMany(
        ExportManyJob(
          snapshots: scope == .all ? snapshots : Array(snapshots.prefix(1)),
          only: scope == .certificate ? place : nil, form: form, language: language, path: path.text,
          overwrite: overwrite)))
  }

  // MARK: Answers

  static func reply(in answer: ScreenReply) -> ExportReply? {
    switch answer {
    case .export(let reply): reply
    case .path(let reply): .path(reply)
    default: nil
    }
  }

  mutating func take(_ reply: ExportReply, _ world: inout World) -> Step {
    switch reply {
    case .exported(.written(let path)):
      Self.tellWritten(path, &world)
      return .pop
    case .exported(.exists): phase = .asking
    case .exported(.failed(let failure)): phase = .failed(failure)
    case .path(let reply):
      guard focus == .path, phase == .editing else { break }
      let before = path.text
      if !path.take(reply, &world) { move(by: 1) }
      if path.text != before { isSuggested = false }
    }
    return .stay
  }

  /// The dialog was left meanwhile (Esc): the result is told all the same.
  static func missed(_ reply: ExportReply, _ world: inout World) -> [Effect] {
    switch reply {
    case .exported(.written(let path)): tellWritten(path, &world)
    case .exported(.exists), .path: break
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
  case path(PathReply)
}
