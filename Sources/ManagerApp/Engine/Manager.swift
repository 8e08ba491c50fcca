import Base
package import CertificateKit
package import Failures
import Glibc
package import TerminalKit
package import TokenKit
package import Wording

/// How the manager is run.
package struct ManagerOptions: Sendable {
  package var language: Language
  /// Days before the end of a certificate from which it counts as expiring.
  package var reminderDays: Int
  /// The keys are the embedded software token: labelled on every screen.
  package var isDemo: Bool
  /// Clicks and wheel; the terminal's own text selection then needs Shift.
  package var mouse: Bool
  package var colour: ColourChoice
  /// Seconds since 1970-01-01 UTC.
  package var now: @Sendable () -> Int64
  /// Checks a chain; runs on a thread of its own. `nil`: no trust directory.
  package var verify: (@Sendable (Certificate) -> ChainVerdict)?
  /// The authorities that are trusted; read on a thread of its own. `nil`: none are configured.
  package var trust: @Sendable () -> TrustDirectory?
  /// The screen 驱动诊断. `nil`: not offered.
  package var diagnosis: DiagnosisService?
  /// Web pages' prompts and the screen 密钥服务. `nil`: not offered.
  package var keyService: ManagerService?
  /// A list of the certificates of these keys, or of one of them, for a file.
  package var list: @Sendable (_ keys: [TokenSnapshot], _ only: CertificatePlace?, ListForm) -> String
  /// Print times to standard error at the end.
  package var traceTiming: Bool
  /// Where each line of the log goes too, as it is written; never a PIN.
  package var writeLog: (@Sendable (_ line: String) -> Void)?
  /// When the program began, in nanoseconds of `CLOCK_MONOTONIC`; `nil`: when the manager was called.
  package var startedAt: UInt64?

  package init(
    language: Language, reminderDays: Int = Validity.reminderDays, isDemo: Bool = false, mouse: Bool = false,
    colour: ColourChoice = .auto, now: (@Sendable () -> Int64)? = nil,
    verify: (@Sendable (Certificate) -> ChainVerdict)? = nil,
    trust: @escaping @Sendable () -> TrustDirectory? = { nil },
    diagnosis: DiagnosisService? = nil, keyService: ManagerService? = nil, traceTiming: Bool = false,
    startedAt: UInt64? = nil,
    writeLog: (@Sendable (String) -> Void)? = nil,
    list: @escaping @Sendable ([TokenSnapshot], CertificatePlace?, ListForm) -> String = { _, _, _ in "" }
  ) {
    self.list = list
    self.writeLog = writeLog
    self.diagnosis = diagnosis
    self.keyService = keyService
    self.language = language
    self.reminderDays = reminderDays
    self.isDemo = isDemo
    self.mouse = mouse
    self.colour = colour
    self.now = now ?? { Int64(time(nil)) }
    self.verify = verify
    self.trust = trust
    self.traceTiming = traceTiming
    self.startedAt = startedAt
  }
}

/// Runs the manager window until it is left, and gives the exit status: 0, 130 after Ctrl-C, 128 + number after an
/// ending signal, 129 when the terminal is lost.
///
/// - Parameters:
///   - source: what happens to readers and keys.
///   - operations: opens a key for what the user asks of it, on a thread of its own.
///
/// The first frame is painted before the source is started. The terminal is given back on every way out; then what
/// libraries printed meanwhile is let out on standard error.
///
/// - Throws: `UK-601` when there is no suitable terminal.
package func runManager(
  source: any KeyEventSource, operations: any KeyOperations, options: ManagerOptions
) throws(Failure) -> Int32 {
  let trace = Trace(started: options.startedAt ?? Trace.now())
  let charset = Charset.fromEnvironment()
  if charset != .utf8 { KeyNames.keepShowable() }
  let mailbox = try Mailbox<Event>()
  let terminal = try Terminal(
    charset: charset, colour: options.colour, theme: Theme(rawValue: Settings.current.theme) ?? .standard,
    mouse: options.mouse)
  var world = World(options, charset, size: terminal.size)
  world.isRemote = Clipboard.isRemote
  world.hasClipboard = terminal.hasClipboard
  var state = State(world)
  terminal.paint(draw(state))
  trace.painted(state)

  let runner = EffectRunner(source: source, operations: operations, options: options) { mailbox.post($0) }
  source.start { event in
    trace.heard(event)
    mailbox.post(.source(event))
  }
  options.keyService?.begin { mailbox.post(.keyService($0)) }
  let loop = EventLoop(terminal, mailbox)
  let code = run(&state, loop, terminal, runner, trace, options)
  // After a signal too: no way out passes it by.
  state.wipe()
  options.keyService?.end()
  terminal.close()
  // Its threads may wait for a card that does not answer: the user has the terminal back before.
  source.stop()
  note(terminal.capturedErrors)
  if options.traceTiming { note(trace.report) }
  return code
}

extension World {
  /// How it begins.
  init(_ options: ManagerOptions, _ charset: Charset, size: Size) {
    // Chinese cannot be shown without UTF-8.
    self.init(
      language: charset == .utf8 ? options.language : .en, size: size, now: options.now(),
      reminderDays: options.reminderDays, isDemo: options.isDemo)
    isRoot = options.diagnosis?.isRoot ?? false
    isASCII = charset != .utf8
    mayStartKeyService = options.keyService != nil
    if isASCII { say(words.asciiOnly, .warning) }
  }
}

extension EffectRunner {
  convenience init(
    source: any KeyEventSource, operations: any KeyOperations, options: ManagerOptions,
    post: @escaping @Sendable (Event) -> Void
  ) {
    self.init(
      source: source, operations: operations, verify: options.verify ?? { _ in .noTrustAnchors },
      diagnosis: options.diagnosis, keyService: options.keyService, trust: options.trust, list: options.list, post: post
    )
  }
}

/// Writes what others printed meanwhile to standard error, made safe to show.
func note(_ text: String) {
  let bytes = Array(text.split(separator: "\n").map { displaySafe(String($0)) + "\n" }.joined().utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Copies the log to where ``ManagerOptions/writeLog`` takes it.
struct LogCopy {
  private var written = 0

  /// The lines since the last time.
  mutating func copy(_ world: World, _ options: ManagerOptions) {
    guard let write = options.writeLog, world.logged > written else { return }
    for line in world.log.suffix(world.logged - written) { write(isoTime(line.time) + " " + line.text + "\n") }
    written = world.logged
  }
}

private func run(
  _ state: inout State, _ loop: EventLoop<Event>, _ terminal: Terminal, _ runner: EffectRunner, _ trace: Trace,
  _ options: ManagerOptions
) -> Int32 {
  var log = LogCopy()
  while true {
    var input: Input<Event>? = loop.next()
    // All that is there is taken before one frame is painted; a flood of events must not starve the screen.
    var budget = 256
    while let current = input {
      let event: Event
      switch current {
      case .key(let key): event = .key(key)
      case .event(let posted): event = posted
      case .resized(let size): event = .resized(size)
      case .resumed: event = .resumed
      case .stopping: event = .stopping
      case .ending(let signal): return 128 + signal
      case .hangUp: return 128 + SIGHUP
      }
      state.world.now = options.now()
      for request in update(&state, event) {
        switch request.effect {
        case .suspend(let job): loop.suspend(job: job)
        case .redraw: terminal.redrawAll()
        case .copy(let text):
          terminal.copy(encoded: Base64.encode(Array(text.utf8)))
          runner.run(request)
        default: runner.run(request)
        }
      }
      log.copy(state.world, options)
      if let code = state.exitCode { return code }
      budget -= 1
      input = budget > 0 ? loop.nextIfReady() : nil
    }
    terminal.paint(draw(state))
    trace.painted(state)
  }
}
